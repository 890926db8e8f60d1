import type { ServerResponse } from 'node:http';

/**
 * Disconnects a client that takes no byte of its answer for `stallMs`, because what it keeps waiting takes memory and an
 * open file. The answer itself may take any time. A stream of events sets a limit of its own instead.
 */
export function timeAnswer(response: ServerResponse, stallMs: number): void {
  // Node calls this when the socket neither read nor wrote anything, and again after it did and stopped.
  response.setTimeout(stallMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
}
