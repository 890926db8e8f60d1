import { isTag } from '#repository/repository.ts';
import { inTurns } from '#rpc/in-turns.ts';
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
  const best = await newestOf(matching, Math.max(count, CANDIDATES_LIMIT));
  const isDated = matching.some(({ updatedMs }) => updatedMs !== undefined);
  if (isDated || matching.length <= count) return best.slice(0, count).map(({ name }) => name);
  const dated: UpstreamTag[] = [];
  for (const { name } of best.slice(0, CANDIDATES_LIMIT)) dated.push({ name, updatedMs: await createdMs(name) });
  const newest = dated.toSorted((one, other) => dateOf(other) - dateOf(one));
  return newest.slice(0, count).map(({ name }) => name);
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

/** The newest tags, in order. Another registry can list many long names: only the parts of the best are held. */
async function newestOf(tags: readonly UpstreamTag[], limit: number): Promise<UpstreamTag[]> {
  let best: { tag: UpstreamTag; parts: readonly Part[] }[] = [];
  const choose = () =>
    best
      .toSorted((one, other) => dateOf(other.tag) - dateOf(one.tag) || compareParts(other.parts, one.parts))
      .slice(0, limit);
  for await (const tag of inTurns(tags)) {
    best.push({ tag, parts: partsOf(tag.name) });
    if (best.length === 2 * limit) best = choose();
  }
  return choose().map(({ tag }) => tag);
}

/** A tag without a date is older than any with one. */
function dateOf({ updatedMs }: UpstreamTag): number {
  return updatedMs ?? Number.MIN_SAFE_INTEGER;
}

/** Orders tags as versions: 1.9 before 1.10, and 1.10-rc1 before 1.10. */
export function compareVersions(one: string, other: string): number {
  return compareParts(partsOf(one), partsOf(other));
}

/** Digits or what is between digits. A list has many names that begin alike, so each is taken apart once. */
interface Part {
  text: string;
  /** Without leading zeros; undefined if it is not digits. */
  digits: string | undefined;
}

const PARTS = /\d+|\D+/g;
/** The rest of a name is one text. */
const PARTS_LIMIT = 32;

function partsOf(name: string): Part[] {
  const parts: Part[] = [];
  for (const { 0: text, index } of name.matchAll(PARTS)) {
    if (parts.length === PARTS_LIMIT - 1) return [...parts, { text: name.slice(index), digits: undefined }];
    parts.push({ text, digits: /^\d/.test(text) ? text.replace(/^0+/, '') : undefined });
  }
  return parts;
}

function compareParts(left: readonly Part[], right: readonly Part[]): number {
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [mine, theirs] = [left[at], right[at]];
    if (mine === undefined) return theirs?.text.startsWith('-') ? 1 : -1;
    if (theirs === undefined) return mine.text.startsWith('-') ? -1 : 1;
    const order = comparePart(mine, theirs);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(one: Part, other: Part): number {
  if (one.digits === undefined || other.digits === undefined) return compareTexts(one.text, other.text);
  if (one.digits.length !== other.digits.length) return one.digits.length - other.digits.length;
  return compareTexts(one.digits, other.digits);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
