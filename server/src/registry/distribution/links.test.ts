import assert from 'node:assert/strict';
import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { type PushedImage, RegistryClient } from '#routes/testing/registry-client.ts';
import { onlyInFiles } from '#routes/testing/tested-images.ts';

let registry: RegistryUnderTest;
before(async () => {
  registry = await startRegistryUnderTest({}, { layerMs: 0, manifestMs: 0 });
});
after(() => registry?.[Symbol.asyncDispose]());

test('an image whose links a crash left empty is pulled, checked, pushed again, listed in an index and deleted', async () => {
  const client = await RegistryClient.open(registry, 'team/app');
  const image = await client.push('v1', 'kept');
  const [config] = partsOf(image);
  assert.equal(await emptyLinks('team/app'), 3);
  await client.pullWhole(image);
  assert.equal((await client.request('HEAD', `blobs/${config}`)).status, 200);
  const part = await client.request('GET', `blobs/${config}`, { range: 'bytes=1-3' });
  assert.deepEqual([part.status, await part.text()], [206, '"ar']);

  await emptyLinks('team/app');
  assert.equal((await client.request('HEAD', `manifests/${image.digest}`)).status, 200);
  await emptyLinks('team/app');
  await client.putManifest('v2', image);
  await emptyLinks('team/app');
  const index = await client.pushIndex('both', [image]);
  await emptyLinks('team/app');
  for (const tag of ['both', 'v1', 'v2']) await client.delete(tag);
  for (const { digest } of [index, image]) await client.delete(digest);
  assert.equal((await client.request('HEAD', `manifests/${image.digest}`)).status, 404);
});

test('a link that a crash left empty stops no collection', {
  skip: onlyInFiles('others are collected by the database'),
}, async () => {
  const client = await RegistryClient.open(registry, 'team/collected');
  const image = await client.push('v1', 'collected');
  const unused = await registry.collector.find();
  await emptyLinks('team/collected');
  assert.deepEqual(await registry.collector.find(), unused);
  await client.pullWhole(image);
  for (const link of await linksOf('team/collected'))
    if (link.includes('revisions')) assert.match(await readFile(link, 'utf8'), /^sha256:/);
});

test('while clients push the same image at once and again, everybody pulls it, and no push fails', async () => {
  const client = await RegistryClient.open(registry, 'team/busy');
  const image = await client.push('v1', 'busy');
  const rounds = process.env.SLIPWAY_TEST_LONG ? 30 : 5;
  for (let round = 0; round < rounds; round += 1)
    await Promise.all([
      ...Array.from({ length: 4 }, () => client.push('v1', 'busy')),
      ...Array.from({ length: 4 }, () => client.pullWhole(image)),
      client.pushIndex('both', [image]),
    ]);
});

function partsOf({ bytes }: PushedImage): string[] {
  const { config, layers } = JSON.parse(bytes.toString());
  return [config, ...layers].map(({ digest }) => digest);
}

/** Keys, or paths. */
async function linksOf(repository: string): Promise<string[]> {
  if (registry.blobs !== undefined) {
    const keys: string[] = [];
    for await (const { key } of registry.blobs.list(`docker/registry/v2/repositories/${repository}`))
      if (key.endsWith('/link')) keys.push(key);
    return keys;
  }
  const folder = join(registry.folder, 'registry/storage/docker/registry/v2/repositories', repository);
  return (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('/link'))
    .map((name) => join(folder, name));
}

/** Leaves the links of a repository as a crash can leave them. Returns how many. */
async function emptyLinks(repository: string): Promise<number> {
  const links = await linksOf(repository);
  for (const link of links)
    if (registry.blobs === undefined) await truncate(link);
    else await registry.blobs.put(link, Readable.from([]), { limitBytes: 0 });
  return links.length;
}
