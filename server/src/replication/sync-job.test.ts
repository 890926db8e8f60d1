import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, type TestContext, test } from 'node:test';
import { ACCOUNT_AUTHOR, type RuleAuthor } from '#account/rule-author.ts';
import { cancelJob } from '#job/job-store.ts';
import { Jobs } from '#job/jobs.ts';
import { jobEnd } from '#job/testing/job-end.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { newId } from '#rpc/new-id.ts';
import { repositoryPath, SYNC, type SyncTrigger } from '#sync/sync.ts';
import { findSyncTask, insertSyncTask, listSyncLayers, pinWaitingCopies } from '#sync/sync-task-store.ts';
import { syncRunner } from './sync-job.ts';
import { parseTargets } from './target-settings.ts';
import { startProxy } from './testing/upload-proxy.ts';

const REGION = 'local';
const INSTANCE = 'cri-1';

let here: RegistryUnderTest;
let there: RegistryUnderTest;
before(async () => {
  [here, there] = await Promise.all([startRegistryUnderTest(), startRegistryUnderTest()]);
});
after(async () => {
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

/** Pushes an image with one layer of random bytes; gives its digest. */
async function pushImage(registry: RegistryUnderTest, repository: string, tag: string, layerBytes = 20_000) {
  const client = await RegistryClient.open(registry, repository);
  const blobs = [randomBytes(layerBytes), Buffer.from(JSON.stringify({ made: tag, by: newId('x') }))] as const;
  const described = [];
  for (const blob of blobs) {
    const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
    const begun = await client.request('POST', 'blobs/uploads/');
    const place = new URL(begun.headers.get('location') ?? '', registry.url);
    place.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    assert.equal((await client.request('PUT', `${place.pathname}${place.search}`, headers, blob)).status, 201);
    described.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: blob.length });
  }
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { ...described[1], mediaType: 'application/vnd.oci.image.config.v1+json' };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [described[0]] }));
  const put = await client.request('PUT', `manifests/${tag}`, { 'content-type': mediaType }, bytes);
  assert.equal(put.status, 201);
  return { digest: put.headers.get('docker-content-digest') ?? '', layer: described[0]?.digest ?? '' };
}

async function digestOf(registry: RegistryUnderTest, repository: string, tag: string): Promise<string | undefined> {
  const client = await RegistryClient.open(registry, repository);
  const answer = await client.request('HEAD', `manifests/${tag}`);
  return answer.headers.get('docker-content-digest') ?? undefined;
}

interface Copying {
  jobs: Jobs;
  add(task: {
    from: [repository: string, tag: string];
    to: [instanceId: string, repository: string, tag: string];
    overrides?: boolean;
    digest?: string;
    referrersOnly?: boolean;
    trigger?: SyncTrigger;
    author?: RuleAuthor;
  }): Promise<string>;
  ended(taskId: string): ReturnType<typeof findSyncTask>;
}

/** Replication from `here` to the instance `cri-2`, which is reached at an URL. */
async function startCopying(context: TestContext, url = there.url): Promise<Copying> {
  const { db } = here.images;
  const jobs = new Jobs({
    nodeId: 'node-1',
    db,
    now: Date.now,
    report: (message, error) => assert.ifError(error ?? message),
  });
  context.after(() => jobs.close());
  const own = here.images;
  const quotas = { namespaces: 100, repositories: 100, chartNamespaces: 1, chartRepositories: 1 };
  const means = { db, now: Date.now, newId, quotas, regionId: REGION, accountId: '1', noteDecision: () => undefined };
  const login = { user: ROOT_USER, password: ROOT_PASSWORD };
  const targets = parseTargets(JSON.stringify([{ instanceId: 'cri-2', regionId: 'far', registry: url, ...login }]));
  const access = () => ({ pin: async () => ({ address: '127.0.0.1' }) });
  const runner = syncRunner({ means, own, targets, access }, { atOnce: 2, pausesMs: [0, 0, 0, 0] });
  jobs.register(SYNC, runner);
  await jobs.start();
  return {
    jobs,
    async add({
      from: [source, tag],
      to: [instanceId, target, targetTag],
      overrides = true,
      digest,
      referrersOnly = false,
      trigger = 'INITIATIVE',
      author = ACCOUNT_AUTHOR,
    }) {
      const [namespaceName = '', repoName = ''] = source.split('/');
      const [toNamespace = '', toRepository = ''] = target.split('/');
      const row = db.selectFrom('repository').select('repo_id').where('name', '=', repoName);
      const { repo_id: repoId } = await row.executeTakeFirstOrThrow();
      const from = { instanceId: INSTANCE, regionId: REGION, namespaceName, repoName, tag };
      const to = { instanceId, regionId: REGION, namespaceName: toNamespace, repoName: toRepository, tag: targetTag };
      const task = {
        taskId: newId('rst'),
        batchId: 'b',
        ruleId: undefined,
        trigger,
        repoId,
        from,
        to,
        crossUser: false,
        overrides,
        priority: 3,
        path: [repositoryPath(from)],
        askedBy: 'tester',
        digest,
        referrersOnly,
        author,
      };
      await db.transaction().execute((trx) => insertSyncTask(trx, task, REGION, Date.now()));
      jobs.wake();
      return task.taskId;
    },
    async ended(taskId) {
      await jobEnd(db, taskId);
      return findSyncTask(db, REGION, taskId);
    },
  };
}

test('an image is copied here without bytes and to another registry with them, and the same again sends nothing', async (context) => {
  const copying = await startCopying(context);
  const { digest } = await pushImage(here, 'team/app', 'v1');
  const sbom = await (await RegistryClient.open(here, 'team/app')).pushReferrer(digest, 'application/vnd.sbom');
  await digestOf(here, 'team/copy', 'none');
  const sent = async (taskId: string) => {
    const task = await copying.ended(taskId);
    const layers = await listSyncLayers(here.images.db, taskId);
    return [task?.status, layers.reduce((sum, { syncedBytes }) => sum + syncedBytes, 0) > 0, layers.length];
  };
  const own = await copying.add({ from: ['team/app', 'v1'], to: [INSTANCE, 'team/copy', 'v2'] });
  assert.deepEqual(await sent(own), ['SUCCESS', false, 2]);
  assert.equal(await digestOf(here, 'team/copy', 'v2'), digest);
  const away = await copying.add({ from: ['team/app', 'v1'], to: ['cri-2', 'up/app', 'v3'] });
  assert.deepEqual(await sent(away), ['SUCCESS', true, 2]);
  assert.equal(await digestOf(there, 'up/app', 'v3'), digest);
  await (await RegistryClient.open(there, 'up/app')).pullWhole(sbom);
  const again = await copying.add({ from: ['team/app', 'v1'], to: ['cri-2', 'up/app', 'v3'], overrides: false });
  assert.deepEqual(await sent(again), ['SUCCESS', false, 0]);
  // What was set there is known to have come from here, so that no rule sends it back.
  const event = there.images.db
    .selectFrom('event')
    .select('body')
    .where('kind', '=', 'tag_set')
    .orderBy('sequence', 'desc');
  const { body } = await event.limit(1).executeTakeFirstOrThrow();
  assert.deepEqual(JSON.parse(body).syncPath, [`${INSTANCE}/team/app`]);
  const finished = here.images.db.selectFrom('event').select('body').where('kind', '=', 'sync_finished');
  const bodies = (await finished.execute()).map((row) => JSON.parse(row.body));
  assert.deepEqual(
    bodies.map(({ taskId, status }) => [taskId, status]),
    [own, away, again].map((taskId) => [taskId, 'SUCCESS']),
  );
});

test('a tag of the target that points to another image is replaced only on request', async (context) => {
  const copying = await startCopying(context);
  const { digest } = await pushImage(here, 'team/newer', 'v1');
  const { digest: older } = await pushImage(there, 'up/newer', 'v1');
  const task = { from: ['team/newer', 'v1'], to: ['cri-2', 'up/newer', 'v1'] } as const;
  const refused = await copying.ended(await copying.add({ from: [...task.from], to: [...task.to], overrides: false }));
  assert.deepEqual([refused?.status, refused?.issue?.code], ['ERROR', 'TAG_CONFLICT']);
  assert.equal(await digestOf(there, 'up/newer', 'v1'), older);
  assert.equal((await copying.ended(await copying.add({ from: [...task.from], to: [...task.to] })))?.status, 'SUCCESS');
  assert.equal(await digestOf(there, 'up/newer', 'v1'), digest);
  // One that lets none be overwritten, here and there.
  for (const [registry, instanceId] of [
    [here, INSTANCE],
    [there, 'cri-2'],
  ] as const) {
    await pushImage(registry, 'up/fixed', 'v1');
    await registry.images.db
      .updateTable('repository')
      .set({ tag_immutability: 1 })
      .where('name', '=', 'fixed')
      .execute();
    const fixed = await copying.add({ from: ['team/newer', 'v1'], to: [instanceId, 'up/fixed', 'v1'] });
    assert.equal((await copying.ended(fixed))?.issue?.code, 'TAG_CONFLICT', instanceId);
  }
});

test('a task for one image copies nothing once the tag points to another', async (context) => {
  const copying = await startCopying(context);
  const first = await pushImage(here, 'team/pinned', 'v1');
  const task = { from: ['team/pinned', 'v1'], to: ['cri-2', 'up/pinned', 'v1'] } as const;
  const add = (digest: string) => copying.add({ from: [...task.from], to: [...task.to], digest });
  assert.equal((await copying.ended(await add(first.digest)))?.status, 'SUCCESS');
  const second = await pushImage(here, 'team/pinned', 'v1');
  const late = await copying.ended(await add(first.digest));
  assert.equal(late?.issue?.message, 'The tag v1 was set to another image before it was copied.');
  assert.equal(await digestOf(there, 'up/pinned', 'v1'), first.digest);
  assert.equal((await copying.ended(await add(second.digest)))?.status, 'SUCCESS');
  assert.equal(await digestOf(there, 'up/pinned', 'v1'), second.digest);
});

test('a task for what is said of an image sets no tag, and copies that to where the tag points to the image', async (context) => {
  const copying = await startCopying(context);
  const { digest } = await pushImage(here, 'team/said', 'v1');
  const add = (referrersOnly: boolean) =>
    copying.add({ from: ['team/said', 'v1'], to: ['cri-2', 'up/said', 'v1'], digest, referrersOnly });
  const early = await copying.ended(await add(true));
  assert.match(early?.issue?.message ?? '', /^The target’s tag v1 does not point to the image/);
  assert.equal(await digestOf(there, 'up/said', 'v1'), undefined);
  assert.equal((await copying.ended(await add(false)))?.status, 'SUCCESS');
  const client = await RegistryClient.open(here, 'team/said');
  const signature = await client.pushReferrer(digest, 'application/vnd.signature');
  assert.equal((await copying.ended(await add(true)))?.status, 'SUCCESS');
  assert.equal(await digestOf(there, 'up/said', signature.digest), signature.digest);
});

test('a copy that runs while a chain is made copies nothing that the tag is set to later', async (context) => {
  await pushImage(here, 'team/chained', 'v1', 4 * 2 ** 20);
  const proxy = await startProxy(context, there.url);
  const copying = await startCopying(context, proxy.url);
  proxy.holdsUploads = true;
  const task = { from: ['team/chained', 'v1'], to: ['cri-2', 'up/chained', 'v1'], trigger: 'PASSIVE' } as const;
  const taskId = await copying.add({ ...task, from: [...task.from], to: [...task.to] });
  await proxy.held;
  await pinWaitingCopies(here.images.db, { instanceId: INSTANCE, namespaceName: 'team', repoName: 'chained' });
  await pushImage(here, 'team/chained', 'v1');
  proxy.release();
  const ended = await copying.ended(taskId);
  assert.equal(ended?.issue?.message, 'The tag v1 was set to another image before it was copied.');
  assert.equal(await digestOf(there, 'up/chained', 'v1'), undefined);
});

test('a target that dies within a layer is tried again, and what it has is not sent twice', async (context) => {
  const { digest, layer } = await pushImage(here, 'team/large', 'v1', 4 * 2 ** 20);
  const proxy = await startProxy(context, there.url);
  const copying = await startCopying(context, proxy.url);
  proxy.breaksUploads = 2;
  const taskId = await copying.add({ from: ['team/large', 'v1'], to: ['cri-2', 'up/large', 'v1'] });
  const task = await copying.ended(taskId);
  assert.deepEqual([task?.status, proxy.breaksUploads], ['SUCCESS', 0]);
  assert.equal(await digestOf(there, 'up/large', 'v1'), digest);
  const layers = await listSyncLayers(here.images.db, taskId);
  assert.deepEqual(layers.find((each) => each.digest === layer)?.syncedBytes, 4 * 2 ** 20);
  // The configuration came before the layer that broke, and once.
  assert.equal(proxy.uploads.filter((query) => !query.includes(encodeURIComponent(layer))).length, 1);
});

test('a copy that is cancelled within a layer leaves no tag at the target', async (context) => {
  await pushImage(here, 'team/cancelled', 'v1', 4 * 2 ** 20);
  const proxy = await startProxy(context, there.url);
  const copying = await startCopying(context, proxy.url);
  proxy.holdsUploads = true;
  const taskId = await copying.add({ from: ['team/cancelled', 'v1'], to: ['cri-2', 'up/cancelled', 'v1'] });
  await proxy.held;
  assert.equal(await cancelJob(here.images.db, taskId), true);
  copying.jobs.wake();
  assert.equal((await copying.ended(taskId))?.status, 'CANCELED');
  assert.equal(await digestOf(there, 'up/cancelled', 'v1'), undefined);
});
