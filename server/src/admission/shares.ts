/** How much each key holds: a caller, an address. A key that holds nothing takes no memory. */
export class Shares {
  readonly #held = new Map<string, number>();

  /** What a key holds; 0 is nothing. */
  of(key: string): number {
    return this.#held.get(key) ?? 0;
  }

  /** Gives a key more, or less where `amount` is negative; never less than nothing. */
  add(key: string, amount: number): void {
    const held = this.of(key) + amount;
    if (held <= 0) this.#held.delete(key);
    else this.#held.set(key, held);
  }
}
