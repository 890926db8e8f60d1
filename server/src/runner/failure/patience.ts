import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreUnreachable } from '#blob/blob.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';

/** How long a build waits for the database or the storage. A build that can still continue does so after an outage. */
const PATIENCE_MS = 600_000;
const FIRST_PAUSE_MS = 500;
/** Each try of a push starts a program. */
const LONGEST_PAUSE_MS = 8_000;

/** How a build waits. */
export interface Patience {
  monotonicMs?: () => number;
  /** Ends the wait, which then rejects with its reason. */
  signal?: AbortSignal;
  mayWait?: () => boolean;
}

/** Asks, and asks again while the server's own database, storage or registry is away. Then it rejects with the last error. */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  { monotonicMs = () => performance.now(), signal, mayWait = () => true }: Patience,
  onAway: (error: unknown) => Promise<void> = async () => undefined,
): Promise<Answer> {
  const endMs = monotonicMs() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isAway(error) || monotonicMs() > endMs || !mayWait()) throw error;
      if (pauseMs === FIRST_PAUSE_MS) await onAway(error);
      await pause(isDatabaseUnavailable(error) ? FIRST_PAUSE_MS : pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
}

/** A build to which the wait is told. */
export interface WaitingBuild {
  signal: AbortSignal;
  say: (line: string) => Promise<void>;
}

/** Waits as `patiently` does for what a build asks of this server's own storage, and says so in its log. `doing` begins a sentence. */
export function storagePatiently<Answer>(
  { signal, say }: WaitingBuild,
  doing: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const minutes = PATIENCE_MS / 60_000;
  return patiently(ask, { signal }, () =>
    say(
      `${doing} has to wait: the storage of this server does not answer now; it is tried again for up to ${minutes} minutes`,
    ),
  );
}

function isAway(error: unknown): boolean {
  return (
    isDatabaseUnavailable(error) ||
    isStoreUnreachable(error) ||
    (error instanceof RegistryError && error.kind === 'unreachable')
  );
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  signal?.throwIfAborted();
}
