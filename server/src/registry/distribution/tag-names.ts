import { setImmediate as yieldToOthers } from 'node:timers/promises';

const LIST_LIMIT_BYTES = 64 * 1024 * 1024;
/** So many names are sorted or merged at once: some 10 ms. */
const RUN_NAMES = 8192;

type Compare = (a: string, b: string) => number;

/**
 * Reads distribution's list of tags, `{"name":…,"tags":[…]}`, piece by piece as it comes: neither name nor tags hold a quote or an escape. Hands the tags over
 * and gives the name.
 */
export async function readTagNames(
  list: AsyncIterable<Uint8Array>,
  take: (tags: string[]) => Promise<void>,
): Promise<string> {
  let [unread, sizeBytes, name, strings] = ['', 0, '', 0];
  for await (const chunk of list) {
    sizeBytes += chunk.length;
    if (sizeBytes > LIST_LIMIT_BYTES) throw new Error(`the registry lists more than ${LIST_LIMIT_BYTES} bytes of tags`);
    const text = unread + Buffer.from(chunk).toString('latin1');
    if (text.includes('\\')) throw new Error('the registry lists a tag with an escape in it');
    const parts = text.split('"');
    const isOpen = parts.length % 2 === 0;
    unread = isOpen ? `"${parts.pop()}` : '';
    const found = parts.filter((_, at) => at % 2 === 1);
    // "name", the name, "tags".
    const before = Math.max(0, 3 - strings);
    if (strings < 2) name = found[1 - strings] ?? name;
    strings += found.length;
    await take(found.slice(before));
  }
  return name;
}

/**
 * The first so many of names that come in any order and number. They are sorted in runs, with a turn for others after each; of what cannot be among the
 * first nothing is kept.
 */
export class FirstNames {
  readonly #limit: number;
  readonly #compare: Compare;
  /** Sorted, each at most half as long as the one before it. */
  readonly #runs: string[][] = [];
  #fresh: string[] = [];
  #count = 0;

  constructor(limit: number, compare: Compare) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  async add(names: readonly string[]): Promise<void> {
    this.#count += names.length;
    for (const name of names) {
      this.#fresh.push(name);
      if (this.#fresh.length >= RUN_NAMES) await this.#endRun();
    }
  }

  /** The first of all that were added. */
  async end(): Promise<string[]> {
    await this.#endRun();
    while (this.#runs.length > 1) await this.#mergeLast();
    return this.#runs[0] ?? [];
  }

  async #endRun(): Promise<void> {
    this.#runs.push(this.#fresh.sort(this.#compare).slice(0, this.#limit));
    this.#fresh = [];
    await yieldToOthers();
    while (this.#runs.length > 1 && (this.#runs.at(-2)?.length ?? 0) < 2 * (this.#runs.at(-1)?.length ?? 0))
      await this.#mergeLast();
  }

  async #mergeLast(): Promise<void> {
    const [right = [], left = []] = [this.#runs.pop(), this.#runs.pop()];
    const merged: string[] = [];
    const length = Math.min(left.length + right.length, this.#limit);
    for (let [l, r] = [0, 0]; merged.length < length; ) {
      const takesLeft = r === right.length || (l < left.length && this.#compare(left[l] ?? '', right[r] ?? '') <= 0);
      merged.push((takesLeft ? left[l++] : right[r++]) ?? '');
      if (merged.length % RUN_NAMES === 0) await yieldToOthers();
    }
    this.#runs.push(merged);
  }
}
