/** Shorter values are not masked: they would mask half of every log. */
export const SECRET_MIN_CHARACTERS = 6;

/**
 * The byte strings to search for a secret, each once: the value and each of its lines, and for each of these the URL
 * encoding (upper- and lower-case hex, `+` for a space), the JSON escapes (also of everything beyond ASCII, and of `/`)
 * and base64 in its three alignments and both alphabets. For base64, only the part that does not depend on neighbouring
 * bytes. None for values of less than six characters. No form starts or ends with a line end, which belongs to the log.
 */
export function secretForms(secret: string): Buffer[] {
  const lines = secret.split(/\r\n|\r|\n/);
  // A log shows CRLF as LF, and a program may print either one.
  const values = [
    secret,
    secret.trim(),
    lines.join('\n'),
    lines.join('\r\n'),
    ...lines,
    ...lines.map((line) => line.trim()),
  ];
  const long = [...new Set(values)].filter((value) => value.length >= SECRET_MIN_CHARACTERS);
  const forms = new Set(long.flatMap(formsOfValue).map((form) => form.toString('latin1')));
  const trimmed = new Set([...forms].map(withoutLineEnds));
  return [...trimmed].filter((form) => form.length >= SECRET_MIN_CHARACTERS).map((form) => Buffer.from(form, 'latin1'));
}

/** Takes linear time, unlike a regular expression that ends with `$`. */
function withoutLineEnds(form: string): string {
  let [start, end] = [0, form.length];
  while (start < end && '\r\n'.includes(form.charAt(start))) start += 1;
  while (start < end && '\r\n'.includes(form.charAt(end - 1))) end -= 1;
  return form.slice(start, end);
}

function formsOfValue(value: string): Buffer[] {
  const url = encodeURIComponent(value.toWellFormed());
  // RFC 3986 encoders escape more than encodeURIComponent.
  const strict = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const texts = [value, url, strict, json, ascii].flatMap((text) => [
    text,
    text.replaceAll('%20', '+'),
    text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    text.replaceAll('/', '\\/'),
  ]);
  return [...[...new Set(texts)].map((text) => Buffer.from(text)), ...base64Cores(Buffer.from(value))];
}

/** The characters of a base64 text that the bytes around the value do not affect, for each alignment. */
function base64Cores(value: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), value])
      .toString('base64')
      .replaceAll('=', '');
    const first = [0, 2, 3][before] ?? 0;
    const last = (before + value.length) % 3 === 0 ? text.length : text.length - 1;
    const core = text.slice(first, last);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')].map((form) => Buffer.from(form));
  });
}
