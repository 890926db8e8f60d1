import { FormTree } from './form-tree.ts';
import { MaskStream } from './mask-stream.ts';
import { secretForms } from './secret-forms.ts';
import { Turns } from './turns.ts';

/** Cost of making the forms of one character of a secret, relative to a byte that is only read. */
const FORMS_WORK = 128;

/** An additional stream of a masker. */
export interface MaskedStream {
  /** Takes the next bytes and returns those that can be stored. */
  write(chunk: Uint8Array): Buffer;
  /** Ends the stream, and returns the bytes held back. */
  close(): Buffer;
}

/**
 * Keeps the secrets of one build out of everything stored about it, in streams and in whole texts, and counts what it
 * masks. Hex, other encodings, one character per line and the like are not covered: masking prevents accidents, it is
 * not a wall.
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

  /** How many values were masked so far; adjacent ones count once. */
  get maskedValues(): number {
    return this.#countedValues + this.#stream.maskedValues;
  }

  /** Adds secrets. Returns the bytes that the stream held back. */
  add(...secrets: string[]): Buffer {
    if (!this.#takes(secrets)) return Buffer.alloc(0);
    return this.#replaceTree(FormTree.of([...this.#secrets].flatMap(secretForms)));
  }

  /** The same, in slices on the server's thread: the secrets apply once it resolves. */
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

  /** Takes the stream's next bytes and returns those that can be stored. */
  write(chunk: Uint8Array): Buffer {
    return this.#stream.write(chunk);
  }

  /** Ends the stream, and returns the bytes held back; another may start. */
  flush(): Buffer {
    return this.#stream.flush();
  }

  /** A separate stream, for several in parallel. It masks the secrets that the masker has now. */
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

  /** Masks a complete text. */
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
