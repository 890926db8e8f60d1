import type { ServerResponse } from 'node:http';

/** A reply whose head is written and whose body goes out with those of others. */
interface WaitingReply {
  readonly response: ServerResponse;
  readonly body: string;
  readonly encoding: 'utf8' | 'latin1';
}

let waiting: WaitingReply[] = [];

/**
 * Ends a response when all requests that came with its own are answered, which is before anything else is read. A write wakes
 * whoever waits for it, and on a virtual machine waking costs as much as half a call: replies that go out one after the other
 * wake a client on many connections once.
 */
export function endTogether(response: ServerResponse, body: string, encoding: 'utf8' | 'latin1'): void {
  if (waiting.push({ response, body, encoding }) === 1) setImmediate(endAll);
}

function endAll(): void {
  const replies = waiting;
  waiting = [];
  for (const { response, body, encoding } of replies) {
    // Its client may have gone meanwhile.
    if (!response.destroyed) response.end(body, encoding);
  }
}
