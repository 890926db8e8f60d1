import type { ServerResponse } from 'node:http';
import { eventFrame, HEARTBEAT, OPENING } from './stream-frames.ts';

/** How long a stream may stand still. */
export interface StallLimits {
  /** A follower that takes no byte for this long is dropped. */
  readonly stallMs: number;
  /** After the reason was written, it has this long to read it; by default two seconds. */
  readonly lastWordMs?: number;
}

/** Who hears of a follower. */
export interface FollowerOwner {
  readonly limits: StallLimits;
  /** It is dropped, since it does not read. */
  onDrop(follower: Follower): void;
  /** Its connection is closed. */
  onClose(follower: Follower): void;
}

/** Who opens a stream. */
export interface FollowerOrigin {
  /** The principal's name. */
  readonly caller: string;
  readonly address: string;
}

const LAST_WORD_MS = 2_000;

/**
 * One open stream: a socket, written with back-pressure. There may be thousands, and each lasts as long as a build: nothing here
 * holds the request, and callbacks are made once, not for each frame.
 */
export class Follower {
  readonly origin: FollowerOrigin;
  readonly requestId: string;
  readonly #owner: FollowerOwner;
  readonly #response: ServerResponse;
  #isOver = false;
  /** What goes on when the socket has taken the last frame, and what ends with the stream. */
  #next: (() => void) | undefined;
  #onOver: (() => void) | undefined;
  readonly #onTaken = (error?: Error | null): void => {
    if (!error) this.#proceed();
  };

  constructor(response: ServerResponse, origin: FollowerOrigin, requestId: string, owner: FollowerOwner) {
    this.#response = response;
    this.origin = origin;
    this.requestId = requestId;
    this.#owner = owner;
    response.on('close', () => {
      this.#stop();
      owner.onClose(this);
    });
    // Node counts a socket as idle when neither a read nor a part of a write went through.
    response.setTimeout(owner.limits.stallMs, () => this.#dropIfStalled());
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-acs-request-id': requestId,
    });
    response.write(OPENING);
  }

  /** Whether the stream is over, whoever ended it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls `act` when the stream is over. */
  onOver(act: () => void): void {
    if (this.#isOver) act();
    else this.#onOver = act;
  }

  /**
   * Writes a frame, which may be shared with others. Calls `next`, later, when the kernel has all of it or the stream is over: one
   * that does not read has no more than one frame here, far less than a socket would hold.
   */
  send(frame: Buffer, next: () => void): void {
    this.#next = next;
    if (this.#isOver) process.nextTick(() => this.#proceed());
    else this.#response.write(frame, this.#onTaken);
  }

  /** Shows that the server is there, unless bytes wait for the follower anyway. */
  beat(): void {
    if (!this.#isOver && this.#next === undefined) this.#response.write(HEARTBEAT);
  }

  /** Ends the stream with a last frame; a follower that does not take it is cut off. */
  end(frame: Buffer): void {
    if (this.#isOver) return;
    // The connection may go on to other requests, to which the limit does not apply.
    this.#response.setTimeout(0);
    this.#response.end(frame);
    this.#stop();
    const timer = setTimeout(() => this.#response.destroy(), this.#owner.limits.lastWordMs ?? LAST_WORD_MS);
    this.#response.once('close', () => clearTimeout(timer));
  }

  #dropIfStalled(): void {
    if (this.#next === undefined || this.#isOver) return;
    this.#owner.onDrop(this);
    this.end(eventFrame('dropped', { Reason: `nothing was read for ${this.#owner.limits.stallMs / 1000} seconds` }));
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver?.();
    this.#proceed();
  }

  #proceed(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }
}
