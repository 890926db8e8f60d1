import type { Answer, FollowEvent, Logbook } from '@slipway/logbook';
import { linesFrame } from './stream-frames.ts';

/** The frame of each event, created once for all followers that get it. */
export class FrameCache {
  readonly #logbook: Logbook;
  // Followers at the same position in a log get the same buffer, so the buffer is the key.
  readonly #frames = new WeakMap<Buffer, Answer<Buffer>>();

  constructor(logbook: Logbook) {
    this.#logbook = logbook;
  }

  /** Undefined for an event without lines. */
  frameOf(logId: string, event: FollowEvent): Answer<Buffer> | undefined {
    if (event.lineCount === 0) return undefined;
    const known = this.#frames.get(event.bytes);
    if (known !== undefined) return known;
    const made = this.#make(logId, event);
    this.#frames.set(event.bytes, made);
    // Those that come later need not wait. One that cannot be made is tried again.
    made.then(
      (frame) => this.#frames.set(event.bytes, frame),
      () => this.#frames.delete(event.bytes),
    );
    return made;
  }

  async #make(logId: string, { firstLine, lineCount }: FollowEvent): Promise<Buffer> {
    const lines = await this.#logbook.lines(logId, firstLine - 1, lineCount);
    return linesFrame(lines, firstLine + lineCount - 1);
  }
}
