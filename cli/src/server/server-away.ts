import { setTimeout as sleep } from 'node:timers/promises';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { readEnvironment } from '../input/environment.ts';
import { say } from '../output/say.ts';
import { type Server, ServerAway } from './find-server.ts';
import { proxyFailure } from './proxy-failure.ts';

/** How long a command waits for a server that is gone. */
const AWAY_LIMIT_MS = 120_000;
const RETRY_MS = 250;

/** The server sends a comment every 15 seconds, so a silent connection is dead. */
export class Silence extends Error {}

/** The stream ended before what it shows did; the server continues it on another connection. */
export class Interrupted extends Error {}

/**
 * Repeats a call that changes nothing when repeated, while the server is away: one that is stopping closes its port when its last
 * build has ended, and its successor may have another. Says so once for each time away; a call that goes on for long tells by
 * `served` that it has an answer. Throws `CliError` if the server stays away for two minutes.
 */
export async function untilServed<Result>(
  server: Server,
  call: (served: () => void) => Promise<Result>,
  { tell = say, later = 'try again' }: { tell?: (text: string) => void; later?: string } = {},
): Promise<Result> {
  let awaySinceMs: number | undefined;
  const served = () => {
    awaySinceMs = undefined;
  };
  for (;;) {
    try {
      if (awaySinceMs !== undefined) await server.refresh();
      return await call(served);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (awaySinceMs === undefined) tell('the server stopped answering; continuing as soon as it answers again');
      awaySinceMs ??= performance.now();
      if (performance.now() - awaySinceMs > AWAY_LIMIT_MS) throw serverAway(later, error);
    }
    await sleep(RETRY_MS);
  }
}

function serverAway(later: string, cause: unknown): CliError {
  const proxy = cause instanceof TypeError ? proxyFailure(cause, readEnvironment().proxy) : undefined;
  const since = `the server has not answered for ${AWAY_LIMIT_MS / 1000} seconds`;
  const message = `${proxy === undefined ? since : `${since}: ${proxy}`}; once it does: ${later}`;
  return new CliError(EXIT_CODES.machine, message, { cause });
}

/** Whether a retry may help: the connection broke or was refused, or the server is away, starting, stopping or busy. */
function isPassing(error: unknown): boolean {
  if (error instanceof Silence || error instanceof Interrupted || error instanceof ServerAway) return true;
  return (error instanceof TypeError && !isProgramming(error)) || isBusy(error);
}

/** fetch throws TypeErrors with these messages for network failures; all others are bugs. */
function isProgramming(error: TypeError): boolean {
  return error.message !== 'fetch failed' && error.message !== 'terminated';
}

function isBusy(error: unknown): boolean {
  return error instanceof ApiCallError && (error.status === 503 || error.status === 429);
}
