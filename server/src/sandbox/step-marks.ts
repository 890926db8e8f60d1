import { randomBytes } from 'node:crypto';

/** Who printed a part of a build's output: the builder itself, or a step that it runs. */
export type OutputSource = 'builder' | 'step';

/** A stretch of output of one source; an empty one of a step says that the step has begun to run. */
export type OutputPart = { from: OutputSource; bytes: Buffer };

const LF = 0x0a;
const BEGIN = 'b';
const END = 'e';

/**
 * Tells what a step printed from what the builder says of it. The runtime's wrapper (crun1.sh) writes a mark into the output
 * before a step starts and one after its last byte was copied. Both carry a random value of the build that no step can see:
 * whatever stands between them is the step's, and what stands outside is the builder's. Marks are taken out. One that
 * stands in the middle of a line ends that line.
 */
export class StepMarks {
  /** What a mark begins with. Its first byte is rare, so that ordinary output is never held back. */
  readonly prefix = `\x1e${randomBytes(16).toString('hex')}`;
  readonly #prefixBytes = Buffer.from(this.prefix);
  #from: OutputSource = 'builder';
  /** The end of the output so far that may be the beginning of a mark. */
  #held: Buffer = Buffer.alloc(0);
  #isMidLine = false;

  /** Takes the next bytes and gives those that are no mark. */
  read(chunk: Buffer): OutputPart[] {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const parts: OutputPart[] = [];
    let at = 0;
    for (;;) {
      const mark = bytes.indexOf(this.#prefixBytes, at);
      const kindAt = mark + this.#prefixBytes.length;
      if (mark < 0 || kindAt >= bytes.length) break;
      this.#add(parts, bytes.subarray(at, mark));
      const kind = String.fromCharCode(bytes[kindAt] ?? 0);
      if (this.#isMidLine) this.#add(parts, Buffer.from('\n'));
      if (kind === END) this.#from = 'builder';
      if (kind === BEGIN) {
        this.#from = 'step';
        parts.push({ from: 'step', bytes: Buffer.alloc(0) });
      }
      at = kindAt + 1;
    }
    const heldFrom = Math.max(at, bytes.length - this.#heldLength(bytes));
    this.#add(parts, bytes.subarray(at, heldFrom));
    this.#held = Buffer.from(bytes.subarray(heldFrom));
    return parts;
  }

  /** The output has ended: what was held back is no mark. */
  end(): OutputPart[] {
    const parts: OutputPart[] = [];
    this.#add(parts, this.#held);
    this.#held = Buffer.alloc(0);
    return parts;
  }

  /** How many bytes at the end begin a mark that is not whole yet. */
  #heldLength(bytes: Buffer): number {
    const first = bytes.lastIndexOf(this.#prefixBytes[0] ?? 0);
    const length = bytes.length - first;
    if (first < 0 || length > this.#prefixBytes.length) return 0;
    return bytes.subarray(first).equals(this.#prefixBytes.subarray(0, length)) ? length : 0;
  }

  #add(parts: OutputPart[], bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#isMidLine = bytes.at(-1) !== LF;
    const last = parts.at(-1);
    if (last?.from === this.#from) last.bytes = Buffer.concat([last.bytes, bytes]);
    else parts.push({ from: this.#from, bytes });
  }
}
