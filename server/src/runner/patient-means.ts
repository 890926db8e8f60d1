import { type Patience, patiently } from './failure/patience.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { BuildMeans } from './stages/build-job.ts';

/** What of a build's means asks the database. */
type AskingMeans = Pick<
  BuildMeans,
  'beginRefusal' | 'codeHost' | 'buildSecrets' | 'givenSecrets' | 'pushRefusal' | 'bases'
> & { jobs: Jobs; monotonicMs: () => number };

/**
 * For a build that runs: while the database cannot answer, what it asks waits, and is asked again. How it ends waits even after it was
 * aborted, but not in a server that has to end, whose next start ends the build.
 */
export function patient<Means extends AskingMeans>(
  means: Means,
  { mayWait, signal }: { mayWait: () => boolean; signal: AbortSignal },
): Means {
  const { jobs, monotonicMs, bases } = means;
  const toEnd = waiting({ monotonicMs, mayWait });
  const running = waiting({ monotonicMs, mayWait, signal });
  const { foreign } = bases;
  return {
    ...means,
    jobs: {
      claim: (wanted) => jobs.claim(wanted),
      beat: toEnd((builds, leaseMs) => jobs.beat(builds, leaseMs)),
      note: toEnd((build, facts) => jobs.note(build, facts)),
      takeTagTurn: toEnd((build) => jobs.takeTagTurn(build)),
      end: toEnd((job, end) => jobs.end(job, end)),
    } satisfies Jobs,
    beginRefusal: running(means.beginRefusal),
    codeHost: running(means.codeHost),
    buildSecrets: running(means.buildSecrets),
    givenSecrets: running(means.givenSecrets),
    pushRefusal: running(means.pushRefusal),
    bases: {
      ...bases,
      hasRepository: running(bases.hasRepository),
      pullCredential: running(bases.pullCredential),
      foreign: {
        ...foreign,
        registryWay: running(foreign.registryWay),
        known: { find: running(foreign.known.find), save: running(foreign.known.save) },
      },
    },
  };
}

function waiting(patience: Patience) {
  return <Asked extends unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) =>
    (...asked: Asked): Promise<Answer> =>
      patiently(() => ask(...asked), patience);
}
