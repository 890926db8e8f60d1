import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { buildFilters } from '#db/migrations/0044-build-filters.ts';
import { onlyOn, openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { type BuildFilter, listBuilds, matchingBuilds } from './build-list-store.ts';
import { updateCommit } from './build-store.ts';
import { claimBuildUnderTest, insertBuildRecordUnderTest } from './testing/insert-build-record.ts';
import { type RepositoryUnderTest, startRepositoryUnderTest } from './testing/repository.ts';

const DAY_MS = 86_400_000;

test('no filter of builds reads rows of builds that it leaves out, and none sorts more than the builds that run', {
  skip: onlyOn('sqlite', 'the plans are those of SQLite'),
}, async () => {
  const db = await openDatabaseUnderTest();
  const filters: Partial<BuildFilter>[] = [
    {},
    { repoIds: ['crr-1'] },
    { repoIds: ['crr-1'], statuses: ['FAILED'], branch: 'main' },
    { repoIds: ['crr-1', 'crr-2'] },
    { statuses: ['FAILED'] },
    { statuses: ['FAILED', 'SUCCESS'] },
    { triggers: ['push'] },
    { branch: 'main' },
    { authorPrefix: 'ann' },
    { sinceMs: DAY_MS },
    { sinceMs: DAY_MS, untilMs: 2 * DAY_MS, statuses: ['FAILED'] },
    { commitPrefix: '4f2a' },
    { idPrefix: '4f2a' },
    { withLog: true },
    { withLog: true, repoIds: ['crr-1'], sinceMs: DAY_MS },
  ];
  for (const filter of filters) {
    const plan = await planOf(filter);
    assert.match(plan, /SEARCH build_record USING COVERING INDEX build_record_(repo_)?list/, JSON.stringify(filter));
    assert.doesNotMatch(plan, /TEMP B-TREE/, JSON.stringify(filter));
    assert.doesNotMatch(plan, /SCAN (build_record|repository)/, JSON.stringify(filter));
  }
  assert.match(await planOf({ statuses: ['PENDING', 'BUILDING'] }), /USING INDEX build_record_status \(status=\?\)/);

  async function planOf(filter: Partial<BuildFilter>): Promise<string> {
    const query = matchingBuilds(db, { instanceId: 'cri-1', repoIds: undefined, ...filter }, {})
      .limit(30)
      .compile();
    // The plan does not depend on the values.
    const explained = sql<{ detail: string }>`explain query plan ${sql.raw(query.sql.replaceAll('?', 'null'))}`;
    return (await explained.execute(db)).rows.map(({ detail }) => detail).join('\n');
  }
});

test('cuts the texts of a commit that are longer than 1000 characters', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { db } = repository.gateway.means;
  await insert(repository, 'main');
  const commit = { commitId: 'a'.repeat(40), author: 'x'.repeat(5000), message: `${'m'.repeat(999)}😀tail` };
  await updateCommit(db, await claimBuildUnderTest(db), commit, 1);
  const filter = { instanceId: repository.gateway.instanceId, repoIds: undefined };
  const { record } = (await listBuilds(db, filter, { limit: 1 })).builds[0] ?? {};
  assert.equal(record?.commitAuthor, `${'x'.repeat(1000)}…`);
  assert.equal(record?.commitMessage, `${'m'.repeat(999)}\ufffd…`);
});

test('an older database gets the triggers and branches of its builds', {
  skip: onlyOn('sqlite', 'no older database is PostgreSQL'),
}, async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { db } = repository.gateway.means;
  const call = { part: 'call', who: { kind: 'root', arn: 'a', accessKeyId: 'k' } } as const;
  const rule = { part: 'rule', who: undefined } as const;
  const rows = [
    ['refs/heads/main', [call], undefined, 'call', 'main'],
    ['refs/tags/v1', [call, rule], 'crbr-1', 'rule', 'v1'],
    ['refs/heads/a/b', [rule], 'crbr-1', 'push', 'a/b'],
    ['HEAD', [call, { part: 'record', who: undefined }], undefined, 'rebuild', null],
    ['refs/pull/7/head', [rule], 'crbr-1', 'pull-request', 'refs/pull/7/head', 7],
    ['refs/pull/7/head', [rule, { part: 'record', who: undefined }], 'crbr-1', 'rebuild', 'refs/pull/7/head', 7],
    ['f'.repeat(40), undefined, undefined, null, null],
  ] as const;
  for (const [ref, requesters, buildRuleId, , , pullRequest] of rows) {
    const source = { kind: 'git', url: 'https://git.example/x', ref, pullRequest } as const;
    await insert(repository, ref, undefined, { source, requesters: requesters && [...requesters], buildRuleId });
  }
  for (const index of ['list', 'repo_list', 'commit', 'time'])
    await sql.raw(`drop index build_record_${index}`).execute(db);
  for (const column of ['trigger', 'branch'])
    await sql.raw(`alter table build_record drop column "${column}"`).execute(db);
  await sql`create index build_record_repo on build_record (repo_id, sequence)`.execute(db);

  await buildFilters.up(db);
  const after = await db.selectFrom('build_record').select(['trigger', 'branch']).orderBy('sequence').execute();
  assert.deepEqual(
    after.map((row) => [row.trigger, row.branch]),
    rows.map(([, , , trigger, branch]) => [trigger, branch]),
  );
});

function insert(
  { repoId, gateway }: RepositoryUnderTest,
  ref: string,
  buildRecordId?: string,
  given: Parameters<typeof insertBuildRecordUnderTest>[1] = {},
): Promise<string> {
  const source = { kind: 'git', url: 'https://git.example/x', ref } as const;
  const common = { instanceId: gateway.instanceId, repoId, source, ...given };
  return insertBuildRecordUnderTest(
    gateway.means.db,
    buildRecordId === undefined ? common : { ...common, buildRecordId },
  );
}
