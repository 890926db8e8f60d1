import { type ConfinedLimits, ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { isPushPattern, matchPush, type PushPattern } from './push-pattern.ts';

/** What a rule makes of the name of a push. */
export type PushMatch = NonNullable<ReturnType<typeof matchPush>>;

/** The matches of one name: what a rule that was looked at makes of it. */
export type PushMatches = (rule: PushPattern) => PushMatch | undefined;

/**
 * Expressions of so many characters together, without a counted repetition, are matched at once: they cost some milliseconds. RE2 is
 * linear in the name, but a name of 250 bytes takes `(((a?){10}){10}){10}` half a second.
 */
const INLINE_PATTERN_CHARS = 300;

/** Matches a name with all these rules. Gives a sentence instead where that costs too much. */
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

/** What `matchRules` does, as a function of values. */
export function matchEach({ patterns, name }: { patterns: PushPattern[]; name: string }): (PushMatch | null)[] {
  return patterns.map((pattern) => matchPush(pattern, name) ?? null);
}

function keyOf({ pushName, imageTag }: PushPattern): string {
  return JSON.stringify([pushName, imageTag]);
}
