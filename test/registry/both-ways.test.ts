import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MANIFEST, pushSmallImage, smallImage } from '../support/images/small-image.ts';
import { startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const run = promisify(execFile);
const REPOSITORY = 'team/app';
const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts three servers: runs with SLIPWAY_TEST_LONG=1';

test('two servers that copy into each other end with the same tags, images and referrers, and send nothing back', {
  skip: SKIP,
}, async (t) => {
  const folder = temporaryFolder(t);
  const first = await startServer(t);
  const a = await startServer(t, { flags: ['--sync-targets-file', targetsFile(folder, 'a.json', first)] });
  // It learns of the other one only now that the other has an address.
  await first.stop();
  const same = ['--listen', new URL(first.root.Endpoint).host, '--sync-targets-file', targetsFile(folder, 'b.json', a)];
  const b = await startServer(t, { dataFolder: first.dataFolder, flags: same });
  for (const { client, root } of [a, b])
    await client.call('CreateNamespace', {
      InstanceId: root.InstanceId,
      NamespaceName: 'team',
      AutoCreateRepo: true,
    });
  await copyAll(a, b);
  await copyAll(b, a);

  const one = smallImage(Buffer.from('of a'), 'v1');
  await pushSmallImage(loginOf(a), REPOSITORY, 'v1', one);
  await copied(a, 'v1', one.digest, b);
  const two = smallImage(Buffer.from('of b'), 'v2');
  await pushSmallImage(loginOf(b), REPOSITORY, 'v2', two);
  await copied(b, 'v2', two.digest, a);
  // A tag moves where it was copied to, and back again where it came from.
  const moved = smallImage(Buffer.from('moved'), 'v1');
  await pushSmallImage(loginOf(b), REPOSITORY, 'v1', moved);
  await copied(b, 'v1', moved.digest, a);
  const signature = signatureOf(moved);
  await pushSmallImage(loginOf(a), REPOSITORY, signature.digest, signature);
  await appears(b, signature.digest);
  // Events are taken in their order: once these are copied, each server has seen everything that came from the other.
  for (const [here, there, tag] of [
    [a, b, 'last-of-a'],
    [b, a, 'last-of-b'],
  ] as const) {
    const last = smallImage(Buffer.from(tag), tag);
    await pushSmallImage(loginOf(here), REPOSITORY, tag, last);
    await copied(here, tag, last.digest, there);
  }

  assert.deepEqual(await tags(a), await tags(b));
  assert.deepEqual(Object.keys(await tags(a)), ['last-of-a', 'last-of-b', 'v1', 'v2']);
  assert.deepEqual(await taskCounts(a), { v1: 2, 'last-of-a': 1 }, 'the image and its signature, and nothing of b');
  assert.deepEqual(await taskCounts(b), { v2: 1, v1: 1, 'last-of-b': 1 }, 'and nothing of a');

  await t.test('skopeo finds the same bytes on both', async () => {
    for (const tag of Object.keys(await tags(a)))
      assert.deepEqual(await copyOf(a, tag, t), await copyOf(b, tag, t), tag);
    const [ofA, ofB] = [await copyOf(a, `@${signature.digest}`, t), await copyOf(b, `@${signature.digest}`, t)];
    assert.deepEqual(ofA, ofB);
    assert.equal(ofA['manifest.json'], signature.digest.replace('sha256:', ''));
    const referrers = async (server: TestServer) => {
      const answer = await registry(server, `referrers/${moved.digest}`);
      return ((await answer.json()) as { manifests: unknown[] }).manifests;
    };
    assert.deepEqual(await referrers(a), await referrers(b));
    assert.equal((await referrers(a)).length, 1);
  });
});

function targetsFile(folder: string, name: string, { root }: TestServer): string {
  const { AccountId: accountId, AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = root;
  const { InstanceId: instanceId, RegionId: regionId, Endpoint: registry } = root;
  const file = join(folder, name);
  const peer = { instanceId, regionId, accountId, registry, api: registry, accessKeyId, accessKeySecret };
  writeFileSync(file, JSON.stringify([peer]), { mode: 0o600 });
  return file;
}

function loginOf({ root }: TestServer) {
  return { endpoint: root.Endpoint, accessKeyId: root.AccessKeyId, accessKeySecret: root.AccessKeySecret };
}

async function copyAll({ client, root }: TestServer, { root: to }: TestServer): Promise<void> {
  await client.call('CreateRepoSyncRule', {
    InstanceId: root.InstanceId,
    NamespaceName: 'team',
    SyncRuleName: 'all',
    SyncScope: 'NAMESPACE',
    TagFilter: '.*',
    TargetInstanceId: to.InstanceId,
    TargetRegionId: to.RegionId,
    TargetNamespaceName: 'team',
  });
}

/** Waits until a server has copied an image, and the other has its tag. */
async function copied({ client, root }: TestServer, tag: string, digest: string, to: TestServer): Promise<void> {
  for (;;) {
    const { SyncTasks = [] } = await client.call('ListRepoSyncTask', { InstanceId: root.InstanceId, Tag: tag });
    const [newest] = SyncTasks;
    assert.notEqual(newest?.TaskStatus, 'ERROR', newest?.TaskIssue);
    if (newest?.TaskStatus === 'SUCCESS' && (await tags(to))[tag] === digest) return;
    await sleep(50);
  }
}

/** Waits until a manifest can be pulled. */
async function appears(server: TestServer, digest: string): Promise<void> {
  for (;;) {
    const { status } = await registry(server, `manifests/${digest}`);
    if (status === 200) return;
    assert.equal(status, 404);
    await sleep(50);
  }
}

async function tags({ client, root: { InstanceId } }: TestServer): Promise<Record<string, string>> {
  const named = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const { RepoId } = await client.call('GetRepository', named).catch(() => ({ RepoId: undefined }));
  if (RepoId === undefined) return {};
  const { Images = [] } = await client.call('ListRepoTag', { InstanceId, RepoId });
  const pairs = Images.map(({ Tag = '', Digest = '' }) => [Tag, `sha256:${Digest}`] as const);
  return Object.fromEntries(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** How many copies of each tag a server has made. */
async function taskCounts({ client, root }: TestServer): Promise<Record<string, number>> {
  const { SyncTasks = [] } = await client.call('ListRepoSyncTask', { InstanceId: root.InstanceId, PageSize: 100 });
  const counts: Record<string, number> = {};
  for (const { ImageFrom, TaskStatus } of SyncTasks) {
    assert.equal(TaskStatus, 'SUCCESS');
    const tag = ImageFrom?.ImageTag ?? '';
    counts[tag] = (counts[tag] ?? 0) + 1;
  }
  return counts;
}

function signatureOf({ digest, manifest }: ReturnType<typeof smallImage>): ReturnType<typeof smallImage> {
  const empty = Buffer.from('{}');
  const sha = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const described = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha(empty), size: empty.length };
  const subject = { mediaType: MANIFEST, digest, size: manifest.bytes.length };
  const artifactType = 'application/vnd.example.signature';
  const said = { schemaVersion: 2, mediaType: MANIFEST, artifactType, config: described, layers: [described], subject };
  const bytes = Buffer.from(JSON.stringify(said));
  const blobs = [{ digest: described.digest, bytes: empty }];
  return { digest: sha(bytes), manifest: { mediaType: MANIFEST, bytes }, blobs };
}

async function registry({ root }: TestServer, path: string): Promise<Response> {
  const basic = Buffer.from(`${root.AccessKeyId}:${root.AccessKeySecret}`).toString('base64');
  const scope = `scope=repository:${REPOSITORY}:pull`;
  const answer = await fetch(`${root.Endpoint}/token?${scope}`, { headers: { authorization: `Basic ${basic}` } });
  const { token } = (await answer.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}`, accept: MANIFEST };
  return fetch(`${root.Endpoint}/v2/${REPOSITORY}/${path}`, { headers });
}

/** The SHA-256 of each file that skopeo writes for an image: manifest, configuration and layers, byte for byte. */
async function copyOf({ root }: TestServer, reference: string, t: Parameters<typeof temporaryFolder>[0]) {
  const folder = temporaryFolder(t);
  const image = `${new URL(root.Endpoint).host}/${REPOSITORY}${reference.startsWith('@') ? '' : ':'}${reference}`;
  const flags = ['--src-tls-verify=false', '--src-creds', `${root.AccessKeyId}:${root.AccessKeySecret}`];
  await run('skopeo', ['copy', '--all', '--preserve-digests', ...flags, `docker://${image}`, `dir:${folder}`]);
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((file) => [file, hash(file)]),
  );
}
