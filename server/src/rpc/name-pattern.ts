import { RE2JS, RE2JSSyntaxException } from 're2js';
import { invalidParameter } from './errors/api-error.ts';
import { inTurns } from './in-turns.ts';

/** An expression for names. It is matched in linear time. */
export interface NamePattern {
  /** Whether the expression matches a whole name. */
  matches(name: string): boolean;
}

const PATTERN_LIMIT_CHARS = 256;

/**
 * Reads a parameter that is a regular expression (RE2 syntax) for whole names, as the vendor's examples `release-.*` and
 * `.*-alpine` have it. Blanks around it are no part of it; undefined for nothing but blanks. Throws `InvalidParameter.NAME`.
 */
export function readNamePattern(parameter: string, text: string): NamePattern | undefined {
  const refuse = (reason: string) => invalidParameter(parameter, reason, `InvalidParameter.${parameter}`);
  if (text.length > PATTERN_LIMIT_CHARS)
    throw refuse(`it has ${text.length} characters; ${PATTERN_LIMIT_CHARS} is the limit`);
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  try {
    return RE2JS.compile(trimmed);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw refuse(`${JSON.stringify(trimmed)} is not a regular expression in RE2 syntax: ${error.message}`);
  }
}

/** Which of many items have a name that a pattern matches. Lets others have their turn in between. */
export async function filterByPattern<Item extends { name: string }>(
  pattern: NamePattern,
  items: readonly Item[],
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of inTurns(items)) if (pattern.matches(item.name)) found.push(item);
  return found;
}
