import { FormTree } from './form-tree.ts';
import { MaskStream } from './mask-stream.ts';
import { secretForms } from './secret-forms.ts';

/** One more stream beside a masker's own. */
export interface MaskedStream {
  /** Takes the next bytes and gives those that can be stored. */
  write(chunk: Uint8Array): Buffer;
  /** Ends the stream, and gives what was held back. */
  close(): Buffer;
}

/**
 * Keeps the secrets of one build out of what is stored of it: in streams, and in whole texts beside them; all of them
 * count. Hex, other encodings, one character a line and the like are not covered: masking is a help against accidents, not
 * a wall.
 */
export class Masker {
  readonly #secrets: Set<string>;
  #tree: FormTree;
  #stream: MaskStream;
  #countedValues = 0;

  constructor(secrets: Iterable<string>) {
    this.#secrets = new Set(secrets);
    this.#tree = this.#compile();
    this.#stream = new MaskStream(this.#tree);
  }

  /** How many values were masked so far; what stood side by side counts once. */
  get maskedValues(): number {
    return this.#countedValues + this.#stream.maskedValues;
  }

  /** More secrets from here on. Gives what the stream held back. */
  add(...secrets: string[]): Buffer {
    if (secrets.every((secret) => this.#secrets.has(secret))) return Buffer.alloc(0);
    const rest = this.#stream.flush();
    for (const secret of secrets) this.#secrets.add(secret);
    this.#tree = this.#compile();
    this.#countedValues += this.#stream.maskedValues;
    this.#stream = new MaskStream(this.#tree);
    return rest;
  }

  /** Takes the stream's next bytes and gives those that can be stored. */
  write(chunk: Uint8Array): Buffer {
    return this.#stream.write(chunk);
  }

  /** Ends the stream, and gives what was held back; another may begin. */
  flush(): Buffer {
    return this.#stream.flush();
  }

  /** A stream of its own, as one of several that run side by side. It knows the secrets that the masker has now. */
  openStream(): MaskedStream {
    const stream = new MaskStream(this.#tree);
    let counted = 0;
    const count = (bytes: Buffer): Buffer => {
      this.#countedValues += stream.maskedValues - counted;
      counted = stream.maskedValues;
      return bytes;
    };
    return { write: (chunk) => count(stream.write(chunk)), close: () => count(stream.flush()) };
  }

  /** Masks a text that is whole. */
  text(text: string): string {
    if (this.#tree.isEmpty) return text;
    const own = new MaskStream(this.#tree);
    const masked = Buffer.concat([own.write(Buffer.from(text)), own.flush()]);
    if (own.maskedValues === 0) return text;
    this.#countedValues += own.maskedValues;
    return masked.toString();
  }

  #compile(): FormTree {
    return new FormTree([...this.#secrets].flatMap(secretForms));
  }
}
