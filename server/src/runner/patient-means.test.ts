import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { cancelled } from './failure/build-failed.ts';
import type { Jobs } from './jobs/jobs.ts';
import { patient } from './patient-means.ts';

const away = new Error('end a build', { cause: new DatabaseUnavailable('ask the database') });

test('what a build asks of the database waits, a claim does not, and its end is told even after it was aborted', async () => {
  const abort = new AbortController();
  const failing = new Set<unknown>();
  const answer = async () => {
    if (failing.has(answer)) return true;
    failing.add(answer);
    throw away;
  };
  const asking: Partial<Jobs> = { end: answer, claim: () => Promise.reject(away) };
  const foreign = { known: {} };
  const means = { jobs: asking, bases: { foreign, hasRepository: answer }, monotonicMs: () => 0 } as never;
  const { jobs, bases } = patient(means, { mayWait: () => true, signal: abort.signal }) as {
    jobs: Jobs;
    bases: { hasRepository: () => Promise<boolean> };
  };
  await assert.rejects(jobs.claim('runnable'), away);
  assert.equal(await bases.hasRepository(), true);
  failing.clear();
  abort.abort(cancelled());
  await assert.rejects(bases.hasRepository(), { kind: 'cancelled' });
  failing.clear();
  assert.equal(await jobs.end({} as never, { status: 'SUCCESS' }), true);
});
