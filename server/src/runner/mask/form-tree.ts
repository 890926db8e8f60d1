import { Turns } from './turns.ts';

/** Cost of a byte of a form, relative to a byte that is only read. */
const BYTE_WORK = 16;

/**
 * An Aho–Corasick automaton over byte strings: it finds all of them in a stream and reads each byte once (Aho and
 * Corasick, 1975). States are numbers, 0 is the root. A state's children are a list through `sibling`: nearly all
 * states have one child, so it needs about 25 bytes of memory per byte of a form.
 */
export class FormTree {
  /** Per state, the length of the longest form that ends here; 0 is none. */
  readonly longest: Int32Array;
  /** Per state, how many of the latest bytes may still start or continue a form. */
  readonly depth: Int32Array;
  readonly #child: Int32Array;
  readonly #sibling: Int32Array;
  readonly #byte: Uint8Array;
  readonly #fail: Int32Array;
  readonly #fromRoot = new Int32Array(256);
  #count = 1;

  /** The tree of all forms, built at once. */
  static of(forms: readonly Uint8Array[]): FormTree {
    const tree = new FormTree(forms);
    for (const _ of tree.#build(forms));
    return tree;
  }

  /** The same, but built in slices so that other work on the server's thread can run. */
  static async inTurns(forms: readonly Uint8Array[]): Promise<FormTree> {
    const tree = new FormTree(forms);
    const turns = new Turns();
    for (const bytes of tree.#build(forms)) await turns.after(bytes * BYTE_WORK);
    return tree;
  }

  private constructor(forms: readonly Uint8Array[]) {
    const size = 1 + forms.reduce((sum, form) => sum + form.length, 0);
    this.longest = new Int32Array(size);
    this.depth = new Int32Array(size);
    this.#child = new Int32Array(size);
    this.#sibling = new Int32Array(size);
    this.#byte = new Uint8Array(size);
    this.#fail = new Int32Array(size);
  }

  get isEmpty(): boolean {
    return this.#count === 1;
  }

  /** The state after one more byte. */
  next(state: number, byte: number): number {
    for (let at = state; at !== 0; at = this.#fail[at] ?? 0) {
      const child = this.#childOf(at, byte);
      if (child !== 0) return child;
    }
    return this.#fromRoot[byte] ?? 0;
  }

  /** Yields the number of processed bytes after each part. */
  *#build(forms: readonly Uint8Array[]): Generator<number> {
    for (const form of forms) {
      this.#add(form);
      yield form.length;
    }
    yield* this.#link();
  }

  #add(form: Uint8Array): void {
    let state = 0;
    for (const byte of form) {
      let child = state === 0 ? (this.#fromRoot[byte] ?? 0) : this.#childOf(state, byte);
      if (child === 0) {
        child = this.#count++;
        this.#byte[child] = byte;
        this.depth[child] = (this.depth[state] ?? 0) + 1;
        this.#sibling[child] = this.#child[state] ?? 0;
        this.#child[state] = child;
        if (state === 0) this.#fromRoot[byte] = child;
      }
      state = child;
    }
    this.longest[state] = form.length;
  }

  /** Sets, breadth first, each state's failure link: the longest other state that is a suffix of its bytes. */
  *#link(): Generator<number> {
    const queue = new Int32Array(this.#count);
    let end = 1;
    for (let at = 0; at < end; at++) {
      const state = queue[at] ?? 0;
      for (let child = this.#child[state] ?? 0; child !== 0; child = this.#sibling[child] ?? 0) {
        const fail = state === 0 ? 0 : this.next(this.#fail[state] ?? 0, this.#byte[child] ?? 0);
        this.#fail[child] = fail;
        this.longest[child] = Math.max(this.longest[child] ?? 0, this.longest[fail] ?? 0);
        queue[end++] = child;
      }
      yield 1;
    }
  }

  #childOf(state: number, byte: number): number {
    let child = this.#child[state] ?? 0;
    while (child !== 0 && this.#byte[child] !== byte) child = this.#sibling[child] ?? 0;
    return child;
  }
}
