import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { sql } from 'kysely';
import { SECRET_KEY_BYTES, secretBox } from '#account/secret-box.ts';
import type { Database } from '#db/database.ts';
import { passLeases } from '#db/testing/pass-leases.ts';
import { openDatabaseUnderTest, openTwiceUnderTest, TEST_DATABASE } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import {
  findBuildRecord,
  getBuildRecord,
  type NewBuildRecord,
  updateBaseImages,
  updateCommit,
} from '../build-store.ts';
import { openGivenSecrets, saveGivenSecrets } from '../request/given-secret-store.ts';
import { listBuildSteps, saveBuildSteps } from '../step-store.ts';
import { insertBuildRecordUnderTest } from '../testing/insert-build-record.ts';
import { RUNNING_STEP } from '../testing/running-step.ts';
import { beatBuilds } from './beat-store.ts';
import { cancelSuperseded, requestCancel } from './cancel-store.ts';
import { countRunning, expectedDurationMs, queuePosition } from './outlook-store.ts';
import { claimBuildRecord, claimCancelledRecord, endBuildRecord, takeOverLostRecord } from './queue-store.ts';

/** A claim costs PostgreSQL several trips to the server. */
const RECORDS = TEST_DATABASE === 'sqlite' ? 1000 : 200;
const NO_LIMITS = { perInstance: 1_000_000, perRepository: 1_000_000 };

function addRepositories(db: Database, count: number): Promise<void> {
  const repositories = Array.from({ length: count }, (_, number) => ({
    repoId: `crr-${number}`,
    name: `app${number}`,
  }));
  return insertRepositoryUnderTest(db, repositories);
}

async function memoryQueue(t: TestContext, repositories: number): Promise<Database> {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  await addRepositories(db, repositories);
  return db;
}

/** One database, as two servers have it, or a server and a command. */
async function twoConnections(t: TestContext): Promise<[Database, Database]> {
  const opened = await openTwiceUnderTest();
  t.after(() => opened[Symbol.asyncDispose]());
  return opened.both;
}

function add(db: Database, repoId: string, changes: Partial<NewBuildRecord> = {}): Promise<string> {
  return insertBuildRecordUnderTest(db, { repoId, ...changes });
}

test('fifty claimers over two connections claim all records, each exactly once and at its first epoch', async (t) => {
  const [first, second] = await twoConnections(t);
  await addRepositories(first, 20);
  const ids = await first.transaction().execute(async (db) => {
    const added: string[] = [];
    for (let number = 0; number < RECORDS; number++) added.push(await add(db, `crr-${number % 20}`));
    return added;
  });
  const held = new Map<string, string[]>();
  const claimer = async (name: string, db: Database): Promise<void> => {
    for (;;) {
      const record = await claimBuildRecord(db, { owner: name, nowMs: 1, leaseMs: 1 }, NO_LIMITS);
      if (!record) return;
      assert.equal(record.leaseEpoch, 1);
      held.set(record.buildRecordId, [...(held.get(record.buildRecordId) ?? []), name]);
    }
  };
  await Promise.all(Array.from({ length: 50 }, (_, index) => claimer(`c${index}`, index % 2 ? first : second)));
  assert.deepEqual([...held.keys()].toSorted(), ids.toSorted());
  assert.ok([...held.values()].every((owners) => owners.length === 1));
});

test('of fifty claimers none ever finds room that a limit does not leave, and all builds that end at once end', async (t) => {
  const [first, second] = await twoConnections(t);
  await addRepositories(first, 5);
  for (let number = 0; number < 40; number++) await add(first, `crr-${number % 5}`);
  const ended: string[] = [];
  const claimer = async (owner: string, db: Database): Promise<void> => {
    while (ended.length < 40) {
      const claim = { owner, nowMs: 1, leaseMs: 1 };
      const record = await claimBuildRecord(db, claim, { perInstance: 7, perRepository: 2 });
      if (record === undefined) return;
      const { instance, repository } = await countRunning(db, record);
      assert.ok(instance <= 7 && repository <= 2, `${instance} and ${repository} builds run`);
      const { buildRecordId, leaseEpoch: epoch } = record;
      assert.ok(await endBuildRecord(db, { buildRecordId, owner, epoch }, { status: 'SUCCESS', endedMs: 1 }));
      ended.push(buildRecordId);
    }
  };
  // One that finds no room leaves; the others come again until all builds have ended.
  while (ended.length < 40)
    await Promise.all(Array.from({ length: 50 }, (_, index) => claimer(`c${index}`, index % 2 ? first : second)));
  assert.equal(new Set(ended).size, 40);
  const events = await first.selectFrom('event').select('kind').where('kind', '=', 'build_finished').execute();
  assert.equal(events.length, 40);
});

test('repositories take turns, so one with many builds does not block one with a single build', async (t) => {
  const db = await memoryQueue(t, 3);
  for (let count = 0; count < 4; count++) await add(db, 'crr-0');
  await add(db, 'crr-1');
  await add(db, 'crr-2');
  await add(db, 'crr-1');
  const order: string[] = [];
  for (let nowMs = 1; nowMs <= 7; nowMs++) {
    const record = await claimBuildRecord(db, { owner: 'a', nowMs, leaseMs: 1 }, NO_LIMITS);
    assert.ok(record);
    order.push(record.repoId);
    const holder = { buildRecordId: record.buildRecordId, owner: 'a', epoch: 1 };
    assert.ok(await endBuildRecord(db, holder, { status: 'SUCCESS', endedMs: nowMs }));
  }
  assert.deepEqual(order, ['crr-0', 'crr-1', 'crr-2', 'crr-0', 'crr-1', 'crr-0', 'crr-0']);
});

test('the number of concurrent builds stays within the limits of the repository and the instance', async (t) => {
  const db = await memoryQueue(t, 3);
  for (const repoId of ['crr-0', 'crr-0', 'crr-0', 'crr-1', 'crr-2']) await add(db, repoId);
  const claim = () => claimBuildRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 }, { perInstance: 3, perRepository: 2 });
  const claimed = [await claim(), await claim(), await claim(), await claim()];
  assert.deepEqual(
    claimed.map((record) => record?.repoId),
    ['crr-0', 'crr-1', 'crr-2', undefined],
  );
  const one = { perInstance: 10, perRepository: 1 };
  assert.equal(await claimBuildRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 }, one), undefined);
});

test('a waiting record that should be cancelled is claimed despite the limits, and only to end it', async (t) => {
  const db = await memoryQueue(t, 1);
  const id = await add(db, 'crr-0');
  assert.ok(await requestCancel(db, id, { principal: { arn: 'acs:ram::1:user/ann', accessKeyId: 'k1' }, nowMs: 7 }));
  assert.ok(await requestCancel(db, id, { principal: { arn: 'acs:ram::1:user/bob', accessKeyId: 'k2' }, nowMs: 8 }));
  const who = { arn: 'acs:ram::1:user/ann', accessKeyId: 'k1' };
  const { cancellation } = await getBuildRecord(db, { instanceId: 'cri-1', buildRecordId: id });
  assert.deepEqual(cancellation, { cause: 'call', timeMs: 7, who }, 'the first request is recorded');
  const claim = { owner: 'a', nowMs: 1, leaseMs: 1 };
  assert.equal(await claimBuildRecord(db, claim, NO_LIMITS), undefined);
  assert.equal((await claimCancelledRecord(db, claim))?.buildRecordId, id);
  assert.equal(await claimCancelledRecord(db, claim), undefined);
});

for (const [other, who] of [
  ['b', 'another'],
  ['a', 'a later claim of its own'],
] as const)
  test(`a worker that lost a record to ${who} can neither renew, change nor end it; the new holder can, once`, async (t) => {
    const db = await memoryQueue(t, 1);
    const buildRecordId = await add(db, 'crr-0');
    const first = await claimBuildRecord(db, { owner: 'a', nowMs: 100, leaseMs: 60_000 }, NO_LIMITS);
    const asleep = { buildRecordId, owner: 'a', epoch: first?.leaseEpoch ?? 0 };
    const takeOver = (overForMs = 0, except: string[] = []) =>
      takeOverLostRecord(db, { owner: other, nowMs: 300, leaseMs: 60_000 }, overForMs, except);
    await passLeases(db, 50_000);
    assert.equal(await takeOver(), undefined, 'the lease is not over');
    assert.deepEqual(await beatBuilds(db, [asleep], 60_000), { cancelled: [], lost: [] });
    await passLeases(db, 50_000);
    assert.equal(await takeOver(), undefined, 'it was renewed');
    await passLeases(db, 50_000);
    assert.equal(await takeOver(50_000), undefined, 'it is not over for so long');
    assert.equal(await takeOver(0, [buildRecordId]), undefined, 'this worker runs it itself');
    const { record: second, from } = (await takeOver()) ?? {};
    assert.equal(from, 'a');
    assert.deepEqual([second?.leaseEpoch, second?.startedMs, second?.status], [2, 100, 'BUILDING']);
    assert.deepEqual(await beatBuilds(db, [asleep], 60_000), { cancelled: [], lost: [buildRecordId] });
    assert.equal(await updateCommit(db, asleep, { commitId: 'a', author: 'b', message: 'c' }, 350), false);
    assert.equal(await updateBaseImages(db, asleep, []), false);
    assert.equal(await saveBuildSteps(db, asleep, [RUNNING_STEP]), false);
    assert.deepEqual(await findBuildRecord(db, buildRecordId), second);
    assert.deepEqual(await listBuildSteps(db, buildRecordId), []);
    assert.equal(await endBuildRecord(db, asleep, { status: 'SUCCESS', endedMs: 1 }), false);
    const holder = { buildRecordId, owner: other, epoch: 2 };
    assert.ok(await endBuildRecord(db, holder, { status: 'FAILED', endedMs: 1 }));
    assert.equal(await endBuildRecord(db, holder, { status: 'SUCCESS', endedMs: 2 }), false);
    assert.equal((await findBuildRecord(db, buildRecordId))?.status, 'FAILED');
  });

test('a newer build supersedes older ones of its rule and tag, and no others', async (t) => {
  const db = await memoryQueue(t, 1);
  const rule = { buildRuleId: 'crbr-1' };
  const [pending, building] = [await add(db, 'crr-0', rule), await add(db, 'crr-0', rule)];
  const [otherTag, otherRule] = [
    await add(db, 'crr-0', { ...rule, imageTag: 'v1' }),
    await add(db, 'crr-0', { buildRuleId: 'crbr-2' }),
  ];
  const newest = await add(db, 'crr-0', rule);
  await cancelSuperseded(db, { buildRecordId: newest, buildRuleId: 'crbr-1', imageTag: 'latest' }, 5);
  const asked = await Promise.all(
    [pending, building, otherTag, otherRule, newest].map(async (id) => (await findBuildRecord(db, id))?.supersededBy),
  );
  assert.deepEqual(asked, [newest, newest, undefined, undefined, undefined]);
  const { cancellation } = await getBuildRecord(db, { instanceId: 'cri-1', buildRecordId: pending });
  assert.deepEqual(cancellation, { cause: 'superseded', timeMs: 5 });
});

test('a waiting build has a queue position that follows the turns of repositories, and an expected duration', async (t) => {
  const db = await memoryQueue(t, 3);
  const ids: string[] = [];
  for (const repoId of ['crr-0', 'crr-0', 'crr-0', 'crr-1', 'crr-2', 'crr-1']) ids.push(await add(db, repoId));
  const record = (id: string | undefined) => getBuildRecord(db, { instanceId: 'cri-1', buildRecordId: id ?? '' });
  const places = await Promise.all(ids.map(async (id) => queuePosition(db, await record(id))));
  assert.deepEqual(places, [3, 5, 6, 3, 3, 5]);
  assert.equal(await expectedDurationMs(db, await record(ids[5])), undefined);
  for (const [nowMs, tookMs] of [
    [1, 500],
    [2000, 70],
    [4000, 90],
  ] as const) {
    const claimed = await claimBuildRecord(db, { owner: 'a', nowMs, leaseMs: 1 }, NO_LIMITS);
    const holder = { buildRecordId: claimed?.buildRecordId ?? '', owner: 'a', epoch: 1 };
    await endBuildRecord(db, holder, { status: 'SUCCESS', endedMs: nowMs + tookMs });
  }
  assert.equal(await expectedDurationMs(db, await record(ids[5])), 70);
});

test('secrets sent with a build are sealed, and removed when it ends, even if it never ran', async (t) => {
  const db = await memoryQueue(t, 1);
  const means = { db, secrets: secretBox(Buffer.alloc(SECRET_KEY_BYTES, 7)) };
  const given = { secrets: { tok: 'canary-of-a-build' }, sshKeys: {} };
  for (const cancelled of [false, true]) {
    const id = await add(db, 'crr-0');
    await saveGivenSecrets(means, id, given);
    const { rows } = await sql<{ sealed_values: string }>`select sealed_values from build_given_secret`.execute(db);
    assert.equal(rows.length, 1);
    assert.doesNotMatch(rows[0]?.sealed_values ?? 'canary', /canary/);
    assert.deepEqual(await openGivenSecrets(means, id), given);
    if (cancelled) await requestCancel(db, id, { principal: { arn: '', accessKeyId: '' }, nowMs: 1 });
    const claim = { owner: 'a', nowMs: 1, leaseMs: 1 };
    const record = cancelled ? await claimCancelledRecord(db, claim) : await claimBuildRecord(db, claim, NO_LIMITS);
    const holder = { buildRecordId: id, owner: 'a', epoch: record?.leaseEpoch ?? 0 };
    assert.ok(!(await endBuildRecord(db, { ...holder, owner: 'b' }, { status: 'FAILED', endedMs: 2 })));
    assert.deepEqual(await openGivenSecrets(means, id), given, 'the build has not ended');
    assert.ok(await endBuildRecord(db, holder, { status: cancelled ? 'CANCELED' : 'FAILED', endedMs: 2 }));
    assert.deepEqual(await openGivenSecrets(means, id), { secrets: {}, sshKeys: {} });
  }
});
