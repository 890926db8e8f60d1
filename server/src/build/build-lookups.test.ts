import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompiledQuery, sql } from 'kysely';
import { onlyOn, openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { findBuildsOfDigests, newestOfDigests } from './build-digest-store.ts';
import { lastGoodBuild } from './build-store.ts';
import { newestOfRule } from './queue/cancel-store.ts';
import { lastGoodTimes } from './queue/outlook-store.ts';
import { insertBuildRecordUnderTest } from './testing/insert-build-record.ts';
import { startRepositoryUnderTest } from './testing/repository.ts';

test('the newest builds of a tag, a rule and a digest are found by indexes, without sorting', {
  skip: onlyOn('sqlite', 'the plans are those of SQLite'),
}, async () => {
  const db = await openDatabaseUnderTest();
  const tag = { repoId: 'crr-1', imageTag: 'latest' };
  const ofTag = /INDEX build_record_tag \(repo_id=\? AND image_tag=\? AND status=\?( AND sequence<\?)?\)/;
  const ofRule = /INDEX build_record_rule \(build_rule_id=\? AND image_tag=\?\)/;
  const ofDigest = /COVERING INDEX build_record_digest \(repo_id=\? AND image_digest=\?\)/;
  for (const [query, index] of [
    [lastGoodBuild(db, { ...tag, buildRecordId: 'b' }), ofTag],
    [lastGoodTimes(db, tag), ofTag],
    [newestOfRule(db, { buildRuleId: 'crbr-1', imageTag: 'latest' }), ofRule],
    [newestOfDigests(db, 'crr-1', ['sha256:1', 'sha256:2']), ofDigest],
  ] as const) {
    const plan = await planOf(query.compile());
    assert.match(plan, index);
    assert.doesNotMatch(plan, /TEMP B-TREE|SCAN build_record/);
  }

  async function planOf(query: CompiledQuery): Promise<string> {
    // The plan does not depend on the values.
    const explained = sql<{ detail: string }>`explain query plan ${sql.raw(query.sql.replaceAll('?', 'null'))}`;
    return (await explained.execute(db)).rows.map(({ detail }) => detail).join('\n');
  }
});

test('an image is that of the newest build of its repository that made it', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { repoId, gateway } = repository;
  const { db } = gateway.means;
  const ids: string[] = [];
  for (const image_digest of ['sha256:1', 'sha256:1', 'sha256:2']) {
    const id = await insertBuildRecordUnderTest(db, { instanceId: gateway.instanceId, repoId });
    await db.updateTable('build_record').set({ image_digest }).where('build_record_id', '=', id).execute();
    ids.push(id);
  }
  const found = await findBuildsOfDigests(db, repoId, ['sha256:1', 'sha256:2', 'sha256:3']);
  assert.deepEqual([...found].map(([digest, { buildRecordId }]) => [digest, buildRecordId]).toSorted(), [
    ['sha256:1', ids[1]],
    ['sha256:2', ids[2]],
  ]);
  assert.equal((await findBuildsOfDigests(db, 'crr-other', ['sha256:1'])).size, 0);
});
