import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { forgetLabels, knownLabels, type Labels } from './known-labels.ts';

const labels = (group: string): Labels => ({ ResourceGroupId: group, Tags: [] });

test('a read that was in progress when labels changed is not kept', async () => {
  const db = await openDatabaseUnderTest();
  const slow = Promise.withResolvers<Labels>();
  const before = knownLabels(db, 'cri-1', () => slow.promise);
  forgetLabels(db);
  const after = knownLabels(db, 'cri-1', async () => labels('new'));
  slow.resolve(labels('old'));
  assert.deepEqual([await before, await after], [labels('old'), labels('new')]);
  assert.deepEqual(await knownLabels(db, 'cri-1', assert.fail), labels('new'));
  await db.destroy();
});

test('a read that failed is made again', async () => {
  const db = await openDatabaseUnderTest();
  await assert.rejects(
    knownLabels(db, 'cri-1', () => Promise.reject(new Error('no disk'))),
    /no disk/,
  );
  assert.deepEqual(await knownLabels(db, 'cri-1', async () => labels('now')), labels('now'));
  await db.destroy();
});
