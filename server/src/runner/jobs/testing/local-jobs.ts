import assert from 'node:assert/strict';
import type { BlobStore } from '#blob/blob.ts';
import { LocalJobs, type LocalJobsMeans } from '../local-jobs.ts';

/** Jobs of a database under test, whose runner may have one build at once unless it is told otherwise. */
export function localJobsUnderTest(means: Pick<LocalJobsMeans, 'db' | 'now'> & Partial<LocalJobsMeans>): LocalJobs {
  return new LocalJobs({
    owner: 'node-1/runner-1',
    leaseMs: 1000,
    queueLimits: { perInstance: 1, perRepository: 1 },
    reserve: { write: (act) => act() },
    blobs: {} as BlobStore,
    keepCache: true,
    limits: { sourceBytes: 2 ** 30 },
    report: assert.fail,
    ...means,
  });
}
