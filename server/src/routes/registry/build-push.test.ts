import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBuildRecord } from '#build/build-store.ts';
import { endBuildRecord, takeOverRecord } from '#build/queue/queue-store.ts';
import { claimBuildUnderTest, insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { beginPush } from '#image/push-store.ts';
import { settlePushes } from '#registry/contents/push-manifest.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '../testing/registry.ts';
import { RegistryClient } from '../testing/registry-client.ts';

let registry: RegistryUnderTest;
const fail = (message: string, error: unknown) => assert.fail(`${message}: ${error}`);

before(async () => {
  registry = await startRegistryUnderTest();
});

after(() => registry?.[Symbol.asyncDispose]());

/** A build of `team/NAME:v1` that runs, and what it pushes with. */
async function startBuild(name: string) {
  const { db, instanceId } = registry.images;
  const everyone = await RegistryClient.open(registry, `team/${name}`);
  const { repoId } = await getRepositoryByName(db, instanceId, 'team', name);
  await insertBuildRecordUnderTest(db, { instanceId, repoId, imageTag: 'v1' });
  const holder = await claimBuildUnderTest(db);
  const client = await RegistryClient.openForBuild(registry, `team/${name}`, holder);
  const tag = async () => (await everyone.request('GET', 'manifests/v1')).status;
  return { holder, client, tag, record: () => findBuildRecord(db, holder.buildRecordId) };
}

const takeOver = (buildRecordId: string) =>
  takeOverRecord(registry.images.db, { owner: 'other', nowMs: 5, leaseMs: 60_000 }, buildRecordId);

/** A push that the server did not survive, after distribution had taken the manifest. */
function openPush(name: string, digest: string, build: { buildRecordId: string; epoch: number }) {
  const { instanceId } = registry.images;
  const request = { instanceId, namespaceName: 'team', name, digest, tag: 'v1', children: [], build };
  return beginPush(registry.images.db, { ...request, origin: 'build' }, { by: 'build', nowMs: Date.now() }, name);
}

test('a build has the digest of its image in its record from the moment in which its tag is set', async () => {
  const { client, record } = await startBuild('fine');
  const image = await client.push('v1', 'fine');
  assert.deepEqual([(await record())?.status, (await record())?.imageDigest], ['BUILDING', image.digest]);
});

test('a build that has ended, or whose record another runner took over, is refused and sets no tag', async () => {
  const ended = await startBuild('ended');
  const image = await ended.client.push(undefined, 'ended');
  await endBuildRecord(registry.images.db, ended.holder, { status: 'CANCELED', endedMs: 9 });
  const taken = await startBuild('taken');
  const other = await taken.client.push(undefined, 'taken');
  await takeOver(taken.holder.buildRecordId);
  for (const [build, pushed] of [
    [ended, image],
    [taken, other],
  ] as const) {
    const answer = await build.client.request(
      'PUT',
      'manifests/v1',
      { 'content-type': pushed.mediaType },
      pushed.bytes,
    );
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /the build has ended, or another server has taken it over/);
    assert.equal(await build.tag(), 404);
    assert.equal((await build.record())?.imageDigest, undefined);
  }
});

test('a push that was cut off sets the tag at the next start if its build still has its record, and else keeps the image without', async () => {
  const [held, lost] = [await startBuild('held'), await startBuild('lost')];
  const [kept, untagged] = [await held.client.push(undefined, 'held'), await lost.client.push(undefined, 'lost')];
  await openPush('held', kept.digest, held.holder);
  await openPush('lost', untagged.digest, lost.holder);
  await takeOver(lost.holder.buildRecordId);
  await settlePushes(registry.images, Number.MAX_SAFE_INTEGER, fail);
  assert.deepEqual([await held.tag(), await lost.tag()], [200, 404]);
  assert.equal((await held.record())?.imageDigest, kept.digest);
  assert.equal((await lost.record())?.imageDigest, undefined);
  assert.equal((await lost.client.request('GET', `manifests/${untagged.digest}`)).status, 200);
  assert.deepEqual(await registry.images.db.selectFrom('manifest_push').selectAll().execute(), []);
});
