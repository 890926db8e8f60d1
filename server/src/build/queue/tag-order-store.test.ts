import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Database } from '#db/database.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { findBuildRecord } from '../build-store.ts';
import type { LeaseHolder } from '../lease-holder.ts';
import { insertBuildRecordUnderTest } from '../testing/insert-build-record.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';
import { claimBuildRecord, endBuildRecord } from './queue-store.ts';
import { buildFence, takeTagTurn } from './tag-order-store.ts';

const NO_LIMITS = { perInstance: 100, perRepository: 100 };

/** Running builds of one repository, requested in this order. */
async function running(t: TestContext, ...builds: (readonly [buildRecordId: string, imageTag: string])[]) {
  const repository = await startRepositoryUnderTest();
  t.after(() => repository[Symbol.asyncDispose]());
  const { db } = repository.gateway.means;
  const { instanceId } = repository.gateway;
  for (const [buildRecordId, imageTag] of builds) {
    await insertBuildRecordUnderTest(db, { instanceId, repoId: repository.repoId, buildRecordId, imageTag });
    await claimBuildRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 }, NO_LIMITS);
  }
  return db;
}

const holder = (buildRecordId: string): LeaseHolder => ({ buildRecordId, owner: 'a', epoch: 1 });
const DIGEST = `sha256:${'d'.repeat(64)}`;
/** As the registry does when it has taken a manifest with a tag. */
const push = async (db: Database, buildRecordId: string, { epoch = 1, tag = 'latest' } = {}) => {
  const { repoId = '' } = (await findBuildRecord(db, buildRecordId)) ?? {};
  return buildFence(db, { buildRecordId, epoch }, { repoId, tag, digest: DIGEST });
};
const end = (db: Database, id: string, status: 'SUCCESS' | 'FAILED') =>
  endBuildRecord(db, holder(id), { status, endedMs: 3 });

test('a tag never moves back: a build whose tag a newer build has moved is told so, and so is its record', async (t) => {
  const db = await running(t, ['old', 'latest'], ['other', 'v1'], ['new', 'latest']);
  assert.deepEqual(await takeTagTurn(db, holder('new')), { kind: 'taken' });
  await push(db, 'new');
  assert.deepEqual(await takeTagTurn(db, holder('old')), { kind: 'outrun', by: 'new' });
  assert.equal((await findBuildRecord(db, 'old'))?.supersededBy, 'new');
  await end(db, 'new', 'FAILED');
  assert.deepEqual(
    await takeTagTurn(db, holder('old')),
    { kind: 'outrun', by: 'new' },
    'whatever happened to it afterwards',
  );
  assert.deepEqual(await takeTagTurn(db, holder('other')), { kind: 'taken' }, 'another tag can move at the same time');
});

test('one build at a time moves a tag; the next waits until that one has moved it or has ended', async (t) => {
  const db = await running(t, ['old', 'latest'], ['new', 'latest'], ['last', 'latest']);
  assert.deepEqual(await takeTagTurn(db, holder('old')), { kind: 'taken' });
  assert.deepEqual(await takeTagTurn(db, holder('old')), { kind: 'taken' }, 'asked twice');
  assert.deepEqual(await takeTagTurn(db, holder('new')), { kind: 'busy', by: 'old' });
  await push(db, 'old');
  assert.deepEqual(await takeTagTurn(db, holder('new')), { kind: 'taken' });
  assert.deepEqual(await takeTagTurn(db, holder('last')), { kind: 'busy', by: 'new' });
  await end(db, 'new', 'FAILED');
  assert.deepEqual(await takeTagTurn(db, holder('last')), { kind: 'taken' });
  assert.equal((await findBuildRecord(db, 'last'))?.supersededBy, undefined);
});

test('a build that has lost its record to another worker moves no tag', async (t) => {
  const db = await running(t, ['old', 'latest']);
  assert.equal(await takeTagTurn(db, { ...holder('old'), epoch: 0 }), undefined);
  assert.equal(await takeTagTurn(db, { ...holder('old'), owner: 'b' }), undefined);
  await end(db, 'old', 'FAILED');
  assert.equal(await takeTagTurn(db, holder('old')), undefined);
});

test('a record has the digest of its image as soon as the tag has it, and that of nothing else that the build pushes', async (t) => {
  const db = await running(t, ['old', 'latest']);
  assert.equal(await push(db, 'old', { tag: 'cache' }), 'first');
  assert.equal((await findBuildRecord(db, 'old'))?.imageDigest, undefined);
  assert.equal(await push(db, 'old', { epoch: 0 }), 'gone', 'another runner has taken the record');
  assert.equal(await push(db, 'old'), 'first');
  assert.equal(await push(db, 'old'), 'again', 'the answer was lost');
  assert.equal((await findBuildRecord(db, 'old'))?.imageDigest, DIGEST);
  await end(db, 'old', 'FAILED');
  assert.equal((await findBuildRecord(db, 'old'))?.imageDigest, DIGEST, 'the tag still has it');
  assert.equal(await push(db, 'old'), 'gone', 'it has ended');
});

test('a build that pushes again, because an answer was lost, sets its tag once, and takes it back from no newer build', async (t) => {
  const db = await running(t, ['old', 'latest'], ['new', 'latest']);
  const [{ instance_id: instanceId }] = (await db.selectFrom('instance').select('instance_id').execute()) as [
    { instance_id: string },
  ];
  const repository = { instanceId, namespaceName: 'team', name: 'app' };
  const pushes = (buildRecordId: string, image: number, nowMs: number) =>
    pushUnderTest(
      db,
      repository,
      { tag: 'latest', image, nowMs },
      { build: { buildRecordId, epoch: 1 }, fence: buildFence },
    );
  const old = await pushes('old', 1, 1);
  assert.equal(await pushes('old', 1, 2), old);
  const newer = await pushes('new', 2, 3);
  await pushes('old', 1, 4);
  const events = await db
    .selectFrom('event')
    .select('body')
    .where('kind', '=', 'tag_set')
    .orderBy('sequence')
    .execute();
  assert.deepEqual(
    events.map(({ body }) => JSON.parse(body).digest),
    [old, newer],
  );
  assert.equal(
    (await db.selectFrom('tag').select('digest').where('name', '=', 'latest').executeTakeFirst())?.digest,
    newer,
  );
  assert.deepEqual(await db.selectFrom('manifest_push').selectAll().execute(), []);
});
