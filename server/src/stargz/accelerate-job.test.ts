import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Logbook } from '@slipway/logbook';
import { ACCELERATE } from '#acceleration/acceleration.ts';
import { accelerationEvents } from '#acceleration/acceleration-events.ts';
import { addAccelerationTask, listAccelerationTasks, saveAccelerationRule } from '#acceleration/acceleration-store.ts';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { takeBatch } from '#event/event-consumers.ts';
import { cancelJob, findJob } from '#job/job-store.ts';
import { Jobs } from '#job/jobs.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { newId } from '#rpc/new-id.ts';
import { readTar } from '#tar/tar-reader.ts';
import { tarOf } from '#tar/testing/tar.ts';
import { accelerateRunner } from './accelerate-job.ts';

const OCI = 'application/vnd.oci.image';
const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

let registry: RegistryUnderTest;
let logbook: Logbook;
const consumer = accelerationEvents({ newId });

before(async () => {
  registry = await startRegistryUnderTest();
  logbook = await Logbook.open({ folder: join(registry.folder, 'logs') });
  await takeBatch(registry.images.db, consumer);
});
after(async () => {
  await logbook.close();
  await registry[Symbol.asyncDispose]();
});

async function pushBlob(client: RegistryClient, blob: Buffer): Promise<{ digest: string; size: number }> {
  const digest = sha256(blob);
  const begun = await client.request('POST', 'blobs/uploads/');
  const place = new URL(begun.headers.get('location') ?? '', registry.url);
  place.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  assert.equal((await client.request('PUT', `${place.pathname}${place.search}`, headers, blob)).status, 201);
  return { digest, size: blob.length };
}

async function pushManifest(
  client: RegistryClient,
  reference: string,
  manifest: { mediaType: string; [field: string]: unknown },
) {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const put = await client.request('PUT', `manifests/${reference}`, { 'content-type': manifest.mediaType }, bytes);
  assert.equal(put.status, 201);
  return { digest: sha256(bytes), size: bytes.length };
}

const RIGHTS = { accountId: '1', regionId: 'local', now: Date.now, noteDecision: () => undefined };

interface Layer {
  mediaType: string;
  blob: Buffer;
}

/** The manifest of an image with these layers, whose blobs are pushed. */
async function imageOf(
  client: RegistryClient,
  layers: readonly Layer[],
  diffIds = layers.map(() => sha256(Buffer.from('x'))),
) {
  const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds } };
  const described = [];
  for (const { mediaType, blob } of layers) described.push({ mediaType, ...(await pushBlob(client, blob)) });
  const configuration = await pushBlob(client, Buffer.from(JSON.stringify(config)));
  return {
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    layers: described,
    config: { mediaType: `${OCI}.config.v1+json`, ...configuration },
  };
}

/** Has what was pushed to a repository converted; gives each task of it as it ended, the latest first. */
async function convertAll(name: string, act: (jobs: Jobs) => Promise<void> = async () => undefined) {
  const { images } = registry;
  const { db } = images;
  const own = registry.images;
  const jobs = new Jobs({
    nodeId: 'node-1',
    db,
    now: Date.now,
    report: (message, error) => assert.ifError(error ?? message),
  });
  const runner = accelerateRunner({
    means: { db, logbook, ...RIGHTS },
    own,
    folder: join(registry.folder, 'conversions'),
  });
  const { repoId } = await getRepositoryByName(db, images.instanceId, 'ns', name);
  await takeBatch(db, consumer);
  const tasks = await listAccelerationTasks(db, repoId, 100);
  await act(jobs);
  const ends = tasks.map(() => Promise.withResolvers<void>());
  let left = 0;
  jobs.register(ACCELERATE, { ...runner, ended: async () => setImmediate(() => ends[left++]?.resolve()) && undefined });
  await jobs.start();
  await Promise.all(ends.map(({ promise }) => promise));
  await jobs.close();
  return Promise.all(
    tasks.map(async ({ taskId, tag, digest }) => {
      const lines = (await logbook.reach(taskId))
        ? (await logbook.lines(taskId, 0, 100)).map(({ message }) => message)
        : [];
      return { tag, digest, lines, job: await findJob(db, ACCELERATE, taskId) };
    }),
  );
}

async function openRepository(name: string, priorityFile?: string): Promise<RegistryClient> {
  const client = await RegistryClient.open(registry, `ns/${name}`);
  const { db, instanceId } = registry.images;
  const { repoId } = await getRepositoryByName(db, instanceId, 'ns', name);
  await saveAccelerationRule(
    db,
    { ruleId: newId('crabr'), instanceId, repoId, priorityFile, author: ACCOUNT_AUTHOR },
    1,
  );
  return client;
}

async function readJson(client: RegistryClient, path: string) {
  const answer = await client.request('GET', path, { accept: `${OCI}.manifest.v1+json, ${OCI}.index.v1+json` });
  assert.equal(answer.status, 200, path);
  return JSON.parse(Buffer.from(await answer.arrayBuffer()).toString());
}

async function namesOf(archive: Buffer): Promise<string[]> {
  const names: string[] = [];
  for await (const { header } of readTar(
    (async function* () {
      yield archive;
    })(),
  ))
    if (!/^(stargz\.index\.json|\.(no\.)?prefetch\.landmark)$/.test(header.name)) names.push(header.name);
  return names;
}

const tar = (name: string) =>
  tarOf([
    { name: `${name}/`, type: '5' },
    { name: `${name}/file`, content: name },
  ]);
const LAYERS: Layer[] = [
  { mediaType: `${OCI}.layer.v1.tar+gzip`, blob: gzipSync(tar('a')) },
  { mediaType: `${OCI}.layer.v1.tar+zstd`, blob: zstdCompressSync(tar('b')) },
  { mediaType: `${OCI}.layer.v1.tar`, blob: tar('c') },
];

test('an image that is pushed is also there as _accelerated: the same files, in layers that tell where each file is', async () => {
  const client = await openRepository('whole', Buffer.from('/b/file\n').toString('base64'));
  const { digest } = await pushManifest(client, 'v1', await imageOf(client, LAYERS));
  const [task] = await convertAll('whole');
  assert.deepEqual([task?.tag, task?.digest, task?.job?.state], ['v1', digest, 'DONE']);
  const manifest = await readJson(client, 'manifests/v1_accelerated');
  const config = await readJson(client, `blobs/${manifest.config.digest}`);
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    const layer = manifest.layers[index];
    assert.equal(layer.mediaType, `${OCI}.layer.v1.tar+gzip`);
    const blob = Buffer.from(await (await client.request('GET', `blobs/${layer.digest}`)).arrayBuffer());
    const archive = gunzipSync(blob);
    assert.deepEqual(await namesOf(archive), [`${name}/`, `${name}/file`]);
    assert.equal(config.rootfs.diff_ids[index], sha256(archive));
    assert.match(layer.annotations['containerd.io/snapshot/stargz/toc.digest'], /^sha256:/);
    assert.equal(archive.includes('.prefetch.landmark\0') && !archive.includes('.no.prefetch'), name === 'b');
  }
  assert.deepEqual(config.architecture, 'amd64');
  assert.match(
    task?.lines.join('\n') ?? '',
    /^convert ns\/whole:v1 \(sha256:.*\npaths of the priority file.*: 1\nlayer 1\/3: .*\nlayer 2\/3: .*\nlayer 3\/3: .*\nns\/whole:v1_accelerated is sha256:/,
  );
  // What a conversion makes is not converted again.
  assert.equal(await takeBatch(registry.images.db, consumer), 1);
  const { repoId } = await getRepositoryByName(registry.images.db, registry.images.instanceId, 'ns', 'whole');
  assert.equal((await listAccelerationTasks(registry.images.db, repoId, 9)).length, 1);
});

test('every image of an index is converted, without what attests to the images as they were', async () => {
  const client = await openRepository('index');
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const image = await imageOf(client, [LAYERS[architecture === 'amd64' ? 0 : 2] as Layer]);
    const pushed = await pushManifest(client, sha256(Buffer.from(JSON.stringify(image))), image);
    manifests.push({ mediaType: image.mediaType, ...pushed, platform: { os: 'linux', architecture } });
  }
  manifests.push({ ...manifests[0], platform: { os: 'unknown', architecture: 'unknown' } });
  await pushManifest(client, 'v1', { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests });
  const [task] = await convertAll('index');
  assert.equal(task?.job?.state, 'DONE', task?.lines.join('\n'));
  const index = await readJson(client, 'manifests/v1_accelerated');
  assert.deepEqual(
    index.manifests.map((one: { platform: { architecture: string } }) => one.platform.architecture),
    ['amd64', 'arm64'],
  );
  for (const { digest } of index.manifests) {
    const { layers } = await readJson(client, `manifests/${digest}`);
    assert.ok(layers[0].annotations['containerd.io/snapshot/stargz/toc.digest']);
  }
});

test('what is no image, or cannot be read, fails with the reason in the log, and sets no tag', async () => {
  const client = await openRepository('refused');
  const type = LAYERS[0]?.mediaType ?? '';
  await pushManifest(client, 'broken', await imageOf(client, [{ mediaType: type, blob: Buffer.from('no archive') }]));
  await pushManifest(
    client,
    'cut',
    await imageOf(client, [{ mediaType: type, blob: gzipSync(tar('a').subarray(0, 700)) }]),
  );
  await pushManifest(client, 'odd', await imageOf(client, [{ mediaType: 'application/x-odd', blob: tar('a') }]));
  await pushManifest(client, 'config', await imageOf(client, [LAYERS[0] as Layer], []));
  const chart = await imageOf(client, [LAYERS[0] as Layer]);
  const config = { ...chart.config, mediaType: 'application/vnd.cncf.helm.config.v1+json' };
  await pushManifest(client, 'chart', { ...chart, config });
  const long = 'l'.repeat(117);
  await pushManifest(client, long, await imageOf(client, LAYERS));
  const tasks = await convertAll('refused');
  const reasons: Record<string, RegExp> = {
    broken: /is not compressed as its media type says/,
    cut: /cannot be read: it ends within a header/,
    odd: /has the type "application\/x-odd", which cannot be converted/,
    config: /does not belong to its layers/,
    chart: /is not a container image/,
    [long]: /has 117 characters; with more than 116, there is no room for _accelerated/,
  };
  assert.equal(tasks.length, 6);
  for (const { tag, job, lines } of tasks) {
    assert.equal(job?.state, 'FAILED', tag);
    assert.match(job?.failure?.message ?? '', reasons[tag] ?? /none/);
    assert.equal(lines.at(-1), job?.failure?.message);
    assert.equal((await client.request('HEAD', `manifests/${tag}_accelerated`)).status, 404);
  }
});

test('a task that is cancelled before it begins sets no tag', async () => {
  const client = await openRepository('cancelled');
  await pushManifest(client, 'v1', await imageOf(client, LAYERS));
  const { db, instanceId } = registry.images;
  const [task] = await convertAll('cancelled', async () => {
    const { repoId } = await getRepositoryByName(db, instanceId, 'ns', 'cancelled');
    for (const { taskId } of await listAccelerationTasks(db, repoId, 9)) await cancelJob(db, taskId);
  });
  assert.equal(task?.job?.state, 'CANCELED');
  assert.equal((await client.request('HEAD', 'manifests/v1_accelerated')).status, 404);
});

test('a task that is cancelled while it converts ends before the next layer, says so in its log, and sets no tag', async () => {
  const client = await openRepository('stopped');
  const image = await imageOf(client, LAYERS);
  const { digest } = await pushManifest(client, 'v1', image);
  const { db, instanceId } = registry.images;
  const { repoId } = await getRepositoryByName(db, instanceId, 'ns', 'stopped');
  const [own, abort] = [registry.images, new AbortController()];
  const second = image.layers[1]?.digest;
  const blobs: typeof own.blobs = {
    ...own.blobs,
    read: (repository, asked, signal) => {
      if (asked === second) abort.abort(new Error('cancelled'));
      return own.blobs.read(repository, asked, signal);
    },
  };
  const folder = join(registry.folder, 'conversions');
  const runner = accelerateRunner({ means: { db, logbook, ...RIGHTS }, own: { ...own, blobs }, folder });
  const subject = { taskId: 'i2a-stopped', instanceId };
  await addAccelerationTask(db, { ...subject, repoId, tag: 'v1', digest, createdMs: 1, author: ACCOUNT_AUTHOR });
  const job = { jobId: subject.taskId, subject, attempt: 1, isLastAttempt: true, signal: abort.signal };
  await assert.rejects(runner.run(job), /cancelled|abort/);
  const lines = (await logbook.lines(subject.taskId, 0, 9)).map(({ message }) => message);
  assert.match(lines.join('\n'), /^convert .*\nlayer 1\/3: .*\ncancelled, or the server closes$/);
  assert.equal((await client.request('HEAD', 'manifests/v1_accelerated')).status, 404);
  assert.deepEqual(await readdir(folder), []);
});
