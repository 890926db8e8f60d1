import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepository } from '#repository/repository-store.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import { startDeletions } from './deletion.ts';

test('a repository whose bytes cannot be removed rests alone: others that are deleted meanwhile go', async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  t.mock.timers.enable({ apis: ['setInterval'] });
  await insertRepositoryUnderTest(db);
  const removed: string[] = [];
  const faults: unknown[] = [];
  const leave = (repoId: string) =>
    db.updateTable('repository').set({ status: 'DELETING' }).where('repo_id', '=', repoId).execute();
  const storage = {
    removeRepository: async (name: string) => {
      removed.push(name);
      if (name === 'team/app') throw new Error('a disk that cannot be written');
    },
  };
  const deletions = startDeletions({
    db,
    storage,
    unlessBackup: (remove) => remove(),
    layerStores: { listStores: async () => [], removeStore: async () => true },
    report: (_, error) => faults.push(error),
  });
  const look = async () => {
    t.mock.timers.tick(1000);
    await deletions.looked();
  };
  try {
    await leave('crr-1');
    await look();
    const words = {
      type: 'PRIVATE',
      summary: '',
      detail: undefined,
      tagImmutability: false,
      status: 'NORMAL',
    } as const;
    await insertRepository(db, {
      ...words,
      repoId: 'crr-2',
      instanceId: 'cri-1',
      namespaceName: 'team',
      name: 'other',
      createdMs: 1,
      modifiedMs: 1,
    });
    await leave('crr-2');
    await look();
    await look();
    assert.deepEqual([removed, faults.length], [['team/app', 'team/other'], 1]);
  } finally {
    await deletions.close();
  }
});
