import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { onlyOn, openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import type { BuildStatus } from './build.ts';
import { failingBuilds, listFailing } from './failing-store.ts';
import { insertBuildRecordUnderTest } from './testing/insert-build-record.ts';
import { startRepositoryUnderTest } from './testing/repository.ts';

test('a repository is failing if the latest of its builds that succeeded or failed has failed', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { instanceId, means } = repository.gateway;
  const { db } = means;
  const repoIds: string[] = [];
  const histories: [name: string, ...BuildStatus[]][] = [
    ['broken', 'SUCCESS', 'FAILED', 'CANCELED', 'BUILDING'],
    ['fixed', 'FAILED', 'SUCCESS'],
    ['new', 'PENDING'],
    ['old', 'FAILED', 'FAILED'],
  ];
  const ids = new Map<string, string>();
  for (const [name, ...statuses] of histories) {
    const named = { RepoNamespaceName: 'team', RepoName: name, RepoType: 'PRIVATE', Summary: 'x' };
    const repoId = String((await repository.call('CreateRepository', named)).body.RepoId);
    repoIds.push(repoId);
    for (const [at, status] of statuses.entries()) {
      const id = await insertBuildRecordUnderTest(db, { instanceId, repoId });
      await db.updateTable('build_record').set({ status }).where('build_record_id', '=', id).execute();
      ids.set(`${name} ${at}`, id);
    }
  }
  const list = async (of: readonly string[] | undefined, limit = 10, beforeSequence?: number) => {
    const found = await listFailing(db, { instanceId, repoIds: of }, { limit, beforeSequence });
    return { ...found, shown: found.builds.map(({ repository: name, record }) => `${name} ${record.buildRecordId}`) };
  };
  const [broken, old] = [`team/broken ${ids.get('broken 1')}`, `team/old ${ids.get('old 1')}`];
  assert.deepEqual((await list(undefined)).shown, [old, broken]);
  assert.deepEqual((await list(repoIds.slice(0, 3))).shown, [broken], 'only repositories that the caller may list');
  assert.deepEqual((await list([])).shown, []);
  const first = await list(undefined, 1);
  assert.deepEqual(first.shown, [old]);
  const second = await list(undefined, 1, first.nextSequence);
  assert.deepEqual([second.shown, second.nextSequence], [[broken], undefined]);
});

test('failing repositories are found with one entry of an index for each', {
  skip: onlyOn('sqlite', 'the plans are those of SQLite'),
}, async () => {
  const db = await openDatabaseUnderTest();
  const query = failingBuilds(db, { instanceId: 'cri-1', repoIds: undefined }, { limit: 30 }).compile();
  const explained = sql<{ detail: string }>`explain query plan ${sql.raw(query.sql.replaceAll('?', 'null'))}`;
  const plan = (await explained.execute(db)).rows.map(({ detail }) => detail).join('\n');
  assert.match(plan, /SEARCH build_record USING COVERING INDEX build_record_repo_list \(repo_id=\?\)/);
  assert.doesNotMatch(plan, /SCAN build_record/);
});
