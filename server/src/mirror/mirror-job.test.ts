import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import { after, before, type TestContext, test } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import { listen } from '#registry/testing/foreign-registry.ts';
import { type RegistryUnderTest, ROOT_USER, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { type PushedImage, RegistryClient } from '#routes/testing/registry-client.ts';
import { startMirroring } from './testing/mirroring.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const ANNOTATIONS = { 'org.opencontainers.image.source': 'https://git.example/up' };

let here: RegistryUnderTest;
let there: RegistryUnderTest;
before(async () => {
  const upstream = startRegistryUnderTest({ publicUrl: () => upstreamUrl() });
  [here, there] = await Promise.all([startRegistryUnderTest(), upstream]);
});
after(async () => {
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

/** The name of `there`, which only the pinned address leads to. */
function upstreamUrl(): string {
  return there.url.replace('127.0.0.1', 'upstream.example');
}

/** Pushes a list of images for three platforms, with what attests the first one. */
async function pushThree(name: string, tag: string, text = tag) {
  const client = await RegistryClient.open(there, name);
  const platforms = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'];
  const images: PushedImage[] = [];
  for (const platform of platforms) images.push(await client.push(undefined, `${text} ${platform}`));
  const attestation = await client.push(undefined, `${text} attested`);
  const about = { 'vnd.docker.reference.digest': images[0]?.digest };
  const entries = [...images, attestation].map(({ bytes, digest, mediaType }, index) => {
    const [os = 'unknown', architecture = 'unknown', variant] = platforms[index]?.split('/') ?? [];
    const annotations = index === platforms.length ? { annotations: about } : {};
    return { mediaType, digest, size: bytes.length, platform: { os, architecture, variant }, ...annotations };
  });
  const list = { schemaVersion: 2, mediaType: INDEX, manifests: entries, annotations: ANNOTATIONS };
  const bytes = Buffer.from(JSON.stringify(list));
  await client.putManifest(tag, { bytes, mediaType: INDEX });
  return { images, attestation, digest: digestOf(bytes) };
}

async function digestHere(name: string, tag: string): Promise<string | undefined> {
  const client = await RegistryClient.open(here, name);
  const answer = await client.request('HEAD', `manifests/${tag}`);
  return answer.headers.get('docker-content-digest') ?? undefined;
}

test('a list is cut to the wanted platforms and keeps what it says, one platform gives a single image, and all give the list itself', async (context) => {
  const { run } = await startMirroring(context, here, { registry: upstreamUrl() });
  const { images, attestation, digest } = await pushThree('up/three', 'v1');
  const rule = { sourceRepoName: 'three', tagCount: 1 };
  const one = await run({ ...rule, repoName: 'one', platforms: ['linux/arm64'] });
  assert.deepEqual([one.outcome, one.counts, one.tags], ['SUCCESS', [1, 1], ['v1 SUCCESS']], one.message);
  assert.equal(await digestHere('team/one', 'v1'), images[1]?.digest);
  await run({ ...rule, repoName: 'two', platforms: ['linux/amd64', 'linux/arm/v7'] });
  const client = await RegistryClient.open(here, 'team/two');
  const list = JSON.parse((await client.pull('v1')).bytes.toString());
  assert.deepEqual(list.annotations, ANNOTATIONS);
  const kept: string[] = list.manifests.map((each: { digest: string }) => each.digest);
  assert.deepEqual(kept, [images[0]?.digest, images[2]?.digest, attestation.digest]);
  for (const each of kept) assert.equal((await client.pull(each)).digest, each);
  await run({ ...rule, repoName: 'all', platforms: ['linux/amd64', 'linux/arm64/v8', 'linux/arm/v7'] });
  assert.equal(await digestHere('team/all', 'v1'), digest);
  const none = await run({ ...rule, repoName: 'none', platforms: ['linux/s390x'] });
  assert.deepEqual([none.outcome, none.tags], ['FAILED', ['v1 FAILED']]);
  assert.match(none.message, /v1 is for linux\/amd64, linux\/arm64, linux\/arm\/v7, not for linux\/s390x/);
});

test('the newest of the tags that match as a whole are mirrored, and a run without any says so', async (context) => {
  const { run } = await startMirroring(context, here, { registry: upstreamUrl() });
  const client = await RegistryClient.open(there, 'up/many');
  for (let minor = 1; minor <= 10; minor += 1) await client.push(`1.${minor}`, `many ${minor}`);
  await client.push('nightly', 'nightly');
  const rule = { sourceRepoName: 'many', repoName: 'many' };
  const three = await run({ ...rule, tagRegexp: '1\\.\\d+', tagCount: 3 });
  assert.deepEqual(
    [three.counts, three.tags],
    [
      [11, 3],
      ['1.10 SUCCESS', '1.9 SUCCESS', '1.8 SUCCESS'],
    ],
  );
  const none = await run({ ...rule, tagRegexp: 'night' });
  assert.deepEqual([none.outcome, none.tags], ['SUCCESS', []]);
  assert.match(none.message, /None of the 11 tags matches night/);
});

test('a tag that moved there moves here only with Override, and never where tags may not be overwritten', async (context) => {
  const { run } = await startMirroring(context, here, { registry: upstreamUrl() });
  const rule = { sourceRepoName: 'moved', repoName: 'moved', tagRegexp: 'v1' };
  const { images } = await pushThree('up/moved', 'v1');
  assert.equal((await run(rule)).outcome, 'SUCCESS');
  assert.equal((await run(rule)).outcome, 'SUCCESS');
  const moved = await pushThree('up/moved', 'v1', 'moved');
  const kept = await run(rule);
  assert.equal(kept.outcome, 'FAILED');
  assert.match(kept.message, /points to another image here.*Override/);
  assert.equal(await digestHere('team/moved', 'v1'), images[0]?.digest);
  const table = here.images.db.updateTable('repository');
  await table.set({ tag_immutability: 1 }).where('name', '=', 'moved').execute();
  assert.equal((await run({ ...rule, overrides: true })).outcome, 'FAILED');
  assert.equal(await digestHere('team/moved', 'v1'), images[0]?.digest);
  await table.set({ tag_immutability: 0 }).where('name', '=', 'moved').execute();
  assert.equal((await run({ ...rule, overrides: true })).outcome, 'SUCCESS');
  assert.equal(await digestHere('team/moved', 'v1'), moved.images[0]?.digest);
});

test('what arrives is converted where the rule says so, once for each image', async (context) => {
  const { run } = await startMirroring(context, here, { registry: upstreamUrl() });
  await pushThree('up/fast', 'v1');
  const conversions = async () => {
    const rows = here.images.db
      .selectFrom('acceleration_task')
      .innerJoin('repository', (join) => join.onRef('repository.repo_id', '=', 'acceleration_task.repo_id'));
    return (await rows.select(['tag', 'digest']).where('repository.name', '=', 'fast').execute()).length;
  };
  const rule = { sourceRepoName: 'fast', repoName: 'fast' };
  await run(rule);
  assert.equal(await conversions(), 0);
  await run({ ...rule, accelerates: true });
  assert.equal(await conversions(), 1);
  const client = await RegistryClient.open(here, 'team/fast');
  await client.push('v1_accelerated', 'as if converted');
  await run({ ...rule, accelerates: true });
  assert.equal(await conversions(), 1);
});

test('a registry that limits requests is asked again when it says so, and not sooner', async (context) => {
  await pushThree('up/limited', 'v1');
  const proxy = await startProxy(context, there.url);
  const { begin, jobs, clock, outcomeOf } = await startMirroring(context, here, {
    registry: proxy.url,
    pausesMs: [1000],
  });
  proxy.limits = 1;
  const { taskId, ended } = await begin({ sourceRepoName: 'limited', repoName: 'limited' });
  await proxy.limited;
  const job = async () =>
    here.images.db.selectFrom('job').selectAll().where('job_id', '=', taskId).executeTakeFirstOrThrow();
  while ((await job()).state !== 'PENDING') await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await job()).not_before_ms, clock.nowMs + 120_000);
  assert.match((await outcomeOf(taskId)).message, /HTTP 429/);
  clock.nowMs += 120_000;
  jobs.wake();
  await ended;
  assert.equal((await outcomeOf(taskId)).outcome, 'SUCCESS');
});

test('a run ends with a reason where its registry cannot be reached, is private here, or refuses its login, and shows no secret', async (context) => {
  const closed = await startMirroring(context, here, { registry: 'http://127.0.0.1:1' });
  const offline = await closed.run({});
  assert.deepEqual([offline.outcome, offline.tags], ['FAILED', []]);
  assert.match(offline.message, /127\.0\.0\.1:1 cannot be reached/);
  const allowed = allowedAddresses([]);
  const pin = (host: string) => findRoute(host, allowed, { proxy: undefined, direct: [] }, 'allow-addresses');
  const inside = await startMirroring(context, here, { registry: there.url, pin });
  const refused = await inside.run({});
  assert.equal(refused.outcome, 'FAILED');
  assert.match(refused.message, /allow-addresses/);
  await pushThree('up/private', 'v1');
  const login = { user: ROOT_USER, password: 'wrong-secret' };
  const denied = await (await startMirroring(context, here, { registry: upstreamUrl(), login })).run({
    sourceRepoName: 'private',
  });
  assert.equal(denied.outcome, 'FAILED');
  assert.match(denied.message, /refuses access.*subscription-providers-file/);
  assert.doesNotMatch(denied.message, /wrong-secret|LTAI/);
});

/** A proxy of a registry that answers the first list of tags with 429. */
async function startProxy(context: TestContext, target: string) {
  const limited = Promise.withResolvers<void>();
  const proxy = { url: '', limits: 0, limited: limited.promise };
  const server = createServer((request, response) => {
    if (proxy.limits > 0 && request.url?.includes('/tags/list')) {
      proxy.limits -= 1;
      limited.resolve();
      response.writeHead(429, { 'retry-after': '120' }).end();
      return;
    }
    const sent = httpRequest(new URL(request.url ?? '/', target), { method: request.method, headers: request.headers });
    sent.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)));
    sent.on('error', () => response.destroy());
    request.pipe(sent);
  });
  proxy.url = `http://127.0.0.1:${await listen(context, server)}`;
  return proxy;
}
