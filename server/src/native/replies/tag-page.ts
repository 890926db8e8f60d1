/** How many tags a page has if the caller does not say. */
export const TAGS_DEFAULT = 50;

/** The last tag of the page before, from a cursor `TIME.TAG`. */
export function tagPlaceOf(cursor: string | undefined): { updatedMs: number; name: string } | undefined {
  if (cursor === undefined) return undefined;
  const end = cursor.indexOf('.');
  return { updatedMs: Number(cursor.slice(0, end)), name: cursor.slice(end + 1) };
}
