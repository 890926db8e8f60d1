import type { Answer, FollowEvent, Logbook, LogCursor } from '@slipway/logbook';
import type { CatchUpGate } from './catch-up-gate.ts';
import type { Follower } from './follower.ts';
import type { FrameCache } from './frame-cache.ts';
import { isWanted, type LineFilter } from './line-filter.ts';
import { eventFrame, linesFrame } from './stream-frames.ts';

/** What all streams use. */
export interface StreamMeans {
  readonly logbook: Logbook;
  readonly frames: FrameCache;
  readonly gate: CatchUpGate;
  /** The last event of a stream: how the build ended. */
  endFrame(id: string): Promise<Buffer>;
  /** Ends a stream that cannot continue, with the reason. */
  fail(follower: Follower, error: unknown): void;
}

/**
 * Sends a log to a follower, from a line on. It reads the next lines when the socket has taken the last ones, and waits for the
 * log if there are none. So a follower that does not read is not even woken.
 */
export class LogStream {
  readonly #means: StreamMeans;
  readonly #id: string;
  readonly #filter: LineFilter | undefined;
  readonly #follower: Follower;
  readonly #cursor: LogCursor;
  readonly #pull = (): void => {
    if (this.#follower.isOver) return;
    try {
      const event = this.#cursor.next();
      if (event instanceof Promise) event.then(this.#sendEvent).catch(this.#fail);
      else this.#sendEvent(event);
    } catch (error) {
      this.#fail(error);
    }
  };
  /** Answers that are here are used at once: thousands of followers may be woken by one line. */
  readonly #sendEvent = (event: FollowEvent | undefined): void => {
    if (event === undefined) {
      this.#endIfOver();
      return;
    }
    const frame = this.#frameOf(event);
    if (frame instanceof Promise) frame.then(this.#send).catch(this.#fail);
    else this.#send(frame);
  };
  readonly #send = (frame: Buffer | undefined): void => {
    if (frame === undefined) this.#onTaken();
    else this.#follower.send(frame, this.#onTaken);
  };
  readonly #fail = (error: unknown): void => this.#means.fail(this.#follower, error);
  readonly #onTaken = (): void => {
    if (this.#cursor.isBehind) this.#means.gate.next(this.#pull);
    else this.#pull();
  };

  constructor(
    means: StreamMeans,
    follower: Follower,
    { id, from, filter }: { id: string; from: number; filter: LineFilter | undefined },
  ) {
    this.#means = means;
    this.#id = id;
    this.#filter = filter;
    this.#follower = follower;
    this.#cursor = means.logbook.cursor(id, from, this.#pull);
    follower.onOver(() => this.#cursor.close());
    follower.isAtItsEnd = async () => (await means.logbook.reach(id))?.sealed === true;
  }

  /** Sends a first frame, then the log's existing and new lines. */
  begin(frame: Buffer): void {
    this.#follower.send(frame, this.#pull);
  }

  #frameOf(event: FollowEvent): Answer<Buffer | undefined> {
    const filter = this.#filter;
    if (filter === undefined) return this.#means.frames.frameOf(this.#id, event);
    return this.#filteredFrame(event, filter);
  }

  async #filteredFrame({ firstLine, lineCount }: FollowEvent, filter: LineFilter): Promise<Buffer | undefined> {
    if (lineCount === 0) return undefined;
    const all = await this.#means.logbook.lines(this.#id, firstLine - 1, lineCount);
    const lines = all.filter((line) => isWanted(line, filter));
    return lines.length === 0 ? undefined : linesFrame(lines, firstLine + lineCount - 1);
  }

  /** Ends the stream if no more lines will come. */
  #endIfOver(): void {
    const follower = this.#follower;
    if (this.#cursor.end === 'closed') follower.end(eventFrame('reconnect', { Reason: 'the log was closed' }));
    if (this.#cursor.end !== 'sealed') return;
    this.#means.endFrame(this.#id).then(
      (frame) => follower.end(frame),
      (error) => this.#means.fail(follower, error),
    );
  }
}
