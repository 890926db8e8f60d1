import { BuildFailed } from './build-failed.ts';

/** What an expansion may come to, in characters: names of images and platforms are far shorter. */
const EXPANDED_LIMIT_CHARS = 8192;
/** How deep `${A:-${B:-…}}` may go. */
const DEPTH_LIMIT = 50;

/**
 * `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME:+word}`, and `${NAME#pattern}` and its like, whose word may hold such places again; an unset name is empty, and
 * nothing is expanded within single quotes. Reads the text once. Throws `BuildFailed` for what grows or nests too far.
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  const bare = unquote(text);
  if (!bare.includes('$') || (bare !== text && text.startsWith("'"))) return bare;
  return new Expansion(bare, values).whole();
}

/** A text without the quotes around it. */
export function unquote(text: string): string {
  const quote = text[0];
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

const OPERATORS = [':-', ':+', ':?', '##', '%%', '//', '-', '+', '?', '#', '%', '/'];
/** The builder itself knows more; here it is about names. */
const PATTERN_LIMIT_CHARS = 256;

/**
 * A value without the shortest or longest beginning (`#`, `##`) or end (`%`, `%%`) that a pattern of `*` and `?` matches. It
 * takes the product of both lengths.
 */
function withoutPattern(value: string, operator: string, pattern: string): string {
  if (value.length > PATTERN_LIMIT_CHARS || pattern.length > PATTERN_LIMIT_CHARS) return value;
  const isStart = operator.startsWith('#');
  const turned = (text: string) => (isStart ? text : [...text].reverse().join(''));
  const reached = reach(turned(value), turned(pattern));
  const found = operator.length > 1 ? reached.lastIndexOf(1) : reached.indexOf(1);
  if (found < 0) return value;
  return isStart ? value.slice(found) : value.slice(0, value.length - found);
}

/** At n: 1 where the first n characters of a text match a pattern. */
function reach(text: string, pattern: string): Uint8Array {
  let reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (const sign of pattern) {
    const next = new Uint8Array(text.length + 1);
    for (let at = 0; at <= text.length; at++) {
      if (sign === '*') next[at] = reached[at] || (next[at - 1] ?? 0);
      else if (at > 0 && (sign === '?' || sign === text[at - 1])) next[at] = reached[at - 1] ?? 0;
    }
    reached = next;
  }
  return reached;
}

class Expansion {
  readonly #text: string;
  readonly #values: ReadonlyMap<string, string>;
  #at = 0;

  constructor(text: string, values: ReadonlyMap<string, string>) {
    this.#text = text;
    this.#values = values;
  }

  whole(): string {
    return this.#upTo(undefined, 0);
  }

  /** What stands here up to a closing brace, or to the end; the brace is read too. */
  #upTo(end: '}' | undefined, depth: number): string {
    if (depth > DEPTH_LIMIT)
      throw new BuildFailed('source', `its \${…} stand more than ${DEPTH_LIMIT} deep in each other`);
    let expanded = '';
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === end) {
        this.#at++;
        return expanded;
      }
      expanded += character === '$' ? this.#place(depth) : this.#plain();
      if (expanded.length > EXPANDED_LIMIT_CHARS)
        throw new BuildFailed(
          'source',
          `its value is longer than ${EXPANDED_LIMIT_CHARS} characters once its ARGs are expanded`,
        );
    }
    return expanded;
  }

  #plain(): string {
    if (this.#text[this.#at] === '\\') this.#at++;
    return this.#text[this.#at++] ?? '';
  }

  /** What stands at a `$`. */
  #place(depth: number): string {
    this.#at++;
    if (this.#text[this.#at] !== '{') {
      const name = this.#name();
      return name === '' ? '$' : (this.#values.get(name) ?? '');
    }
    this.#at++;
    const value = this.#values.get(this.#name()) ?? '';
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return value;
    }
    const operator = OPERATORS.find((each) => this.#text.startsWith(each, this.#at)) ?? '';
    this.#at += operator.length;
    const word = this.#upTo('}', depth + 1);
    switch (operator) {
      case ':-':
      case '-':
        return value === '' ? word : value;
      case ':+':
      case '+':
        return value === '' ? '' : word;
      case '#':
      case '##':
      case '%':
      case '%%':
        return withoutPattern(value, operator, word);
      default:
        return value;
    }
  }

  #name(): string {
    const start = this.#at;
    while (/^\w$/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#text.slice(start, this.#at);
  }
}
