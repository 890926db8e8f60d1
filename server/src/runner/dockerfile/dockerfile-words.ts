import { BuildFailed } from '../failure/build-failed.ts';
import type { Patterns } from './dockerfile-pattern.ts';
import { WordError } from './word-error.ts';

/** Returns the value of a variable; undefined if it has none. */
export interface Values {
  get(name: string): string | undefined;
}

/** How words are parsed. */
export interface WordRules {
  escapeSign: string;
  patterns: Patterns;
  /** Quotes stay. */
  rawQuotes?: boolean;
  /** Escape characters stay. */
  rawEscapes?: boolean;
  /** `$NAME` without a value stays, and the text may have any length. */
  keepsUnset?: boolean;
}

/** Limit of an expanded text, in characters: names of images and platforms are far shorter. */
const EXPANDED_LIMIT_CHARS = 8192;
/** How deep `${A:-${B:-…}}` may go. */
const DEPTH_LIMIT = 50;
const SPECIAL_NAMES = '@*#?-$!0';
const SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const DIGIT = /^\p{Nd}$/u;
const NAME_PART = /^[\p{L}\p{Nd}_]$/u;

/** Whether a character is white space to the builder. */
export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

/**
 * Expands a word of a Dockerfile as the builder does: without quotes and escape characters, and with its `$NAME`,
 * `${NAME:-word}`, `${NAME#pattern}` and `${NAME/pattern/text}` replaced
 * (https://docs.docker.com/reference/dockerfile/#environment-replacement). Reads the text once. Throws `WordError` for
 * text that the builder refuses, and `BuildFailed` for text that grows or nests too far.
 */
export function readWord(text: string, values: Values, rules: WordRules): string {
  return new WordReader(text, values, rules, undefined).whole();
}

/** The words of a text, split at unquoted white space. Throws like the above. */
export function readWords(text: string, values: Values, rules: WordRules): string[] {
  const words: string[] = [];
  new WordReader(text, values, rules, words).whole();
  return words;
}

class WordReader {
  readonly #text: string;
  readonly #values: Values;
  readonly #rules: WordRules;
  /** The list for the words, if they are wanted separately. */
  readonly #words: string[] | undefined;
  #at = 0;
  /** The current word. */
  #word = '';

  constructor(text: string, values: Values, rules: WordRules, words: string[] | undefined) {
    this.#text = text;
    this.#values = values;
    this.#rules = rules;
    this.#words = words;
  }

  whole(): string {
    const result = this.#upTo(undefined, this.#rules.rawEscapes === true, 0);
    this.#endWord();
    return result;
  }

  /** Reads up to and including a character, or to the end. */
  #upTo(stop: string | undefined, rawEscapes: boolean, depth: number): string {
    if (depth > DEPTH_LIMIT)
      throw new BuildFailed('dockerfile-limit', `its \${…} are nested more than ${DEPTH_LIMIT} deep`);
    // The builder drops the start of a word if something in braces is in its middle.
    this.#word = '';
    let result = '';
    while (this.#at < this.#text.length) {
      const character = this.#peek();
      if (character === stop) {
        this.#at += 1;
        return result;
      }
      const part = this.#part(character, rawEscapes, depth);
      if (depth === 0 && this.#words) this.#collect(character, part);
      result += part;
      if (result.length > EXPANDED_LIMIT_CHARS && !this.#rules.keepsUnset)
        throw new BuildFailed(
          'dockerfile-limit',
          `its value is longer than ${EXPANDED_LIMIT_CHARS} characters once its ARGs are expanded`,
        );
    }
    if (stop !== undefined) throw new WordError(`missing ${stop} in a substitution`);
    return result;
  }

  #part(character: string, rawEscapes: boolean, depth: number): string {
    if (character === "'") return this.#singleQuoted();
    if (character === '"') return this.#doubleQuoted(rawEscapes, depth);
    if (character === '$') return this.#dollar(depth);
    if (character === '<') return this.#lessThan();
    this.#next();
    if (character !== this.#rules.escapeSign) return character;
    const escaped = this.#next();
    return rawEscapes ? character + escaped : escaped;
  }

  /** Adds to the list of words: expanded text is split as well, quoted or escaped text is not. */
  #collect(character: string, part: string): void {
    if (character === "'" || character === '"' || character === '<' || character === this.#rules.escapeSign) {
      this.#word += part;
      return;
    }
    for (const each of part) {
      if (isSpace(each)) this.#endWord();
      else this.#word += each;
    }
  }

  #endWord(): void {
    if (this.#word !== '') this.#words?.push(this.#word);
    this.#word = '';
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new WordError('a single quote has no end');
    const quoted = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return this.#rules.rawQuotes ? quoted : quoted.slice(1, -1);
  }

  #doubleQuoted(rawEscapes: boolean, depth: number): string {
    const { escapeSign, rawQuotes } = this.#rules;
    this.#at += 1;
    let result = rawQuotes ? '"' : '';
    while (this.#at < this.#text.length) {
      const character = this.#peek();
      if (character === '$') {
        result += this.#dollar(depth);
        continue;
      }
      this.#next();
      if (character === '"') return rawQuotes ? `${result}"` : result;
      if (character !== escapeSign) {
        result += character;
        continue;
      }
      const next = this.#peek();
      const isEscaped = next === '"' || next === '$' || next === escapeSign;
      if (rawEscapes) result += character;
      if (isEscaped) result += this.#next();
      else if (next !== '') result += character;
    }
    throw new WordError('a double quote has no end');
  }

  #lessThan(): string {
    const start = this.#at;
    this.#at += 1;
    if (this.#peek() !== '<') return '<';
    this.#at += 1;
    while (this.#peek() !== '' && '\t\r '.includes(this.#peek())) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #dollar(depth: number): string {
    this.#at += 1;
    if (this.#peek() !== '{') {
      const name = this.#name();
      if (name === '') return '$';
      return this.#values.get(name) ?? (this.#rules.keepsUnset ? `$${name}` : '');
    }
    this.#at += 1;
    if (['', '{', '}', ':'].includes(this.#peek())) throw new WordError('bad substitution');
    const name = this.#name();
    const value = this.#values.get(name);
    const start = this.#at;
    const shown = this.#modified(name, value, depth);
    return value === undefined && this.#rules.keepsUnset ? `\${${name}${this.#text.slice(start, this.#at)}` : shown;
  }

  /** The value of a name, according to the text between it and the closing brace. */
  #modified(name: string, value: string | undefined, depth: number): string {
    const { patterns, keepsUnset } = this.#rules;
    const stays = value === undefined && keepsUnset === true;
    const operator = this.#next();
    if (operator === '}') return value ?? '';
    if (operator === '/') {
      const isEvery = this.#peek() === '/';
      if (isEvery) this.#at += 1;
      const pattern = this.#upTo('/', true, depth + 1);
      const replacement = this.#upTo('}', true, depth + 1);
      return stays ? '' : patterns.replaced(value ?? '', pattern, replacement, isEvery);
    }
    const kind = operator === ':' ? this.#next() : operator;
    const isPattern = kind === '#' || kind === '%';
    if (!'+-?#%'.includes(kind) || kind === '' || (isPattern && operator === ':'))
      throw new WordError(`unsupported modifier (${operator === ':' ? `:${kind}` : kind}) in substitution`);
    const word = this.#upTo('}', isPattern, depth + 1);
    if (stays) return '';
    if (isPattern) {
      const isLongest = word.startsWith(kind);
      return patterns.without(value ?? '', kind, isLongest, isLongest ? word.slice(1) : word);
    }
    const isSet = value !== undefined && !(operator === ':' && value === '');
    if (kind === '+') return isSet ? word : '';
    if (isSet) return value;
    if (kind === '-') return word;
    throw new WordError(`${name}: ${word || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`}`);
  }

  #name(): string {
    const start = this.#at;
    const isDigits = DIGIT.test(this.#peek());
    if (!isDigits && this.#peek() !== '' && SPECIAL_NAMES.includes(this.#peek())) return this.#next();
    const form = isDigits ? DIGIT : NAME_PART;
    while (form.test(this.#peek())) this.#next();
    return this.#text.slice(start, this.#at);
  }

  #next(): string {
    const character = this.#peek();
    this.#at += character.length;
    return character;
  }

  /** The character here; empty at the end. */
  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }
}
