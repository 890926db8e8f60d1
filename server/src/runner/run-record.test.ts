import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Logbook } from '@slipway/logbook';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import { BuildFailed } from './failure/build-failed.ts';
import { localJobsUnderTest } from './jobs/testing/local-jobs.ts';
import { Lease } from './lease.ts';
import { Masker } from './mask/masker.ts';
import { BuildLog } from './output/build-log.ts';
import { type RecordMeans, runRecord } from './run-record.ts';
import type { BuildEnd } from './stages/build-end.ts';

const SECRET = 'hunter2-hunter2';
const SPLIT_SECRET = 'a secret key\nof two lines';

/** Runs a record that ends with an error before its first stage; returns how it ended, and the error that was reported. */
async function endedBy(error: Error): Promise<{ end: BuildEnd; reported: unknown }> {
  await using undo = new AsyncDisposableStack();
  const db = await openDatabaseUnderTest();
  undo.defer(() => db.destroy());
  await insertRepositoryUnderTest(db);
  await insertBuildRecordUnderTest(db);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-record-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const logbook = await Logbook.open({ folder });
  undo.defer(() => logbook.close());
  const now = () => 1;
  const jobs = localJobsUnderTest({ db, now });
  const job = await jobs.claim('runnable');
  assert.ok(job);
  const { buildRecordId } = job.record;
  const start = { ms: 1, monotonicMs: 1 };
  const lease = new Lease({ jobs, now, monotonicMs: now, leaseMs: 1000 }, job.holder, start, () => undefined);
  const writer = await logbook.create(buildRecordId);
  const log = new BuildLog(writer, { monotonicMs: now, masker: new Masker([SECRET, SPLIT_SECRET]) });
  undo.defer(() => writer.release());
  const reports: unknown[] = [];
  const means: Partial<RecordMeans> = { jobs, version: '1', now, report: (_, cause) => reports.push(cause) };
  const end = await runRecord(means as RecordMeans, {
    job,
    lease,
    log,
    signal: new AbortController().signal,
    machine: () => Promise.reject(error),
  });
  return { end, reported: reports[0] };
}

test('the message, the summary, the facts and the Dockerfile lines of a failure are stored without secrets', async () => {
  const failed = new BuildFailed('secret-missing', `step 2 (RUN login ${SECRET}) failed: no ${SECRET}`, {
    facts: { secret: SECRET },
    summary: `no ${SECRET}`,
    exitCode: 1,
  });
  failed.dockerfile = {
    path: 'Dockerfile',
    firstLine: 1,
    lastLine: 2,
    lines: ['RUN a secret key', `of two lines ${SECRET}`],
  };
  const { end } = await endedBy(failed);
  assert.deepEqual(end.failure, {
    fault: 'source',
    kind: 'secret-missing',
    facts: { secret: '***' },
    line: undefined,
    message: 'step 2 (RUN login ***) failed: no ***',
    summary: 'no ***',
    exitCode: 1,
    dockerfile: { path: 'Dockerfile', firstLine: 1, lastLine: 2, lines: ['RUN *** ***'] },
  });
});

test('an error of the machine is reported to the server’s log without secrets, and so are its causes', async () => {
  const { end, reported } = await endedBy(new Error(`lost ${SECRET}`, { cause: new Error(`because of ${SECRET}`) }));
  assert.equal(end.failure?.fault, 'machine');
  assert.ok(reported instanceof Error && reported.cause instanceof Error);
  assert.deepEqual([reported.message, reported.cause.message], ['lost ***', 'because of ***']);
  for (const text of [reported.stack, reported.cause.stack, JSON.stringify(end)])
    assert.doesNotMatch(text ?? '', /hunter2/);
});
