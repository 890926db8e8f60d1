/**
 * RFC 3986 percent-encoding as both signature forms use it: everything but `A-Z a-z 0-9 - _ . ~` becomes upper-case
 * `%XX` over UTF-8, a space `%20`. The text must be well-formed Unicode; decoded parameters always are.
 */
export function encodeRfc3986(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `k=v&…` over names and values encoded by RFC 3986, sorted by decoded name. */
export function canonicalQuery(parameters: Iterable<readonly [string, string]>): string {
  return [...parameters]
    .sort(byName)
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .join('&');
}

/** The order of parameters in both signature forms: by decoded name. */
export function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
