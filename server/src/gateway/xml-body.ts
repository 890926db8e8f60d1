import { create } from 'xmlbuilder2';

type Element = ReturnType<typeof create>;

/**
 * A reply in XML: the root has the given name, a list is its field repeated, an absent field is no element.
 * Characters that XML 1.0 forbids become U+FFFD, and a CR is written `&#13;`, as a parser would else turn it into LF.
 */
export function xmlBody(root: string, fields: Iterable<readonly [string, unknown]>): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const element = document.ele(root);
  for (const [name, value] of fields) append(element, name, value);
  // Mark-up itself holds no CR, so every CR here came from a text.
  return document.end().replaceAll('\r', '&#13;');
}

function append(parent: Element, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) append(parent, name, item);
    return;
  }
  const element = parent.ele(name);
  if (typeof value !== 'object') {
    // The builder leaves an ampersand alone where it seems to begin an entity; in our texts it never does.
    element.txt(String(value).replace(FORBIDDEN, '\uFFFD').replaceAll('&', '&amp;'));
    return;
  }
  for (const [field, inner] of Object.entries(value)) append(element, field, inner);
}

/** All that is not Char of https://www.w3.org/TR/xml/#charsets, lone surrogates among it. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
