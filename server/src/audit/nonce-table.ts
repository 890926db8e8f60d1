import { randomInt } from 'node:crypto';

/** The first room, in nonces; it doubles. */
const FIRST_CAPACITY = 1024;
const EMPTY = 0;
/** Odd, and nobody's to know: who chooses nonces cannot choose that they crowd in one place. */
const SPREAD = randomInt(2 ** 31) * 2 + 1;

/**
 * Nonces by 53 bits of their hash, and the slot of time in which each ends to matter: 24 to 48 bytes each, and nothing that a
 * collector has to visit. Two of two million meet by chance once in four thousand fillings.
 */
export class NonceTable {
  /** Open addressing: a key stands at its place, or after it where that is taken. */
  #keys = new Float64Array(FIRST_CAPACITY);
  #slots = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: number): boolean {
    return this.#keys[this.#find(key)] !== EMPTY;
  }

  /** Adds a key that is not there. */
  add(key: number, slot: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#refill(this.#keys.length * 2, 0);
    this.#put(key, slot);
  }

  /** Forgets what ended to matter before a slot. */
  forgetBefore(slot: number): void {
    this.#refill(this.#keys.length, slot);
  }

  #put(key: number, slot: number): void {
    const place = this.#find(key);
    this.#keys[place] = key;
    this.#slots[place] = slot;
    this.#size += 1;
  }

  /** Where a key stands, or the empty place where it would. */
  #find(key: number): number {
    const mask = this.#keys.length - 1;
    let place = Math.imul(key ^ (key / 2 ** 32), SPREAD) >>> (Math.clz32(mask) % 32);
    for (;;) {
      const found = this.#keys[place];
      if (found === key || found === EMPTY) return place;
      place = (place + 1) & mask;
    }
  }

  /** Moves everything from a slot on into new room. */
  #refill(capacity: number, fromSlot: number): void {
    const [keys, slots] = [this.#keys, this.#slots];
    this.#keys = new Float64Array(capacity);
    this.#slots = new Uint32Array(capacity);
    this.#size = 0;
    for (let place = 0; place < keys.length; place += 1) {
      const [key = EMPTY, slot = 0] = [keys[place], slots[place]];
      if (key !== EMPTY && slot >= fromSlot) this.#put(key, slot);
    }
  }
}

/** 53 bits of a hash that is written in base64url, as a number that is never 0. */
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
