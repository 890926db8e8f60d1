/**
 * RFC 3986 percent-encoding, as used by both signature forms: everything except `A-Z a-z 0-9 - _ . ~` becomes upper-case `%XX`
 * of its UTF-8, and a space becomes `%20`. The text must be well-formed Unicode, which decoded parameters always are.
 */
export function encodeRfc3986(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `k=v&…` of names and values encoded by RFC 3986, sorted by decoded name. */
export function canonicalQuery(parameters: Iterable<readonly [string, string]>): string {
  return [...parameters]
    .sort(byName)
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .join('&');
}

/** The sort order of parameters in both signature forms: by decoded name. */
export function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
