import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { hideRepositoryContents } from '#image/sweep-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { type PushedImage, RegistryClient } from '#routes/testing/registry-client.ts';
import { Garbage } from './garbage.ts';
import { eraseRepository } from './sweep.ts';

let registry: RegistryUnderTest;
let garbage: Garbage;

before(async () => {
  registry = await startRegistryUnderTest({}, { layerMs: 0, manifestMs: 0 });
  garbage = new Garbage(
    {
      ...registry.images,
      collector: registry.collector,
      unlessBackup: (remove) => remove(),
      monotonicMs: () => performance.now(),
      report: (message, error) => assert.ifError(error ?? message),
    },
    3_600_000,
  );
});

after(() => registry?.[Symbol.asyncDispose]());

type Step =
  | { kind: 'push'; tag: number; image: number }
  | { kind: 'index'; tag: number; images: number[] }
  | { kind: 'untag'; tag: number }
  | { kind: 'delete'; tag: number }
  | { kind: 'refer'; tag: number }
  | { kind: 'collect' };

const tag = fc.nat(3);
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('push' as const), tag, image: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('index' as const),
      tag,
      images: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('untag' as const), tag }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), tag }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refer' as const), tag }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'collect' as const }) },
);

test('whatever is tagged, deleted, pushed and collected, every tagged image still pulls unchanged, and nothing else takes space', async () => {
  let run = 0;
  const numRuns = process.env.SLIPWAY_TEST_LONG ? 60 : 6;
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 4, maxLength: 14 }), async (steps) => {
      const client = await RegistryClient.open(registry, `team/random${run++}`);
      const tagged = new Map<string, { image: PushedImage; parts: PushedImage[] }>();
      for (const step of [...steps, { kind: 'collect' as const }]) await take(client, tagged, step);
      for (const [name, { image, parts }] of tagged) {
        assert.deepEqual((await client.pull(name)).bytes, image.bytes);
        for (const part of [image, ...parts]) await client.pullWhole(part);
      }
      for (const name of tagged.keys()) await client.delete(name);
      await collectAll();
      assert.equal(await blobCount(), 0);
    }),
    { numRuns, includeErrorInReport: true, endOnFailure: true },
  );
});

test('during a collection, a push that began earlier ends first, a new one is refused, and one that continues waits', async () => {
  const own = await startRegistryUnderTest({}, { layerMs: 60_000, manifestMs: 0 });
  try {
    const { gate } = own.images;
    const client = await RegistryClient.open(own, 'team/running');
    await client.upload(Buffer.from('a layer without its manifest'));
    let isAlone = false;
    const alone = gate.alone(60_000, async () => {
      isAlone = true;
      const refused = await client.request('POST', 'blobs/uploads/');
      const { status, headers } = refused;
      return {
        status,
        retryAfter: headers.get('retry-after'),
        text: await refused.text(),
        pulled: await client.pull('v1'),
      };
    });
    const other = await RegistryClient.open(own, 'team/new');
    assert.equal((await other.request('POST', 'blobs/uploads/')).status, 503);
    assert.equal(isAlone, false);
    const [seen, image] = await Promise.all([alone, client.push('v1', 'image')]);
    assert.deepEqual([seen?.status, seen?.retryAfter], [503, '10']);
    assert.match(seen?.text ?? '', /UNAVAILABLE.*push again in a moment/);
    assert.deepEqual(seen?.pulled.bytes, image.bytes);
    assert.deepEqual((await client.pull('v1')).bytes, image.bytes);
    await other.push('v1', 'image');
  } finally {
    await own[Symbol.asyncDispose]();
  }
});

test('keeps what was deleted or pulled a short while ago', async () => {
  const client = await RegistryClient.open(registry, 'team/recent');
  const image = await client.push('v1', 'recent');
  await client.delete('v1');
  assert.equal((await garbage.collect()).manifests, 0);
  await client.pullWhole(image);
});

test('frees the space of a deleted repository, and a new one of the same name begins empty', async () => {
  await collectAll();
  const { db } = registry.images;
  const client = await RegistryClient.open(registry, 'team/gone');
  const image = await client.push('v1', 'gone');
  const { repoId } = await getRepositoryByName(db, 'cri-1', 'team', 'gone');
  await db.transaction().execute((db) => hideRepositoryContents(db, repoId));
  assert.equal((await client.request('HEAD', 'manifests/v1')).status, 404);
  assert.equal((await client.request('HEAD', `manifests/${image.digest}`)).status, 404);
  await eraseRepository({ db, storage: registry.storage }, { repoId, name: 'team/gone' });
  assert.equal((await client.request('HEAD', `manifests/${image.digest}`)).status, 404);
  const { layers, freedBytes } = await garbage.collect(0);
  assert.deepEqual([layers, freedBytes], [3, image.blobBytes + image.bytes.length]);
});

async function take(
  client: RegistryClient,
  tagged: Map<string, { image: PushedImage; parts: PushedImage[] }>,
  step: Step,
): Promise<void> {
  if (step.kind === 'collect') return void (await collectAll());
  const name = `t${step.tag}`;
  const present = tagged.get(name);
  if (step.kind === 'push') tagged.set(name, { image: await client.push(name, `image ${step.image}`), parts: [] });
  if (step.kind === 'index') {
    const parts = await Promise.all(step.images.map((image) => client.push(undefined, `image ${image}`)));
    tagged.set(name, { image: await client.pushIndex(name, parts), parts });
  }
  if (present === undefined) return;
  if (step.kind === 'refer') {
    present.parts.push(await client.pushReferrer(present.image.digest, 'application/vnd.example.note'));
  }
  if (step.kind === 'untag') {
    await client.delete(name);
    tagged.delete(name);
  }
  if (step.kind === 'delete') {
    const { digest } = present.image;
    const answer = await client.request('DELETE', `manifests/${digest}`);
    if (answer.status === 403) return;
    assert.equal(answer.status, 202);
    for (const [other, { image }] of tagged) if (image.digest === digest) tagged.delete(other);
  }
}

/** Everything that is not needed, no matter how recent. */
async function collectAll(): Promise<void> {
  const { failure } = await garbage.collect(-1000);
  assert.equal(failure, undefined);
}

async function blobCount(): Promise<number> {
  let count = 0;
  for await (const _ of registry.images.storage.blobs()) count += 1;
  return count;
}
