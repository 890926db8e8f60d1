import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Shares } from '#admission/shares.ts';
import { ApiError } from '#rpc/api-error.ts';
import { Follower, type FollowerOrigin, type FollowerOwner, type StallLimits } from './follower.ts';
import { eventFrame } from './stream-frames.ts';

/** How many streams there may be, and how long one may stand still. */
export interface FollowerLimits extends StallLimits {
  /** All together. */
  readonly total: number;
  /** Of one caller, and of one address. */
  readonly each: number;
  readonly heartbeatMs: number;
}

/**
 * The streams that are open. Each is a socket and a position in a log: none holds lines, so that their number costs
 * little and one that reads slowly, or never, costs nobody else anything.
 */
export class Followers implements FollowerOwner {
  readonly limits: FollowerLimits;
  readonly #logger: Pick<Logger, 'warn'> | undefined;
  readonly #open = new Set<Follower>();
  readonly #shares = new Shares();
  #heartbeat: NodeJS.Timeout | undefined;
  #draining = false;
  #dropped = 0;

  constructor(limits: FollowerLimits, logger?: Pick<Logger, 'warn'>) {
    this.limits = limits;
    this.#logger = logger;
  }

  /** How many streams are open. */
  get count(): number {
    return this.#open.size;
  }

  /** How many were dropped because they did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Throws when there may be no more: 429 for the caller's or the address's share, 503 for the server's. */
  admit(origin: FollowerOrigin): void {
    if (this.#draining) throw busy('it is stopping');
    if (this.#open.size >= this.limits.total) throw busy(`it has ${this.limits.total} streams open`);
    for (const key of keysOf(origin)) {
      if (this.#shares.of(key) < this.limits.each) continue;
      throw new ApiError(
        'Throttling',
        429,
        `Request was denied due to request throttling: there are ${this.limits.each} streams of this ${key.split(' ')[0]}.`,
      );
    }
  }

  /** Takes over a response that was admitted, and begins the stream. */
  open(response: ServerResponse, origin: FollowerOrigin, requestId: string): Follower {
    const follower = new Follower(response, origin, requestId, this);
    this.#open.add(follower);
    for (const key of keysOf(origin)) this.#shares.add(key, 1);
    this.#heartbeat ??= setInterval(() => this.#beat(), this.limits.heartbeatMs);
    return follower;
  }

  /** Counts a follower that is dropped, and says so. */
  onDrop({ requestId, origin }: Follower): void {
    this.#dropped += 1;
    this.#logger?.warn({ requestId, ...origin }, 'a follower of a log was dropped, since it did not read');
  }

  /** Forgets a follower whose connection is closed. */
  onClose(follower: Follower): void {
    this.#open.delete(follower);
    for (const key of keysOf(follower.origin)) this.#shares.add(key, -1);
    if (this.#open.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  /** Asks all followers to come back later and takes no new ones. */
  drain(): void {
    this.#draining = true;
    for (const follower of this.#open) follower.end(eventFrame('reconnect', { Reason: 'the server is stopping' }));
  }

  #beat(): void {
    for (const follower of this.#open) follower.beat();
  }
}

function keysOf(origin: FollowerOrigin): string[] {
  return [`caller ${origin.caller}`, `address ${origin.address}`];
}

function busy(why: string): ApiError {
  return new ApiError(
    'ServiceUnavailable',
    503,
    `The request has failed due to a temporary failure of the server: ${why}.`,
  );
}
