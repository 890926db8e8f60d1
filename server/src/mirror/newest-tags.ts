import { isTag } from '#repository/repository.ts';
import { filterByPattern, type NamePattern } from '#rpc/name-pattern.ts';

/** A tag of another registry, and when it was set if that registry says so. */
export interface UpstreamTag {
  name: string;
  updatedMs: number | undefined;
}

/** For how many tags without a date the image's configuration is read. */
const CANDIDATES_LIMIT = 100;

/**
 * The newest `count` of the tags that match, by date. For tags without a date, `createdMs` reads the one in the image's configuration, for
 * the 100 that look newest by name. Tags with equal dates are ordered by name, 1.10 before 1.9.
 */
export async function newestTags(
  tags: readonly UpstreamTag[],
  { pattern, count, createdMs }: NewestOptions,
): Promise<string[]> {
  const matching = await matchingTags(tags, pattern);
  const ordered = matching.toSorted((one, other) => compareVersions(other.name, one.name));
  const isDated = ordered.some(({ updatedMs }) => updatedMs !== undefined);
  if (isDated || ordered.length <= count) return newestFirst(ordered).slice(0, count);
  const dated: UpstreamTag[] = [];
  for (const { name } of ordered.slice(0, CANDIDATES_LIMIT)) dated.push({ name, updatedMs: await createdMs(name) });
  return newestFirst(dated).slice(0, count);
}

/** The valid tags that the expression matches as a whole. */
export async function matchingTags(
  tags: readonly UpstreamTag[],
  pattern: NamePattern | undefined,
): Promise<UpstreamTag[]> {
  const valid = tags.filter(({ name }) => isTag(name));
  return pattern === undefined ? valid : filterByPattern(pattern, valid);
}

export interface NewestOptions {
  /** Undefined for every tag. */
  pattern: NamePattern | undefined;
  count: number;
  createdMs(tag: string): Promise<number | undefined>;
}

function newestFirst(tags: readonly UpstreamTag[]): string[] {
  const date = ({ updatedMs }: UpstreamTag) => updatedMs ?? Number.NEGATIVE_INFINITY;
  return tags
    .toSorted((one, other) => (date(one) === date(other) ? 0 : date(other) - date(one)))
    .map(({ name }) => name);
}

const PARTS = /\d+|\D+/g;

/** Orders tags as versions: 1.9 before 1.10, and 1.10-rc1 before 1.10. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one.match(PARTS) ?? [], other.match(PARTS) ?? []];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [mine, theirs] = [left[at], right[at]];
    if (mine === undefined) return theirs?.startsWith('-') ? 1 : -1;
    if (theirs === undefined) return mine.startsWith('-') ? -1 : 1;
    const order = comparePart(mine, theirs);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(one: string, other: string): number {
  if (!/^\d/.test(one) || !/^\d/.test(other)) return one < other ? -1 : Number(one > other);
  const [left, right] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : Number(left > right);
}
