import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { IsolationLevel } from 'kysely';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { restoreTag } from '#image/change-tag.ts';
import { listRemovedTags } from '#image/tag-store.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { insertInstance } from '#instance/instance-store.ts';
import { JobFailed } from '#job/job.ts';
import { ensureNamespace } from '#namespace/namespace-store.ts';
import { getRepositoryByName, insertRepository } from '#repository/repository-store.ts';
import { newId } from '#rpc/new-id.ts';
import type { LifecycleRule } from './lifecycle-rule.ts';
import { getLifecycleRule, insertLifecycleRule, replaceLifecycleRule } from './lifecycle-store.ts';
import { beginDueRuns, beginRun, lifecycleRunner, runRule } from './run-rule.ts';
import { findRun, listRunRepositories, listRuns } from './run-store.ts';

const DAY_MS = 86_400_000;
/** A Tuesday. */
const NOW_MS = Date.parse('2026-12-01T10:00:00Z');
const INSTANCE = 'cri-1';
const AT = { instanceId: INSTANCE, createdMs: 1, modifiedMs: 1 };
const quiet = AbortSignal.any([]);

async function openWithTags(t: TestContext, repositories: Record<string, string[]>): Promise<Database> {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  await insertInstance(db, { ...AT, name: 'slipway', regionId: 'local', status: 'RUNNING' });
  for (const [path, tags] of Object.entries(repositories)) {
    const [namespaceName = '', name = ''] = path.split('/');
    const namespace = { ...AT, namespaceId: newId('crn'), name: namespaceName, autoCreateRepo: false };
    await ensureNamespace(db, {
      ...namespace,
      defaultRepoType: 'PRIVATE',
      defaultTagImmutability: false,
      status: 'NORMAL',
    });
    const words = {
      type: 'PRIVATE',
      summary: '',
      detail: undefined,
      tagImmutability: false,
      status: 'NORMAL',
    } as const;
    await insertRepository(db, { ...AT, ...words, repoId: newId('crr'), namespaceName, name });
    for (const [image, tag] of tags.entries())
      await pushUnderTest(
        db,
        { instanceId: INSTANCE, namespaceName, name },
        { tag, image, nowMs: NOW_MS - 50 * DAY_MS + image },
      );
  }
  return db;
}

async function addRule(db: Database, words: Partial<LifecycleRule> = {}): Promise<LifecycleRule> {
  const rule: LifecycleRule = {
    ruleId: newId('cralr'),
    instanceId: INSTANCE,
    scope: 'INSTANCE',
    namespaceName: undefined,
    repoName: undefined,
    auto: true,
    schedule: 'WEEK',
    keepCount: 1,
    tagPattern: undefined,
    deletesTags: true,
    deletesUntagged: false,
    dryRun: false,
    createdMs: NOW_MS,
    modifiedMs: NOW_MS,
    countedFromMs: NOW_MS,
    author: ACCOUNT_AUTHOR,
    ...words,
  };
  await insertLifecycleRule(db, rule);
  return rule;
}

const meansOf = (db: Database) => ({
  db,
  accountId: '1',
  regionId: 'local',
  now: () => NOW_MS,
  noteDecision: () => undefined,
  removeUntagged: async () => 0,
});

async function run(db: Database, rule: LifecycleRule, dryRun = false) {
  const runId = await beginRun(db, rule, { requestedBy: 'me', dryRun, nowMs: NOW_MS, newId });
  await runRule(meansOf(db), runId, quiet);
  const found = await findRun(db, runId);
  const removals = await listRunRepositories(db, runId, { limit: 100 });
  return { run: found, removals: removals.map(({ repository, tags, matchesNone }) => [repository, tags, matchesNone]) };
}

async function tagsOf(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('tag')
    .innerJoin('repository', 'repository.repo_id', 'tag.repo_id')
    .select(['namespace_name', 'repository.name as repository', 'tag.name'])
    .execute();
  return rows.map((row) => `${row.namespace_name}/${row.repository}:${row.name}`).sort();
}

test('removes what its rule does not keep, repository by repository, and touches nothing outside its scope', async (t) => {
  const db = await openWithTags(t, { 'a/one': ['v1', 'v2'], 'a/two': ['v1', 'v2', 'dev'], 'b/one': ['v1', 'v2'] });
  const rule = await addRule(db, { scope: 'NAMESPACE', namespaceName: 'a', tagPattern: 'v.*' });
  const { run: done, removals } = await run(db, rule);
  assert.deepEqual(removals, [
    ['a/one', ['v1'], false],
    ['a/two', ['dev', 'v1'], false],
  ]);
  assert.deepEqual([done?.repositories, done?.keptTags, done?.removedTags, done?.requestedBy], [2, 2, 3, 'me']);
  assert.deepEqual(await tagsOf(db), ['a/one:v2', 'a/two:v2', 'b/one:v1', 'b/one:v2']);
});

test('records which rule removed a tag, and lets the tag be restored', async (t) => {
  const db = await openWithTags(t, { 'a/one': ['v1', 'v2'] });
  const rule = await addRule(db);
  await run(db, rule);
  const repository = await getRepositoryByName(db, INSTANCE, 'a', 'one');
  const [removed] = await listRemovedTags(db, repository.repoId, { limit: 10 });
  assert.deepEqual([removed?.name, removed?.why, removed?.removedBy], ['v1', 'lifecycle', rule.ruleId]);
  await restoreTag(db, repository, { tag: 'v1', digest: undefined }, { by: 'me', nowMs: NOW_MS });
  assert.deepEqual(await tagsOf(db), ['a/one:v1', 'a/one:v2']);
  // It was set just now.
  await run(db, rule);
  assert.deepEqual(await tagsOf(db), ['a/one:v1', 'a/one:v2']);
});

test('a dry run, and a rule with DryRun, report what would be removed and remove nothing', async (t) => {
  const db = await openWithTags(t, { 'a/one': ['v1', 'v2'], 'a/two': ['old'] });
  const before = await tagsOf(db);
  const plan = [
    ['a/one', ['v1'], false],
    ['a/two', [], true],
  ];
  assert.deepEqual((await run(db, await addRule(db, { tagPattern: 'v.*' }), true)).removals, plan);
  const { run: own } = await run(db, await addRule(db, { dryRun: true }));
  assert.deepEqual([own?.dryRun, own?.removedTags], [true, 1]);
  assert.deepEqual(await tagsOf(db), before);
});

test('keeps a tag that is set during a run', async (t) => {
  const db = await openWithTags(t, { 'a/one': ['v1', 'v2', 'v3'] });
  const rule = await addRule(db);
  const runId = await beginRun(db, rule, { requestedBy: undefined, dryRun: false, nowMs: NOW_MS, newId });
  // After the tags were read, and before they are removed.
  const transaction = db.transaction.bind(db);
  let pushes = 1;
  const pushedInto = (begun: ReturnType<typeof transaction>): typeof begun =>
    Object.assign(Object.create(begun), {
      setIsolationLevel: (level: IsolationLevel) => pushedInto(begun.setIsolationLevel(level)),
      execute: async (act: Parameters<typeof begun.execute>[0]) => {
        if (pushes-- > 0) {
          db.transaction = transaction;
          await pushUnderTest(
            db,
            { instanceId: INSTANCE, namespaceName: 'a', name: 'one' },
            { tag: 'v1', image: 7, nowMs: NOW_MS },
          );
        }
        return begun.execute(act);
      },
    });
  db.transaction = () => pushedInto(transaction());
  await runRule(meansOf(db), runId, quiet);
  assert.equal(pushes, 0);
  assert.deepEqual(await tagsOf(db), ['a/one:v1', 'a/one:v3']);
  const [removal] = await listRunRepositories(db, runId, { limit: 1 });
  assert.deepEqual([removal?.tags, (await findRun(db, runId))?.keptTags], [['v2'], 2]);
});

test('a changed rule stops its run, which says so', async (t) => {
  const db = await openWithTags(t, { 'a/one': ['v1', 'v2'] });
  const rule = await addRule(db);
  const runId = await beginRun(db, rule, { requestedBy: undefined, dryRun: false, nowMs: NOW_MS, newId });
  await replaceLifecycleRule(db, { ...rule, keepCount: 5, modifiedMs: NOW_MS + 1 });
  const stopped = await runRule(meansOf(db), runId, quiet).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(stopped instanceof JobFailed && !stopped.mayPass);
  const end = { state: 'FAILED' as const, failure: stopped.failure, timeMs: NOW_MS };
  await lifecycleRunner(meansOf(db)).ended?.(db, { jobId: runId, subject: { runId }, attempt: 1 }, end);
  assert.equal((await findRun(db, runId))?.failure, 'The rule was changed or deleted while it ran.');
  assert.deepEqual(await tagsOf(db), ['a/one:v1', 'a/one:v2']);
});

test('of two servers that see a date pass, one begins the run; a new rule waits for its next date, and a missed date is made up for once', async (t) => {
  const db = await openWithTags(t, {});
  const rule = await addRule(db);
  const due = (nowMs: number) => beginDueRuns(db, { timeZone: 'UTC', nowMs, newId });
  const sundayMs = Date.parse('2026-12-06T02:00:00Z');
  assert.equal(await due(sundayMs - 1), 0);
  assert.equal(
    (await Promise.all([due(sundayMs), due(sundayMs)])).reduce((sum, begun) => sum + begun, 0),
    1,
  );
  assert.equal(await due(sundayMs + 1000), 0);
  assert.deepEqual(
    (await listRuns(db, { instanceId: INSTANCE }, 10)).map(({ requestedBy }) => requestedBy),
    [undefined],
  );
  const { runId } = (await listRuns(db, { instanceId: INSTANCE }, 1))[0] ?? { runId: '' };
  await runRule(meansOf(db), runId, quiet);
  await lifecycleRunner(meansOf(db)).ended?.(
    db,
    { jobId: runId, subject: { runId }, attempt: 1 },
    { state: 'DONE', result: {}, timeMs: sundayMs },
  );
  // The server was down for three weeks.
  assert.equal(await due(sundayMs + 22 * DAY_MS), 1);
  assert.equal((await getLifecycleRule(db, INSTANCE, rule.ruleId)).countedFromMs, sundayMs + 22 * DAY_MS);
});

test('a run continues after a restart with the repository where it stopped, and counts nothing twice', async (t) => {
  const db = await openWithTags(t, { 'a/one': ['v1', 'v2'], 'a/two': ['v1', 'v2'] });
  const rule = await addRule(db);
  const runId = await beginRun(db, rule, { requestedBy: undefined, dryRun: false, nowMs: NOW_MS, newId });
  const stop = new AbortController();
  // The clock is read for each repository: at the second one, the server closes.
  let asked = 0;
  const now = () => {
    asked += 1;
    if (asked === 4) stop.abort();
    return NOW_MS;
  };
  const closing = { ...meansOf(db), now };
  await assert.rejects(runRule(closing, runId, stop.signal));
  assert.equal((await findRun(db, runId))?.repositories, 1);
  await runRule(meansOf(db), runId, quiet);
  const done = await findRun(db, runId);
  assert.deepEqual([done?.repositories, done?.removedTags, done?.keptTags], [2, 2, 2]);
  assert.deepEqual(await tagsOf(db), ['a/one:v2', 'a/two:v2']);
});

test('a run walks through many repositories, including those without tags', async (t) => {
  const repositories = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`a/r${index}`, index % 100 === 0 ? ['v1', 'v2'] : []]),
  );
  const db = await openWithTags(t, repositories);
  const { run: done } = await run(db, await addRule(db));
  assert.deepEqual([done?.repositories, done?.removedTags, done?.keptTags], [200, 2, 2]);
});
