import { setTimeout as sleep } from 'node:timers/promises';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type Server, ServerAway } from './find-server.ts';
import { say } from './say.ts';

/** How long a command waits for a server that is gone. */
export const AWAY_LIMIT_MS = 120_000;
export const RETRY_MS = 250;

/** The server sends a comment every 15 seconds, so a silent connection is dead. */
export class Silence extends Error {}

/**
 * Repeats a call that changes nothing when repeated, while the server is away: one that is stopping closes its port when its last
 * build has ended, and its successor may have another. Throws the last error after two minutes.
 */
export async function untilServed<Result>(server: Server, call: () => Promise<Result>): Promise<Result> {
  let awaySinceMs: number | undefined;
  for (;;) {
    try {
      if (awaySinceMs !== undefined) await server.refresh();
      return await call();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (awaySinceMs === undefined) say('the server is gone; continuing as soon as one answers');
      awaySinceMs ??= performance.now();
      if (performance.now() - awaySinceMs > AWAY_LIMIT_MS) throw error;
    }
    await sleep(RETRY_MS);
  }
}

/** Whether a retry may help: the connection broke or was refused, or the server is away, starting, stopping or busy. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Silence || error instanceof ServerAway) return true;
  return (error instanceof TypeError && !isProgramming(error)) || isBusy(error);
}

/** fetch throws TypeErrors with these messages for network failures; all others are bugs. */
function isProgramming(error: TypeError): boolean {
  return error.message !== 'fetch failed' && error.message !== 'terminated';
}

export function isBusy(error: unknown): boolean {
  return error instanceof ApiCallError && (error.status === 503 || error.status === 429);
}
