import { invalidParameter } from '#rpc/errors/api-error.ts';

/** The requested part of a list sorted by name. */
export interface MarkerPage {
  /** Names after this one. */
  readonly after: string;
  readonly limit: number;
}

const DEFAULT_ITEMS = 100;
const MOST_ITEMS = 1000;

/** Reads `Marker` and `MaxItems`. A marker is the last name of the previous page, as base64url. Throws `InvalidParameter`. */
export function markerPage(params: { Marker?: string | undefined; MaxItems?: number | undefined }): MarkerPage {
  const limit = params.MaxItems ?? DEFAULT_ITEMS;
  if (limit < 1 || limit > MOST_ITEMS) throw invalidParameter('MaxItems', `${limit} is not from 1 to ${MOST_ITEMS}.`);
  const after = Buffer.from(params.Marker ?? '', 'base64url').toString('utf8');
  if (Buffer.from(after).toString('base64url') !== (params.Marker ?? '')) {
    throw invalidParameter('Marker', 'it is not a marker from a reply.');
  }
  return { after, limit };
}

/** Cuts a page from rows that include one more than it needs, and says whether more follow. */
export function cutPage<Row extends { name: string }>(
  rows: readonly Row[],
  { limit }: MarkerPage,
): { page: readonly Row[]; rest: { IsTruncated: boolean; Marker?: string | undefined } } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || !last) return { page, rest: { IsTruncated: false } };
  return { page, rest: { IsTruncated: true, Marker: Buffer.from(last.name).toString('base64url') } };
}
