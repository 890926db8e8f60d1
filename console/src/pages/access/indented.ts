/** A JSON document with two spaces for each level; a text that is not JSON stays as it is. */
export function indented(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    // JSON.parse throws only SyntaxError.
    return document;
  }
}
