import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import type { Jobs } from './jobs.ts';

/** How long a build waits for the database. A build that can still continue does so after an outage. */
const PATIENCE_MS = 600_000;
const PAUSE_MS = 500;

/**
 * For a build that runs: while the database cannot answer, what it asks of its jobs waits, and is asked again. It may not wait in a
 * server that has to end, whose next start ends the build.
 */
export function patient<Means extends { jobs: Jobs; monotonicMs: () => number }>(
  means: Means,
  mayWait: () => boolean,
): Means {
  const { jobs, monotonicMs } = means;
  const patiently = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    const endMs = monotonicMs() + PATIENCE_MS;
    for (;;)
      try {
        return await ask();
      } catch (error) {
        if (!isDatabaseUnavailable(error) || monotonicMs() > endMs || !mayWait()) throw error;
        await sleep(PAUSE_MS);
      }
  };
  const patientJobs: Jobs = {
    claim: (wanted) => jobs.claim(wanted),
    beat: (builds, leaseMs) => patiently(() => jobs.beat(builds, leaseMs)),
    note: (build, facts) => patiently(() => jobs.note(build, facts)),
    takeTagTurn: (build) => patiently(() => jobs.takeTagTurn(build)),
    end: (job, end) => patiently(() => jobs.end(job, end)),
  };
  return { ...means, jobs: patientJobs };
}
