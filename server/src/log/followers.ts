import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Shares } from '#admission/shares.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { Follower, type FollowerOrigin, type FollowerOwner, type StallLimits } from './follower.ts';
import { eventFrame } from './stream-frames.ts';

/** How many streams there may be, and how long one may stall. */
export interface FollowerLimits extends StallLimits {
  /** Of the server. */
  readonly total: number;
  /** Of each caller, and of each address. */
  readonly each: number;
  readonly heartbeatMs: number;
}

/**
 * The open streams. Each is a socket and a position in a log, and holds no lines. Many streams cost little, and one that reads
 * slowly or never costs the others nothing.
 */
export class Followers implements FollowerOwner {
  readonly limits: FollowerLimits;
  readonly #logger: Pick<Logger, 'warn'> | undefined;
  readonly #open = new Set<Follower>();
  /** Connections that are still open after their stream. */
  readonly #after = new Set<Socket>();
  #onClosed: (() => void) | undefined;
  readonly #shares = new Shares();
  #heartbeat: NodeJS.Timeout | undefined;
  #draining = false;
  #dropped = 0;

  constructor(limits: FollowerLimits, logger?: Pick<Logger, 'warn'>) {
    this.limits = limits;
    this.#logger = logger;
  }

  /** The number of open streams. */
  get count(): number {
    return this.#open.size;
  }

  /** The number of streams that were dropped because they did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Throws if a limit is reached: 429 for the caller's or the address's, 503 for the server's. */
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

  /** Takes over an admitted response and starts the stream. */
  open(response: ServerResponse, origin: FollowerOrigin, requestId: string): Follower {
    const follower = new Follower(response, origin, requestId, this);
    this.#open.add(follower);
    const { socket } = response;
    response.once('close', () => this.#awaitEnd(socket));
    for (const key of keysOf(origin)) this.#shares.add(key, 1);
    this.#heartbeat ??= setInterval(() => this.#beat(), this.limits.heartbeatMs);
    return follower;
  }

  /** Counts and logs a dropped follower. */
  onDrop({ requestId, origin }: Follower): void {
    this.#dropped += 1;
    this.#logger?.warn({ requestId, ...origin }, 'dropped a log follower that did not read');
  }

  /** Removes a follower whose connection is closed. */
  onClose(follower: Follower): void {
    this.#open.delete(follower);
    for (const key of keysOf(follower.origin)) this.#shares.add(key, -1);
    this.#onClosed?.();
    if (this.#open.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  /**
   * Asks all followers to reconnect later, and accepts no new ones. Before, those whose log has ended have up to `limitMs` to read
   * it to its end and to close their connections: commands ask for the result of the build over the same one.
   */
  async drain(limitMs = 0): Promise<void> {
    if (limitMs > 0) await this.#readToEnd(limitMs);
    this.#draining = true;
    for (const follower of this.#open) follower.end(eventFrame('reconnect', { Reason: 'the server is stopping' }));
  }

  async #readToEnd(limitMs: number): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#onClosed?.();
    }, limitMs);
    for (;;) {
      // Made before it is looked whether any is left: one may close meanwhile.
      const closed = new Promise<void>((resolve) => (this.#onClosed = resolve));
      if (isLate || !(await this.#isReading())) break;
      await closed;
    }
    clearTimeout(timer);
  }

  /** Whether anyone still reads a log that has ended, or the result of its build. */
  async #isReading(): Promise<boolean> {
    const atTheirEnd = await Promise.all([...this.#open].map((follower) => follower.isAtItsEnd()));
    return this.#after.size > 0 || atTheirEnd.includes(true);
  }

  #awaitEnd(socket: Socket | null): void {
    if (socket === null || socket.destroyed || this.#after.has(socket)) return;
    this.#after.add(socket);
    socket.once('close', () => {
      this.#after.delete(socket);
      this.#onClosed?.();
    });
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
