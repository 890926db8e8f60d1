import { randomInt } from 'node:crypto';

/** The initial capacity, in nonces. It doubles as needed. */
const FIRST_CAPACITY = 1024;
const EMPTY = 0;
/** An odd, secret multiplier. Without knowing it, a caller cannot choose nonces that collide. */
const HASH_MULTIPLIER = randomInt(2 ** 31) * 2 + 1;

/**
 * Nonces, by 53 bits of their hash, with the time slot in which each expires. Takes 24 to 48 bytes for each, with nothing for
 * the garbage collector to visit. Among two million nonces, two collide by chance once in four thousand fillings.
 */
export class NonceTable {
  /** Open addressing: a key is at its index, or in the next free one if that is taken. */
  #keys = new Float64Array(FIRST_CAPACITY);
  #slots = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: number): boolean {
    return this.#keys[this.#find(key)] !== EMPTY;
  }

  /** Adds a key. It must not be in the table. */
  add(key: number, slot: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#refill(this.#keys.length * 2, 0);
    this.#put(key, slot);
  }

  /** Removes the keys whose slot is before this one. */
  forgetBefore(slot: number): void {
    this.#refill(this.#keys.length, slot);
  }

  #put(key: number, slot: number): void {
    const index = this.#find(key);
    this.#keys[index] = key;
    this.#slots[index] = slot;
    this.#size += 1;
  }

  /** The index of a key, or of the empty cell where it belongs. */
  #find(key: number): number {
    const mask = this.#keys.length - 1;
    let index = Math.imul(key ^ (key / 2 ** 32), HASH_MULTIPLIER) >>> (Math.clz32(mask) % 32);
    for (;;) {
      const found = this.#keys[index];
      if (found === key || found === EMPTY) return index;
      index = (index + 1) & mask;
    }
  }

  /** Moves the keys with this slot or a later one into new arrays. */
  #refill(capacity: number, fromSlot: number): void {
    const [keys, slots] = [this.#keys, this.#slots];
    this.#keys = new Float64Array(capacity);
    this.#slots = new Uint32Array(capacity);
    this.#size = 0;
    for (let index = 0; index < keys.length; index += 1) {
      const [key = EMPTY, slot = 0] = [keys[index], slots[index]];
      if (key !== EMPTY && slot >= fromSlot) this.#put(key, slot);
    }
  }
}

/** The first 53 bits of a base64url hash, as a number that is never 0. */
export function tableKey(hash: string): number {
  let [high, low] = [0, 0];
  for (let at = 0; at < 4; at += 1) high = (high << 6) | sixBits(hash.charCodeAt(at));
  for (let at = 4; at < 9; at += 1) low = (low << 6) | sixBits(hash.charCodeAt(at));
  return high * 2 ** 29 + (low & (2 ** 29 - 1)) || 1;
}

/** The value of a character of base64url. */
function sixBits(code: number): number {
  return SIX_BITS[code] ?? 0;
}

const SIX_BITS = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].forEach((character, value) => {
  SIX_BITS[character.charCodeAt(0)] = value;
});
