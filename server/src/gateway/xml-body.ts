/**
 * A reply in XML: the root has the given name, a list is its field repeated, an absent field is no element.
 * Characters that XML 1.0 forbids become U+FFFD, and a CR is written `&#13;`, as a parser would else turn it into LF.
 */
export function xmlBody(root: string, fields: Iterable<readonly [string, unknown]>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root, elements(fields))}`;
}

function elements(fields: Iterable<readonly [string, unknown]>): string {
  return Array.from(fields, ([name, value]) => field(name, value)).join('');
}

function field(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => field(name, item)).join('');
  if (typeof value === 'object') return element(name, elements(Object.entries(value)));
  return `<${named(name)}>${escaped(String(value))}</${name}>`;
}

function element(name: string, content: string): string {
  return content === '' ? `<${named(name)}/>` : `<${named(name)}>${content}</${name}>`;
}

/** The specification has plain names only; anything else would be mark-up that a caller chose. */
function named(name: string): string {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of an XML element`);
  return name;
}

function escaped(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>\r]/g, (character) => REFERENCES[character] ?? character);
}

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** All that is not Char of https://www.w3.org/TR/xml/#charsets, lone surrogates among it. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
