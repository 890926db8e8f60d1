/** How long after the last key a text is used, so that not every letter is a request. */
const TYPING_MS = 400;

/** A text while it is typed: used a moment after the last key, or at once, and each text once. */
export class TypedText {
  readonly #use: (text: string) => void;
  readonly #least: number;
  #typed: string;
  /** What is used now, as far as this field knows. */
  #used: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shorter texts than `least` are not used, but no text is. */
  constructor(value: string, least: number, use: (text: string) => void) {
    this.#typed = value;
    this.#used = value;
    this.#least = least;
    this.#use = use;
  }

  type(text: string): void {
    this.#typed = text;
    this.stop();
    this.#timer = setTimeout(() => this.use(), TYPING_MS);
  }

  /** Uses what is typed now. */
  use(): void {
    this.stop();
    const text = this.#typed.trim();
    if (text === this.#used || (text !== '' && text.length < this.#least)) return;
    this.#used = text;
    this.#use(text);
  }

  /** Takes the value that is used now. Returns whether it came from elsewhere, such as a link, so that it replaces what is typed. */
  takes(value: string): boolean {
    if (value === this.#used) return false;
    this.#used = value;
    if (value === this.#typed.trim()) return false;
    this.stop();
    this.#typed = value;
    return true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
