/**
 * Compares versions of Python packages. Negative if `a` is earlier. An invalid version is earlier than all valid ones.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function comparePep440(a: string, b: string): number {
  const [left, right] = [read(a), read(b)];
  if (left === undefined || right === undefined) {
    if (left !== undefined || right !== undefined) return left === undefined ? -1 : 1;
    return a === b ? 0 : a < b ? -1 : 1;
  }
  return (
    compareLists([left.epoch], [right.epoch]) ||
    compareLists(left.release, right.release) ||
    compareLists(left.phase, right.phase) ||
    compareLocal(left.local, right.local)
  );
}

interface Version {
  epoch: bigint;
  /** Without zeros at its end. */
  release: bigint[];
  /** The parts after the release, as numbers in sort order: pre-release, post-release, development. */
  phase: bigint[];
  local: string[];
}

const LETTERS: Readonly<Record<string, bigint>> = {
  a: 0n,
  alpha: 0n,
  b: 1n,
  beta: 1n,
  c: 2n,
  rc: 2n,
  pre: 2n,
  preview: 2n,
};
const NO_PRE = 3n;
/** A development version of a release without other parts comes before all its other versions. */
const DEVELOPMENT_ONLY = -1n;

function read(version: string): Version | undefined {
  const [text = '', local] = version.trim().toLowerCase().replace(/^v/, '').split('+', 2);
  const cursor = new Cursor(text);
  let first = cursor.number();
  if (first === undefined) return undefined;
  let epoch = 0n;
  if (cursor.skip('!')) {
    epoch = first;
    first = cursor.number();
    if (first === undefined) return undefined;
  }
  const release = [first];
  while (cursor.startsPart()) release.push(cursor.part());
  while (release.length > 1 && release.at(-1) === 0n) release.pop();
  const pre = cursor.word(Object.keys(LETTERS));
  const implicitPost = cursor.hyphenNumber();
  const post = implicitPost === undefined ? cursor.word(['post', 'rev', 'r']) : { word: 'post', number: implicitPost };
  const dev = cursor.word(['dev']);
  if (!cursor.isAtEnd) return undefined;
  const letter = pre === undefined ? undefined : LETTERS[pre.word];
  const isDevelopmentOnly = pre === undefined && post === undefined && dev !== undefined;
  const phase = [
    isDevelopmentOnly ? DEVELOPMENT_ONLY : (letter ?? NO_PRE),
    pre?.number ?? 0n,
    post === undefined ? -1n : post.number,
    dev === undefined ? 1n : 0n,
    dev?.number ?? 0n,
  ];
  return { epoch, release, phase, local: local === undefined ? [] : local.split(/[._-]/) };
}

class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  number(): bigint | undefined {
    const from = this.#at;
    while (this.#isDigit(this.#at)) this.#at += 1;
    return this.#at === from ? undefined : BigInt(this.#text.slice(from, this.#at));
  }

  startsPart(): boolean {
    return this.#text[this.#at] === '.' && this.#isDigit(this.#at + 1);
  }

  part(): bigint {
    this.#at += 1;
    return this.number() ?? 0n;
  }

  /** `-1` after a release. */
  hyphenNumber(): bigint | undefined {
    if (this.#text[this.#at] !== '-' || !this.#isDigit(this.#at + 1)) return undefined;
    this.#at += 1;
    return this.number();
  }

  /**
   * One of some words, the longest that fits, with the number after it, which is 0 if there is none; separators may
   * come between.
   */
  word(words: readonly string[]): { word: string; number: bigint } | undefined {
    const from = this.#isSeparator(this.#at) ? this.#at + 1 : this.#at;
    const fitting = words.filter((word) => this.#text.startsWith(word, from));
    const word = fitting.reduce((longest, each) => (each.length > longest.length ? each : longest), '');
    if (word === '') return undefined;
    const end = from + word.length;
    this.#at = this.#isSeparator(end) && this.#isDigit(end + 1) ? end + 1 : end;
    return { word, number: this.number() ?? 0n };
  }

  #isSeparator(at: number): boolean {
    return ['.', '-', '_'].includes(this.#text.charAt(at));
  }

  #isDigit(at: number): boolean {
    const char = this.#text.charAt(at);
    return char >= '0' && char <= '9';
  }
}

/** Missing numbers are 0. */
function compareLists(a: readonly bigint[], b: readonly bigint[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at] ?? 0n, b[at] ?? 0n];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** A version without a local part comes before those with one; in local parts, numbers are later than words. */
function compareLocal(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isNumber, isOther] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isNumber !== isOther) return isNumber ? 1 : -1;
    if (isNumber && BigInt(left) !== BigInt(right)) return BigInt(left) < BigInt(right) ? -1 : 1;
    if (!isNumber && left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
