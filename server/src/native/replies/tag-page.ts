import type { TaggedImage } from '#image/image.ts';
import type { TagPosition, TagSort } from '#image/tag-store.ts';

/** How many tags a page has if the caller does not say. */
export const TAGS_DEFAULT = 50;

/** The last tag of the page before, from a cursor `TIME.TAG` or `SIZE.TAG`. */
export function tagPlaceOf(cursor: string | undefined): TagPosition | undefined {
  if (cursor === undefined) return undefined;
  const end = cursor.indexOf('.');
  return { value: Number(cursor.slice(0, end)), name: cursor.slice(end + 1) };
}

/** The cursor after a tag. */
export function tagCursorOf({ updatedMs, sizeBytes, name }: TaggedImage, sort: TagSort): string {
  return `${sort === 'time' ? updatedMs : sort === 'size' ? sizeBytes : 0}.${name}`;
}
