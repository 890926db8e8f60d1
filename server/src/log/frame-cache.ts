import type { FollowEvent, Logbook } from '@slipway/logbook';
import { linesFrame } from './stream-frames.ts';

/** The frame of each event, created once for all followers that get it. */
export class FrameCache {
  readonly #logbook: Logbook;
  // Followers at the same position in a log get the same buffer, so the buffer is the key.
  readonly #frames = new WeakMap<Buffer, Buffer>();

  constructor(logbook: Logbook) {
    this.#logbook = logbook;
  }

  /** Undefined for an event without lines. */
  frameOf(logId: string, event: FollowEvent): Buffer | undefined {
    if (event.lineCount === 0) return undefined;
    const known = this.#frames.get(event.bytes);
    if (known !== undefined) return known;
    const lines = this.#logbook.lines(logId, event.firstLine - 1, event.lineCount);
    const frame = linesFrame(lines, event.firstLine + event.lineCount - 1);
    this.#frames.set(event.bytes, frame);
    return frame;
  }
}
