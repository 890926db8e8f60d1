import type { ServerResponse } from 'node:http';
import { eventFrame, HEARTBEAT, OPENING } from './stream-frames.ts';

/** How long a stream may stand still. */
export interface StallLimits {
  /** A follower that takes no byte for this long is dropped. */
  readonly stallMs: number;
  /** After the reason was written, it has this long to read it; by default two seconds. */
  readonly lastWordMs?: number;
}

const LAST_WORD_MS = 2_000;

/** One open stream: a socket, written with back-pressure, and nothing else. */
export class Follower {
  readonly #response: ServerResponse;
  readonly #lastWordMs: number;
  readonly #abort = new AbortController();
  /** Resolves what waits for the socket to take bytes again. */
  #proceed: (() => void) | undefined;

  constructor(
    response: ServerResponse,
    requestId: string,
    { stallMs, lastWordMs = LAST_WORD_MS }: StallLimits,
    onDrop: () => void,
  ) {
    this.#response = response;
    this.#lastWordMs = lastWordMs;
    response.once('close', () => this.#stop());
    // Node counts a socket as idle when neither a read nor a part of a write went through.
    response.setTimeout(stallMs, () => {
      if (this.#proceed === undefined || this.signal.aborted) return;
      onDrop();
      this.end(eventFrame('dropped', { Reason: `nothing was read for ${stallMs / 1000} seconds` }));
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-acs-request-id': requestId,
    });
    response.write(OPENING);
  }

  /** Aborted when the stream is over, whoever ended it. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Writes a frame, which may be shared with others. Resolves when the kernel has all of it, or the stream is over: one that does
   * not read has no more than one frame here, far less than a socket would hold.
   */
  async send(frame: Buffer): Promise<void> {
    if (this.signal.aborted) return;
    let isTaken = false;
    this.#response.write(frame, () => {
      isTaken = true;
      this.#proceed?.();
    });
    if (isTaken || this.#response.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      this.#proceed = resolve;
    });
    this.#proceed = undefined;
  }

  /** Shows that the server is there, unless bytes wait for the follower anyway. */
  beat(): void {
    if (!this.signal.aborted && this.#proceed === undefined) this.#response.write(HEARTBEAT);
  }

  /** Ends the stream with a last frame; a follower that does not take it is cut off. */
  end(frame: Buffer): void {
    if (this.signal.aborted) return;
    // The connection may go on to other requests, to which the limit does not apply.
    this.#response.setTimeout(0);
    this.#response.end(frame);
    this.#stop();
    const timer = setTimeout(() => this.#response.destroy(), this.#lastWordMs);
    this.#response.once('close', () => clearTimeout(timer));
  }

  #stop(): void {
    this.#abort.abort();
    this.#proceed?.();
  }
}
