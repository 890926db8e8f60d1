import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { isDatabaseUnavailable } from './database-unavailable.ts';
import { engineOf } from './engine.ts';
import { refuseUnfit, UnfitDatabase } from './postgres/fit-database.ts';

/** Who asks waits for the answer. */
const ANSWER_MS = 2_000;
/** Leases and logs are measured by clocks of machines. */
const CLOCK_LIMIT_MS = 5_000;

/** Why a server cannot work with its database now, as sentences; none if it can. Answers within seconds, whatever the network does. */
export async function databaseProblems(
  db: Database,
  { now, answerMs = ANSWER_MS }: { now: () => number; answerMs?: number },
): Promise<string[]> {
  // It is a file beside the server, whose clock is the server's.
  if (engineOf(db) === 'sqlite') return [];
  const timer = new AbortController();
  const late = sleep(answerMs, undefined, { signal: timer.signal });
  const beforeMs = now();
  try {
    const databaseMs = await Promise.race([refuseUnfit(db), late]);
    if (databaseMs === undefined) return [`the database does not answer within ${answerMs / 1000} s`];
    const aheadMs = databaseMs - (beforeMs + now()) / 2;
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    if (Math.abs(aheadMs) <= CLOCK_LIMIT_MS) return [];
    return [
      `the clock of the database is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of this machine; set the one that is wrong`,
    ];
  } catch (error) {
    if (error instanceof UnfitDatabase) return [error.message];
    if (isDatabaseUnavailable(error)) return ['the database cannot be reached; the server tries again until it can'];
    throw error;
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
