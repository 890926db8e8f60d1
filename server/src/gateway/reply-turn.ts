import type { ServerResponse } from 'node:http';

/** A reply whose head is written and whose body goes out with those of others. */
interface WaitingReply {
  readonly response: ServerResponse;
  readonly body: string;
  readonly encoding: 'utf8' | 'latin1';
}

/**
 * Ends responses when all requests that came with theirs are answered, which is before anything else is read. A write wakes
 * whoever waits for it, and on a virtual machine waking costs as much as half a call: replies that go out one after the other
 * wake a client on many connections once. What must be done before any of them goes out is done once for all.
 */
export class ReplyTurn {
  readonly #before: () => void;
  #waiting: WaitingReply[] = [];

  /** `before` is called when replies are about to go out; where it throws, none does, and their connections are closed. */
  constructor(before: () => void) {
    this.#before = before;
  }

  /** Ends a response whose head is written, soon. */
  end(response: ServerResponse, body: string, encoding: 'utf8' | 'latin1'): void {
    if (this.#waiting.push({ response, body, encoding }) === 1) setImmediate(() => this.#endAll());
  }

  #endAll(): void {
    const replies = this.#waiting;
    this.#waiting = [];
    const error = this.#failure();
    for (const { response, body, encoding } of replies) {
      if (error !== undefined) response.destroy(error);
      // Its client may have gone meanwhile.
      else if (!response.destroyed) response.end(body, encoding);
    }
  }

  #failure(): Error | undefined {
    try {
      this.#before();
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }
}
