import { FormTree } from './form-tree.ts';
import { MaskStream } from './mask-stream.ts';
import { secretForms } from './secret-forms.ts';
import { Turns } from './turns.ts';

/** What it costs to make the forms of a character of a secret, beside a byte that is only read. */
const FORMS_WORK = 128;

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
  #adding: Promise<unknown> = Promise.resolve();

  constructor(secrets: Iterable<string>) {
    this.#secrets = new Set(secrets);
    this.#tree = FormTree.of([...this.#secrets].flatMap(secretForms));
    this.#stream = new MaskStream(this.#tree);
  }

  /** How many values were masked so far; what stood side by side counts once. */
  get maskedValues(): number {
    return this.#countedValues + this.#stream.maskedValues;
  }

  /** More secrets from here on. Gives what the stream held back. */
  add(...secrets: string[]): Buffer {
    if (!this.#takes(secrets)) return Buffer.alloc(0);
    return this.#replaceTree(FormTree.of([...this.#secrets].flatMap(secretForms)));
  }

  /** The same, in turn with others on the server's thread: secrets from the time on that it resolves. */
  addInTurns(...secrets: string[]): Promise<Buffer> {
    const added = this.#adding.then(async () => {
      if (!this.#takes(secrets)) return Buffer.alloc(0);
      const turns = new Turns();
      const forms: Buffer[] = [];
      for (const secret of this.#secrets) {
        forms.push(...secretForms(secret));
        await turns.after(secret.length * FORMS_WORK);
      }
      return this.#replaceTree(await FormTree.inTurns(forms));
    });
    this.#adding = added;
    return added;
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

  /** Whether one of them is new. */
  #takes(secrets: readonly string[]): boolean {
    const before = this.#secrets.size;
    for (const secret of secrets) this.#secrets.add(secret);
    return this.#secrets.size > before;
  }

  #replaceTree(tree: FormTree): Buffer {
    const rest = this.#stream.flush();
    this.#tree = tree;
    this.#countedValues += this.#stream.maskedValues;
    this.#stream = new MaskStream(tree);
    return rest;
  }
}
