/**
 * The header with which one server tells another, when it sets a tag there, through which repositories the image came: rules at
 * the other side send it to none of them again. Others ignore it. It is believed only of a caller with `cr:CreateRepositorySync`: any
 * other pusher could keep an image from triggers and from replication.
 */
export const SYNC_PATH_HEADER = 'slipway-sync-path';

const PLACES_LIMIT = 32;
const PLACE_LIMIT_CHARS = 512;

export function writeSyncPath(path: readonly string[]): string {
  return path.slice(-PLACES_LIMIT).join(',');
}

/** Undefined for a header that is not there, or that no server wrote. */
export function readSyncPath(header: string | readonly string[] | undefined): string[] | undefined {
  if (typeof header !== 'string' || header.length > PLACES_LIMIT * PLACE_LIMIT_CHARS) return undefined;
  const places = header.split(',');
  const isPath = places.length <= PLACES_LIMIT && places.every(isPlace);
  return isPath ? places : undefined;
}

function isPlace(place: string): boolean {
  return place.length <= PLACE_LIMIT_CHARS && /^[\w.-]+\/[\w.-]+\/[\w./-]+$/.test(place);
}
