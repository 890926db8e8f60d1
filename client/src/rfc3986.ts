/** RFC 3986 percent-encoding: every UTF-8 byte except `A-Z a-z 0-9 - _ . ~` becomes uppercase `%XX`. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
