import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchBuildList } from './build-search-store.ts';
import { updateCommit } from './build-store.ts';
import { claimBuildUnderTest, insertBuildRecordUnderTest } from './testing/insert-build-record.ts';
import { type RepositoryUnderTest, startRepositoryUnderTest } from './testing/repository.ts';

test('finds builds by any part of message, author, branch and image in either case, and by the beginning of ids', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { db } = repository.gateway.means;
  const roof = await insertBuildRecordUnderTest(db, {
    ...of(repository),
    buildRecordId: '0a0a0a0a-0000-4000-8000-000000000001',
    source: { kind: 'git', url: 'https://git.example/x', ref: 'refs/heads/gable-ends' },
  });
  const door = await insertBuildRecordUnderTest(db, {
    ...of(repository),
    buildRecordId: 'beef0000-0000-4000-8000-000000000002',
    source: { kind: 'git', url: 'https://git.example/x', ref: 'refs/tags/v1.2' },
  });
  const [roofHolder, doorHolder] = [await claimBuildUnderTest(db), await claimBuildUnderTest(db)];
  await updateCommit(
    db,
    roofHolder,
    { commitId: `beef${'1'.repeat(36)}`, author: 'Änne Lee', message: 'Fix "the" ROOF 屋顶漏水' },
    1,
  );
  await updateCommit(db, doorHolder, { commitId: 'c'.repeat(40), author: 'Bo', message: 'Paint the door 50%' }, 1);

  for (const text of [
    'roof',
    'ROO',
    '"the"',
    '顶漏水',
    'änne',
    'ÄNN',
    '屋顶',
    'gable-',
    `beef${'1'.repeat(20)}`,
    '0a0a0a0a-',
  ])
    assert.deepEqual(await found(text), [roof], text);
  for (const text of ['the', 'team/app:latest', 'BEEF']) assert.deepEqual(await found(text), [door, roof], text);
  for (const text of ['50%', 'v1.2', 'bo']) assert.deepEqual(await found(text), [door], text);
  for (const text of ['roof door', '___', 'the OR door', '1'.repeat(36), '000000002'])
    assert.deepEqual(await found(text), [], text);

  // The newest author and message alone are found.
  await updateCommit(db, roofHolder, { commitId: 'd'.repeat(40), author: 'Cy', message: 'Add a window' }, 2);
  assert.deepEqual(await found('roof'), []);
  assert.deepEqual(await found('window'), [roof]);

  async function found(text: string): Promise<string[]> {
    const all = { instanceId: repository.gateway.instanceId, repoIds: undefined };
    return (await searchBuildList(db, all, text, { limit: 10 })).builds.map(({ record }) => record.buildRecordId);
  }
});

test('a search of the list lets other work run between slices, stops at its budget or when its caller is gone, and goes on from there', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { db } = repository.gateway.means;
  const filter = { instanceId: repository.gateway.instanceId, repoIds: undefined };
  const ids: string[] = [];
  for (let createdMs = 1; createdMs <= 12; createdMs++)
    ids.unshift(
      await insertBuildRecordUnderTest(db, {
        ...of(repository),
        createdMs,
        imageTag: [3, 4, 11].includes(createdMs) ? 'roof' : 'door',
      }),
    );
  const [eleventh, fourth, third] = [ids[1], ids[8], ids[9]];
  const whole = { timeMs: 600_000, sliceRows: 2 };
  const slice = { timeMs: 0, sliceRows: 4 };

  let turns = 0;
  let turn = setImmediate(function count() {
    turns += 1;
    turn = setImmediate(count);
  });
  const all = await searchBuildList(db, filter, 'roof', { limit: 10 }, undefined, whole);
  clearImmediate(turn);
  assert.deepEqual(shown(all), [[eleventh, fourth, third], undefined, undefined]);
  assert.ok(turns >= 3, `other work ran ${turns} times`);

  // A page that is full continues after its last build, although the slice has more.
  const full = await searchBuildList(db, filter, 'roof', { limit: 2 }, undefined, { ...whole, sliceRows: 100 });
  assert.deepEqual(shown(full), [[eleventh, fourth], full.builds[1]?.sequence, undefined]);
  // It stops there, and does not read the rest of the list to find out whether more follows.
  const [newest] = ids;
  const first = await searchBuildList(db, filter, 'door', { limit: 1 }, undefined, { timeMs: 0, sliceRows: 1 });
  assert.deepEqual(shown(first), [[newest], first.builds[0]?.sequence, undefined]);

  // At the end of the budget it says how far it came, also without a find.
  const pages: unknown[] = [];
  for (let next: number | undefined, isFirst = true; isFirst || next !== undefined; isFirst = false) {
    const page = { limit: 10, beforeSequence: next };
    const found = await searchBuildList(db, filter, 'roof', page, undefined, slice);
    pages.push([found.builds.map(({ record }) => record.buildRecordId), found.backToMs]);
    next = found.nextSequence;
  }
  assert.deepEqual(pages, [
    [[eleventh], 9],
    [[], 5],
    [[fourth, third], undefined],
  ]);

  // A slice is as short for a filter that leaves out almost everything.
  await db
    .updateTable('build_record')
    .set({ branch: 'rare' })
    .where('build_record_id', '=', third ?? '')
    .execute();
  const rare = await searchBuildList(db, { ...filter, branch: 'rare' }, 'roof', { limit: 10 }, undefined, slice);
  assert.deepEqual(shown(rare), [[], full.builds[0] && full.builds[0].sequence - 2, 9]);

  // Nothing is read for a caller who is gone, before the first slice or between two.
  assert.deepEqual(
    shown(await searchBuildList(db, filter, 'door', { limit: 10 }, AbortSignal.abort(), whole)),
    NOTHING,
  );
  const leaving = new AbortController();
  setImmediate(() => leaving.abort());
  assert.deepEqual(shown(await searchBuildList(db, filter, 'door', { limit: 10 }, leaving.signal, whole)), NOTHING);

  // Only builds that the caller may list are looked at.
  const none = await searchBuildList(db, { ...filter, repoIds: [] }, 'roof', { limit: 10 });
  assert.deepEqual(shown(none), NOTHING);

  function shown({ builds, nextSequence, backToMs }: typeof all) {
    return [builds.map(({ record }) => record.buildRecordId), nextSequence, backToMs];
  }
});

const NOTHING = [[], undefined, undefined];

function of({ repoId, gateway }: RepositoryUnderTest) {
  return { repoId, instanceId: gateway.instanceId };
}
