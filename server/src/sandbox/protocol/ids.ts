/** Ids of the host, of users and groups alike. */
export interface Ids {
  first: number;
  last: number;
}

/** The ids that the host may give to boxes, without those that systemd gives to its own services and containers. */
export const DEFAULT_IDS: Ids = { first: 1_073_741_824, last: 2_147_352_575 };

/** The ids that an image may use: those of common systems, and those that OpenShift assigns. */
export const IDS_INSIDE = [
  { first: 0, count: 7 * 2 ** 20 },
  { first: 1_000_000_000, count: 2 ** 20 },
];

/** The same, for messages. */
export const shownIds = IDS_INSIDE.map(({ first, count }) => `${first} to ${first + count - 1}`).join(' and ');

/** How many ids a box takes. */
export const idsEach = IDS_INSIDE.reduce((sum, { count }) => sum + count, 0);

/** Reads `FIRST-LAST`; undefined if it is not of that form or has no room for a box. */
export function parseIds(text: string): Ids | undefined {
  const [, first, last] = (/^(\d{1,10})-(\d{1,10})$/.exec(text) ?? []).map(Number);
  if (first === undefined || last === undefined) return undefined;
  const fits = first >= LOWEST_ID && last <= HIGHEST_ID && last - first + 1 >= idsEach;
  return fits ? { first, last } : undefined;
}

// Lower ids are the users of the system and of services; the kernel reserves the last ones.
const LOWEST_ID = 65_536;
const HIGHEST_ID = 4_294_901_760;
