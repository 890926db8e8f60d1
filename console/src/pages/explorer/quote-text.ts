/** The host and the scheme of `http://host:port`. */
export function placeOf(endpoint: string): { host: string; protocol: string } {
  const { host, protocol } = new URL(endpoint);
  return { host, protocol: protocol.replace(':', '') };
}

/** The lines between the braces of a map: one for each parameter. */
export function entries(
  params: readonly (readonly [name: string, value: string])[],
  line: (name: string, value: string) => string,
  indent = '',
): string {
  if (params.length === 0) return '';
  return `\n${params.map(([name, value]) => `${line(name, value)}\n`).join('')}${indent}`;
}

/** A text in single quotes, as Python reads it. */
export function quote(text: string): string {
  return `'${escaped(text).replaceAll("'", "\\'")}'`;
}

/** A text in double quotes, as TypeScript, Go and Java read it. */
export function doubleQuote(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\"')}"`;
}

/** Escapes backslashes and characters outside printable ASCII in the one way that all four languages understand. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
      (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** A text as one shell word. */
export function shellQuote(text: string): string {
  return /^[\w.:/@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
