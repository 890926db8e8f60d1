import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import type { Jobs } from './jobs.ts';
import { patient } from './patient-jobs.ts';

const away = new Error('end a build', { cause: new DatabaseUnavailable('ask the database') });

test('a build waits for a database that is away, but not forever, and for no other error', async () => {
  let asked = 0;
  let nowMs = 0;
  let fail: (asked: number) => unknown = (times) => (times < 2 ? away : undefined);
  const answer = async () => {
    asked += 1;
    const error = fail(asked);
    if (error !== undefined) throw error;
    return true;
  };
  const asking: Partial<Jobs> = { end: answer, claim: async () => Promise.reject(away) };
  let mayWait = true;
  const { jobs } = patient({ jobs: asking as Jobs, monotonicMs: () => nowMs }, () => mayWait);
  const end = () => jobs.end({} as never, { status: 'SUCCESS' });
  assert.equal(await end(), true);
  assert.equal(asked, 2);
  await assert.rejects(jobs.claim('runnable'), away, 'a claim is tried again at the next look');
  fail = () => new Error('other');
  await assert.rejects(end(), /other/);
  fail = () => {
    nowMs += 700_000;
    return away;
  };
  await assert.rejects(end(), away);
  fail = () => {
    mayWait = false;
    return away;
  };
  await assert.rejects(end(), away);
});
