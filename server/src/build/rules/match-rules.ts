import { type ConfinedLimits, ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { isPushPattern, matchPush, type PushPattern } from './push-pattern.ts';

/** How a rule matches the name of a push. */
export type PushMatch = NonNullable<ReturnType<typeof matchPush>>;

/** The matches of one name, looked up by rule. */
export type PushMatches = (rule: PushPattern) => PushMatch | undefined;

/**
 * Expressions of up to this many characters in total, without counted repetitions, are matched in-process: they take a few
 * milliseconds. RE2 is linear in the name, but `(((a?){10}){10}){10}` takes half a second on a name of 250 bytes.
 */
const INLINE_PATTERN_CHARS = 300;

/** Matches a name against all these rules. Returns an error message instead if that takes too long. */
export async function matchRules(
  rules: readonly PushPattern[],
  name: string,
  limits: Partial<ConfinedLimits> = {},
): Promise<PushMatches | string> {
  const patterns = [...new Map(rules.map((rule) => [keyOf(rule), rule])).values()].map(({ pushName, imageTag }) => {
    return { pushName, imageTag };
  });
  const expressions = patterns.filter(({ pushName }) => isPushPattern(pushName)).map(({ pushName }) => pushName);
  const isCheap =
    expressions.join('').length <= INLINE_PATTERN_CHARS && !expressions.some((text) => text.includes('{'));
  await using work = new ConfinedWork({ ...limits, inlineChars: isCheap ? Number.POSITIVE_INFINITY : 0 });
  try {
    const matches = await work.run({ module: import.meta.url, run: matchEach }, { patterns, name });
    const found = new Map(patterns.map((pattern, index) => [keyOf(pattern), matches[index] ?? undefined]));
    return (rule) => found.get(keyOf(rule));
  } catch (error) {
    if (!(error instanceof ConfinedWorkExhausted)) throw error;
    return `the expressions of the rules cannot be matched: ${error.message}`;
  }
}

/** The part of `matchRules` that runs in the confined process. */
export function matchEach({ patterns, name }: { patterns: PushPattern[]; name: string }): (PushMatch | null)[] {
  return patterns.map((pattern) => matchPush(pattern, name) ?? null);
}

function keyOf({ pushName, imageTag }: PushPattern): string {
  return JSON.stringify([pushName, imageTag]);
}
