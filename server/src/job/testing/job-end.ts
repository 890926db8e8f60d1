import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#db/database.ts';

const PAUSE_MS = 3;

/** Resolves once that many jobs have ended, and what they wrote at their end can be read: they end with the commit of it. */
export function jobEnds(db: Database, count: number): Promise<void> {
  return until(async () => {
    const query = db.selectFrom('job').where('state', 'not in', ['PENDING', 'RUNNING']);
    const { ended } = await query.select((eb) => eb.fn.countAll<number>().as('ended')).executeTakeFirstOrThrow();
    return ended >= count;
  });
}

/** The same for one job. */
export function jobEnd(db: Database, jobId: string): Promise<void> {
  return until(async () => {
    const query = db.selectFrom('job').select('state').where('job_id', '=', jobId);
    const { state } = await query.executeTakeFirstOrThrow();
    return state !== 'PENDING' && state !== 'RUNNING';
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(PAUSE_MS);
}
