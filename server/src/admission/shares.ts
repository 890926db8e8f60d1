/** How much each key holds, such as a caller or an address. A key that holds nothing takes no memory. */
export class Shares {
  readonly #held = new Map<string, number>();

  /** How much a key holds; 0 if nothing. */
  of(key: string): number {
    return this.#held.get(key) ?? 0;
  }

  /** Adds `amount` to what a key holds; it may be negative. The result is never below zero. */
  add(key: string, amount: number): void {
    const held = this.of(key) + amount;
    if (held <= 0) this.#held.delete(key);
    else this.#held.set(key, held);
  }
}
