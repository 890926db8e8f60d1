import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Logbook } from '@slipway/logbook';
import { findBuildRecord, updateCommit } from '#build/build-store.ts';
import { refuseLostLog } from '#build/logs/log-id-store.ts';
import { verdictOfUnsealed } from '#build/logs/log-verdict.ts';
import { buildFence } from '#build/queue/tag-order-store.ts';
import { claimBuildUnderTest, insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import type { Database } from '#db/database.ts';
import { passLeases } from '#db/testing/pass-leases.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import { BuildLog } from './output/build-log.ts';
import { StepRecorder } from './output/step-recorder.ts';
import { recoverBuilds } from './recover.ts';

const BUILD = 'b8a1e1a0-0000-4000-8000-000000000001';
const LONG_MS = 3_600_000;
/** A claim of an earlier server of this node, whose lease is not over. */
const LEFT = { owner: 'node-1/runner-1', leaseMs: LONG_MS };

/** A database with the build, and a folder for its log. */
async function prepare(t: TestContext): Promise<{ db: Database; folder: string }> {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const folder = await mkdtemp(join(tmpdir(), 'slipway-recover-'));
  t.after(() => rm(folder, { recursive: true }));
  await insertRepositoryUnderTest(db);
  await insertBuildRecordUnderTest(db, { buildRecordId: BUILD });
  return { db, folder };
}

/** The log as the next server has it, after it ended what the last one left. */
async function recover(t: TestContext, db: Database, folder: string): Promise<Logbook> {
  const logbook = await Logbook.open({ folder });
  t.after(() => logbook.close());
  const sandbox = { cleanUp: async () => undefined } as Partial<Sandbox> as Sandbox;
  await recoverBuilds({ nodeId: 'node-1', db, logbook, sandbox, version: '1', now: Date.now, report: assert.fail });
  return logbook;
}

test('a lost build gets its closing lines, even if a step printed a line like them', async (t) => {
  const { db, folder } = await prepare(t);
  await claimBuildUnderTest(db, LEFT);
  const before = await Logbook.open({ folder });
  const log = new BuildLog(await before.create(BUILD), { monotonicMs: () => 0 });
  await log.header('header');
  await log.begin('DOCKER_IMAGE_BUILD');
  const recorder = new StepRecorder({ save: async () => undefined, now: () => 0 });
  const output = log.builderOutput(recorder, []);
  const data = Buffer.from('build stage end after 1.00 s\n').toString('base64');
  const vertexes = [{ digest: 'a', name: '[1/1] RUN x', started: '2026-01-01T00:00:00Z' }];
  for (const message of [{ vertexes }, { logs: [{ vertex: 'a', data }] }])
    await output.write(Buffer.from(`${JSON.stringify(message)}\n`));
  await log.committed();
  await before.close();

  const logbook = await recover(t, db, folder);
  assert.equal((await findBuildRecord(db, BUILD))?.status, 'FAILED');
  const [, , , printed, reason, closed] = await logbook.lines(BUILD, 0);
  assert.deepEqual([printed?.message, printed?.step], ['build stage end after 1.00 s', 1]);
  assert.equal(reason?.message, 'the server ended while the build ran');
  assert.match(closed?.message ?? '', /^build stage failed after [\d.]+ s$/);
});

test('a lost build that had pushed its image is a success, with a partial log that says why, even if it is sealed later', async (t) => {
  const { db, folder } = await prepare(t);
  const build = await claimBuildUnderTest(db, LEFT);
  const digest = `sha256:${'d'.repeat(64)}`;
  const before = await Logbook.open({ folder });
  const log = new BuildLog(await before.create(BUILD), { monotonicMs: () => 0 });
  await log.header('header');
  await log.begin('DOCKER_IMAGE_PUSH');
  await log.committed();
  await before.close();
  await buildFence(db, build, { repoId: 'crr-1', tag: 'latest', digest });

  const logbook = await recover(t, db, folder);
  const { status, imageDigest, failure } = (await findBuildRecord(db, BUILD)) ?? {};
  assert.deepEqual([status, imageDigest, failure], ['SUCCESS', digest, undefined]);
  const [reason, closed] = (await logbook.lines(BUILD, 0)).slice(-2);
  assert.equal(
    reason?.message,
    `the server ended while the build ran, after it had pushed its image, digest ${digest}`,
  );
  assert.match(closed?.message ?? '', /^push stage end after [\d.]+ s$/);
  assert.equal((await logbook.reach(BUILD))?.seal?.verdict, 'partial');
  const ended = await findBuildRecord(db, BUILD);
  assert.deepEqual(verdictOfUnsealed(ended), { verdict: 'partial', reason: 'the server ended while the build ran' });
});

test('a start leaves builds of other nodes alone while their leases last, and ends them afterwards, never with a new log', async (t) => {
  const { db, folder } = await prepare(t);
  // Its name begins like that of this node.
  const owner = 'node-12/runner-1';
  await claimBuildUnderTest(db, { owner, leaseMs: LONG_MS });
  await recover(t, db, folder);
  assert.equal((await findBuildRecord(db, BUILD))?.status, 'BUILDING');
  await assert.rejects(refuseLostLog({ db, nodeId: 'node-1' }, BUILD), {
    status: 503,
    message: /at the server that began/,
  });
  await refuseLostLog({ db, nodeId: 'node-12' }, BUILD);

  await passLeases(db, LONG_MS + 11_000);
  const logbook = await recover(t, db, folder);
  const { status, failure, lostLines } = (await findBuildRecord(db, BUILD)) ?? {};
  const message = 'the worker that ran the build was lost';
  assert.deepEqual([status, failure?.kind, lostLines], ['FAILED', 'worker-lost', message]);
  assert.equal(await logbook.reach(BUILD), undefined);
  await assert.rejects(refuseLostLog({ db, nodeId: 'node-other' }, BUILD), { code: 'BUILD_LOG_LOST' });
});

test('a build of another node whose log is here keeps it open until its lease ends; then the log says why, and is sealed partial', async (t) => {
  const { db, folder } = await prepare(t);
  // Servers before node.json wrote such owners.
  const holder = await claimBuildUnderTest(db, { owner: 'host-123-a', leaseMs: LONG_MS });
  await updateCommit(db, holder, { commitId: 'c', author: 'a', message: 'm' }, 3);
  const before = await Logbook.open({ folder });
  const log = new BuildLog(await before.create(BUILD), { monotonicMs: () => 0 });
  await log.header('header');
  await log.begin('GIT_CLONE');
  await log.committed();
  await before.close();
  const first = await recover(t, db, folder);
  assert.deepEqual([(await first.reach(BUILD))?.sealed, (await first.reach(BUILD))?.lineCount], [false, 2]);
  await first.close();

  await passLeases(db, LONG_MS + 11_000);
  const second = await recover(t, db, folder);
  const [header, , reason, closed] = (await second.lines(BUILD, 0)).map(({ message }) => message);
  const lost = 'the worker that ran the build was lost';
  assert.deepEqual([header, reason], ['header', lost]);
  assert.match(closed ?? '', /^fetch stage failed after [\d.]+ s$/);
  const { status, failure } = (await findBuildRecord(db, BUILD)) ?? {};
  assert.deepEqual([status, failure?.kind, failure?.line], ['FAILED', 'worker-lost', 3]);
  const { verdict, reason: why } = (await second.reach(BUILD))?.seal ?? {};
  assert.deepEqual([verdict, why], ['partial', lost]);
});

test('a build of this node that had no line yet gets a log that says why it ended; one whose log was removed gets no other', async (t) => {
  for (const isBegun of [false, true]) {
    const { db, folder } = await prepare(t);
    const holder = await claimBuildUnderTest(db, LEFT);
    if (isBegun) await updateCommit(db, holder, { commitId: 'c', author: 'a', message: 'm' }, 3);
    const logbook = await recover(t, db, folder);
    assert.equal((await findBuildRecord(db, BUILD))?.failure?.kind, 'server-ended');
    const lines = (await logbook.reach(BUILD)) && (await logbook.lines(BUILD, 0)).map(({ message }) => message);
    if (isBegun) assert.equal(lines, undefined);
    else assert.equal(lines?.at(-2), 'the server ended while the build ran');
  }
});
