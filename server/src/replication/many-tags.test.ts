import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { Jobs } from '#job/jobs.ts';
import { startRegistryUnderTest } from '#routes/testing/registry.ts';
import { type PushedImage, RegistryClient } from '#routes/testing/registry-client.ts';
import { newId } from '#rpc/new-id.ts';
import { repositoryPath, SYNC } from '#sync/sync.ts';
import { insertSyncTask } from '#sync/sync-task-store.ts';
import { syncRunner } from './sync-job.ts';

/** SLIPWAY_TEST_TAGS=10000 takes five minutes. */
const TAGS = Number(process.env.SLIPWAY_TEST_TAGS ?? 2000);
const IMAGES = 10;
const REGION = 'local';
const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'copies thousands of tags: runs with SLIPWAY_TEST_LONG=1';

test('one batch copies thousands of tags between repositories here without a byte of a layer, in memory that does not grow', {
  skip,
}, async (context) => {
  await using registry = await startRegistryUnderTest();
  const { db, instanceId } = registry.images;
  const client = await RegistryClient.open(registry, 'team/from');
  await RegistryClient.open(registry, 'team/to');
  const pushed: PushedImage[] = [];
  for (let image = 0; image < IMAGES; image += 1) pushed.push(await client.push(`image-${image}`, `layer ${image}`));
  const { repo_id: repoId } = await db
    .selectFrom('repository')
    .select('repo_id')
    .where('name', '=', 'from')
    .executeTakeFirstOrThrow();
  // As pushes of known images would set them, and a rule would copy them.
  const batchId = 'one batch';
  await db.transaction().execute(async (trx) => {
    for (let index = 0; index < TAGS; index += 1) {
      const tag = `v${index}`;
      const digest = pushed[index % IMAGES]?.digest ?? '';
      const times = { created_ms: index, updated_ms: index };
      const how = { pushed_by: 'tester', origin: 'push', last_pulled_ms: null };
      await trx
        .insertInto('tag')
        .values({ repo_id: repoId, name: tag, sort_name: tag, digest, ...times, ...how })
        .execute();
      const place = { instanceId, regionId: REGION, namespaceName: 'team', tag };
      const [from, to] = [
        { ...place, repoName: 'from' },
        { ...place, repoName: 'to' },
      ];
      const task = { taskId: newId('rst'), batchId, ruleId: undefined, trigger: 'PASSIVE' as const, repoId, from, to };
      const how2 = { crossUser: false, overrides: true, priority: 3, path: [repositoryPath(from)], askedBy: 'tester' };
      await insertSyncTask(trx, { ...task, ...how2, author: ACCOUNT_AUTHOR, digest: undefined }, REGION, 1);
    }
  });

  let sentBytes = 0;
  let ended = 0;
  const heaps = new Map<number, number>();
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const report = (message: string, error: unknown) => assert.ifError(error ?? message);
  const jobs = new Jobs({ nodeId: 'node-1', db, now: Date.now, report });
  // Before the registry, whose database they look at.
  await using _closed = { [Symbol.asyncDispose]: () => jobs.close() };
  const quotas = { namespaces: 100, repositories: 100, chartNamespaces: 1, chartRepositories: 1 };
  const means = { db, now: Date.now, newId, quotas, regionId: REGION, accountId: '1', noteDecision: () => undefined };
  const access = () => assert.fail('no other registry');
  const runner = syncRunner({ means, own: registry.images, targets: [], access }, { atOnce: 4, pausesMs: [] });
  jobs.register(SYNC, {
    ...runner,
    async ended(trx, job, end) {
      await runner.ended?.(trx, job, end);
      assert.equal(end.state, 'DONE');
      if (end.state === 'DONE') sentBytes += end.result.sentBytes;
      ended += 1;
      if (ended === TAGS / 10 || ended === TAGS) heaps.set(ended, heapBytes());
      if (ended === TAGS) setImmediate(resolve);
    },
  });
  const startMs = performance.now();
  await jobs.start();
  await done;
  const seconds = (performance.now() - startMs) / 1000;
  const rows = db.selectFrom('tag').innerJoin('repository', 'repository.repo_id', 'tag.repo_id');
  const copied = await rows.select(['tag.name', 'digest']).where('repository.name', '=', 'to').execute();
  assert.equal(copied.length, TAGS);
  for (const { name, digest } of copied) assert.equal(digest, pushed[Number(name.slice(1)) % IMAGES]?.digest);
  assert.equal(sentBytes, 0);
  const [early = 0, late = 0] = [heaps.get(TAGS / 10), heaps.get(TAGS)];
  const growth = late / early;
  context.diagnostic(
    `${(TAGS / seconds).toFixed(0)} tags a second; heap after all, of that after a tenth: ${growth.toFixed(2)}`,
  );
  assert.ok(growth < 1.2, `the heap grew from ${early} to ${late} bytes`);
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use, without what only waits to be collected. */
function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
