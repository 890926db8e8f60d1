import { BuildFailed } from '../failure/build-failed.ts';
import { WordError } from './word-error.ts';

/** The elements of a pattern: the code of a literal character, or one of these. */
const ANY = -1;
const MANY = -2;
const LF = 0x0a;

/** The limit of steps for all patterns of one Dockerfile, about 20 ms. Ordinary patterns take a few hundred. */
const STEPS_LIMIT = 4_000_000;

/**
 * The patterns of `${NAME#pattern}` and similar in one Dockerfile, matched as the builder does. Each costs the product
 * of two lengths, so the costs are added up: throws `BuildFailed` if a Dockerfile reaches the limit.
 */
export class Patterns {
  #steps = 0;

  /** A value without the shortest or longest prefix (`#`) or suffix (`%`) that matches a pattern. */
  without(value: string, operator: '#' | '%', isLongest: boolean, pattern: string): string {
    const signs = signsOf(pattern);
    if (operator === '#') return value.slice(this.#matched(value, signs, isLongest) ?? 0);
    const turned = [...value].reverse().join('');
    const matched = this.#matched(turned, signs.toReversed(), isLongest) ?? 0;
    return [...turned.slice(matched)].reverse().join('');
  }

  /** A value with the first match of a pattern, or every match, replaced. */
  replaced(value: string, pattern: string, replacement: string, isEvery: boolean): string {
    const signs = signsOf(pattern);
    let [result, at, lastEnd] = ['', 0, -1];
    while (at <= value.length) {
      const matched = this.#matched(value.slice(at), signs, true);
      if (matched !== undefined && (matched > 0 || at !== lastEnd)) {
        result += replacement;
        lastEnd = at + matched;
        if (!isEvery) return result + value.slice(lastEnd);
        at = lastEnd;
        if (matched > 0) continue;
      }
      result += value.charAt(at);
      at += 1;
    }
    return result;
  }

  /** The length of the shortest or longest prefix of a text that matches a pattern. */
  #matched(text: string, pattern: readonly number[], isLongest: boolean): number | undefined {
    this.#steps += (text.length + 1) * (pattern.length + 1);
    if (this.#steps > STEPS_LIMIT)
      throw new BuildFailed(
        'dockerfile-limit',
        `the patterns of its \${…} take more than ${STEPS_LIMIT} steps to match`,
      );
    let [reached, next] = [new Uint8Array(text.length + 1), new Uint8Array(text.length + 1)];
    reached[0] = 1;
    for (const sign of pattern) {
      next[0] = sign === MANY ? (reached[0] ?? 0) : 0;
      for (let at = 1; at <= text.length; at++) {
        const code = text.charCodeAt(at - 1);
        if (sign === MANY) next[at] = (reached[at] ?? 0) | (code === LF ? 0 : (next[at - 1] ?? 0));
        else next[at] = (sign === ANY ? code !== LF : sign === code) ? (reached[at - 1] ?? 0) : 0;
      }
      [reached, next] = [next, reached];
    }
    const found = isLongest ? reached.lastIndexOf(1) : reached.indexOf(1);
    return found < 0 ? undefined : found;
  }
}

function signsOf(pattern: string): number[] {
  const signs: number[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') signs.push(MANY);
    else if (character === '?') signs.push(ANY);
    else if (character === '\\') {
      at += 1;
      const escaped = pattern.charAt(at);
      if (escaped === '' || !'}/*?\\'.includes(escaped))
        throw new WordError(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped}'`);
      signs.push(escaped.charCodeAt(0));
    } else signs.push(character.charCodeAt(0));
  }
  return signs;
}
