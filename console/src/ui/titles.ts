/** The titles of the pages that are shown, each within the one before; the innermost is shown. */
export class Titles {
  readonly #titles = new Map<symbol, string>();
  readonly #none: string;
  readonly #show: (title: string) => void;

  constructor(none: string, show: (title: string) => void) {
    this.#none = none;
    this.#show = show;
  }

  /** Adds a title, or changes it in its place. */
  set(key: symbol, title: string): void {
    this.#titles.set(key, title);
    this.#tell();
  }

  remove(key: symbol): void {
    this.#titles.delete(key);
    this.#tell();
  }

  #tell(): void {
    this.#show([...this.#titles.values()].at(-1) ?? this.#none);
  }
}
