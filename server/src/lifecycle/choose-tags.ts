import { MUTABLE_TAG, subjectOfTag } from '#image/image.ts';
import { filterByPattern, readNamePattern } from '#rpc/name-pattern.ts';
import type { LifecycleRuleWords } from './lifecycle-rule.ts';

/** A tag as rules see it. */
export interface AgedTag {
  name: string;
  digest: string;
  /** When it was last set. */
  updatedMs: number;
}

/** What runs remove from a repository, and what they keep. */
export interface TagChoice {
  /** What a run of any of the rules removes, except the rules in `silent`. */
  goes: AgedTag[];
  keptCount: number;
  /**
   * The rules whose expression matches no tag: they do not apply to this repository, and their runs remove nothing from
   * it.
   */
  silent: ReadonlySet<string>;
}

const DAY_MS = 86_400_000;

/**
 * Chooses the tags to remove from a repository, by all rules that cover it: a rule keeps the newest of the tags that
 * match it, and a tag is removed if no rule keeps it. Never chooses `latest`, a tag of the last 24 hours, a tag in use,
 * or a tag that describes an image.
 */
export async function chooseTags(
  tags: readonly AgedTag[],
  rules: readonly (Pick<LifecycleRuleWords, 'keepCount' | 'tagPattern'> & { ruleId: string })[],
  { inUse, nowMs }: { inUse: ReadonlySet<string>; nowMs: number },
): Promise<TagChoice> {
  // A tag that describes an image, such as a signature, is removed with that image, not by its age.
  const images = tags.filter(({ name }) => subjectOfTag(name) === undefined).toSorted(newestFirst);
  const kept = new Set<string>();
  const silent = new Set<string>();
  for (const { ruleId, keepCount, tagPattern = '' } of rules) {
    const pattern = readNamePattern('TagRegexp', tagPattern);
    const matching = pattern === undefined ? images : await filterByPattern(pattern, images);
    if (pattern !== undefined && matching.length === 0) silent.add(ruleId);
    for (const { name } of matching.slice(0, keepCount)) kept.add(name);
  }
  if (silent.size === rules.length) return { goes: [], keptCount: tags.length, silent };
  const goes = images.filter(
    ({ name, updatedMs }) => !kept.has(name) && name !== MUTABLE_TAG && !inUse.has(name) && updatedMs <= nowMs - DAY_MS,
  );
  return { goes, keptCount: tags.length - goes.length, silent };
}

/** In the order of lists of tags: most recently set first, and of those set at once, the name that sorts last. */
function newestFirst(one: AgedTag, other: AgedTag): number {
  return other.updatedMs - one.updatedMs || (one.name < other.name ? 1 : -1);
}
