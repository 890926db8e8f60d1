import type { ServerResponse } from 'node:http';
import { eventFrame, HEARTBEAT, OPENING } from './stream-frames.ts';

/** How long a stream may stall. */
export interface StallLimits {
  /** A follower that reads no byte for this long is dropped. */
  readonly stallMs: number;
  /** How long it then has to read the reason. Two seconds by default. */
  readonly lastWordMs?: number;
}

/** Receives a follower's events. */
export interface FollowerOwner {
  readonly limits: StallLimits;
  /** The follower is dropped because it does not read. */
  onDrop(follower: Follower): void;
  /** The follower's connection is closed. */
  onClose(follower: Follower): void;
}

/** Who opened a stream. */
export interface FollowerOrigin {
  /** The principal's ARN. */
  readonly caller: string;
  readonly address: string;
}

const LAST_WORD_MS = 2_000;

/**
 * One open stream: a socket, written with back-pressure. There can be thousands, each as long as a build. So nothing here keeps
 * the request in memory, and callbacks are created once, not for each frame.
 */
export class Follower {
  readonly origin: FollowerOrigin;
  readonly requestId: string;
  readonly #owner: FollowerOwner;
  readonly #response: ServerResponse;
  /** Whether what it follows has ended, so that it only reads the rest. */
  isAtItsEnd: () => Promise<boolean> = async () => false;
  #isOver = false;
  /** Runs when the socket has taken the last frame, and when the stream ends. */
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
    // Node considers a socket idle if it neither read nor wrote anything. The port's limit would leave no time for a last word.
    response.removeAllListeners('timeout').setTimeout(owner.limits.stallMs, () => this.#dropIfStalled());
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-acs-request-id': requestId,
    });
    response.write(OPENING);
  }

  /** Whether the stream has ended, on either side. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls `act` when the stream ends. */
  onOver(act: () => void): void {
    if (this.#isOver) act();
    else this.#onOver = act;
  }

  /**
   * Writes a frame, which others may share. Calls `next` later, when the kernel has taken all of it or the stream has ended. So a
   * follower that does not read has at most one frame in memory here.
   */
  send(frame: Buffer, next: () => void): void {
    this.#next = next;
    if (this.#isOver) process.nextTick(() => this.#proceed());
    else this.#response.write(frame, this.#onTaken);
  }

  /** Sends a heartbeat, unless data is waiting for the follower anyway. */
  beat(): void {
    if (!this.#isOver && this.#next === undefined) this.#response.write(HEARTBEAT);
  }

  /** Ends the stream with a last frame. A follower that does not read it is disconnected. */
  end(frame: Buffer): void {
    if (this.#isOver) return;
    // From here on the limit is that of the last word.
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
