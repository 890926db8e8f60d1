/** RFC 3986 percent-encoding: all but `A-Z a-z 0-9 - _ . ~` becomes upper-case `%XX` over UTF-8. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
