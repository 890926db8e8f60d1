import type { ServerResponse } from 'node:http';

/** A reply whose head is written and whose body goes out with those of others. */
interface WaitingReply {
  readonly response: ServerResponse;
  readonly body: string;
  readonly encoding: 'utf8' | 'latin1';
}

/**
 * Ends responses when all requests that came with theirs are answered, which is before anything else is read. A write wakes
 * the client that waits for it, and on a virtual machine waking costs as much as half a call: replies that go out one after the
 * other wake a client with many connections once. What must be done before any of them goes out is done once for all.
 */
export class ReplyTurn {
  readonly #before: () => void;
  readonly #onFault: (error: unknown) => void;
  #waiting: WaitingReply[] = [];

  /**
   * `before` is called when replies are about to go out; where it throws, `onFault` is told, none goes out, and their connections
   * are closed.
   */
  constructor(before: () => void, onFault: (error: unknown) => void) {
    this.#before = before;
    this.#onFault = onFault;
  }

  /** Ends a response whose head is written, soon. */
  end(response: ServerResponse, body: string, encoding: 'utf8' | 'latin1'): void {
    if (this.#waiting.push({ response, body, encoding }) === 1) setImmediate(() => this.#endAll());
  }

  #endAll(): void {
    const replies = this.#waiting;
    this.#waiting = [];
    try {
      this.#before();
    } catch (error) {
      this.#onFault(error);
      for (const { response } of replies) response.destroy();
      return;
    }
    for (const { response, body, encoding } of replies) {
      // Its client may have gone meanwhile.
      if (!response.destroyed) response.end(body, encoding);
    }
  }
}
