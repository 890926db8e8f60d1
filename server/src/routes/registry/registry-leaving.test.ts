import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { request as httpRequest, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { beginPush, finishPush } from '#image/push-store.ts';
import { hideRepositoryContents, markUnneeded } from '#image/sweep-store.ts';
import { noBuild } from '#image/testing/pushed-image.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import { listLeavingRepositories, markDeleting } from '#repository/deletion-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from '../testing/registry.ts';
import { RegistryClient } from '../testing/registry-client.ts';

/** How long a push may pause: far longer than any test takes, so that only `endPauses` ends one. */
const PAUSE_MS = 3_600_000;

let registry: RegistryUnderTest;
let skippedMs = 0;

function endPauses(): void {
  skippedMs += PAUSE_MS;
}

before(async () => {
  const monotonicMs = () => performance.now() + skippedMs;
  registry = await startRegistryUnderTest({}, { layerMs: PAUSE_MS, manifestMs: PAUSE_MS, monotonicMs });
});

after(() => registry?.[Symbol.asyncDispose]());

async function leave(name: string): Promise<void> {
  const { db } = registry.images;
  const { repoId } = await getRepositoryByName(db, 'cri-1', 'team', name);
  await db.transaction().execute(async (trx) => {
    assert.ok(await markDeleting(trx, repoId, Date.now()));
    await hideRepositoryContents(trx, repoId);
  });
}

test('a repository that is being deleted serves no layer, accepts none, and lends none to a mount', async () => {
  const client = await RegistryClient.open(registry, 'team/leaving');
  const layer = Buffer.from('a layer that stays for a while');
  await client.push('v1', layer.toString());
  const digest = digestOf(layer);
  assert.equal((await client.request('GET', `blobs/${digest}`)).status, 200, 'the control');
  const both = ['repository:team/leaving:pull', 'repository:team/taking:pull,push'];
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, both);
  const mount = () =>
    fetch(`${registry.url}/v2/team/taking/blobs/uploads/?mount=${digest}&from=team/leaving`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
  await leave('leaving');
  for (const method of ['GET', 'HEAD']) assert.equal((await client.request(method, `blobs/${digest}`)).status, 404);
  assert.equal((await client.request('POST', 'blobs/uploads/')).status, 404);
  assert.equal((await mount()).status, 202, 'an upload begins instead');
});

test('a deletion waits for a push that is in progress, which leaves nothing behind', async () => {
  const { db } = registry.images;
  await RegistryClient.open(registry, 'team/busy');
  const request = { instanceId: 'cri-1', namespaceName: 'team', name: 'busy', digest: digestOf(Buffer.from('x')) };
  const actor = { by: 'me', nowMs: 1 };
  const push = await beginPush(db, { ...request, tag: 'v1', origin: 'push', children: [] }, actor, 'busy');
  await leave('busy');
  const isLeft = async () => (await listLeavingRepositories(db)).some(({ name }) => name === 'busy');
  assert.equal(await isLeft(), false);
  const manifest = {
    mediaType: 'm',
    artifactType: undefined,
    configDigest: undefined,
    subject: undefined,
    isRunnable: true,
  };
  const stored = { ...push, sizeBytes: 1, manifest: { ...manifest, blobs: [], children: [], annotations: undefined } };
  await assert.rejects(finishPush({ db, fence: noBuild }, push, stored, 2), { code: 'REPO_NOT_EXIST' });
  const { repoId } = push;
  assert.deepEqual(await db.selectFrom('manifest').select('digest').where('repo_id', '=', repoId).execute(), []);
  assert.equal(await isLeft(), true);
});

test('keeps an image that an index lists from the moment when the push of the index begins', async () => {
  const { db } = registry.images;
  const client = await RegistryClient.open(registry, 'team/index');
  const child = await client.push(undefined, 'child');
  const request = { instanceId: 'cri-1', namespaceName: 'team', name: 'index', digest: digestOf(Buffer.from('index')) };
  const actor = { by: 'me', nowMs: 1 };
  const push = await beginPush(db, { ...request, tag: 'v1', origin: 'push', children: [child.digest] }, actor, 'index');
  assert.deepEqual(await markUnneeded(db, push.repoId, Date.now() + 1000, actor), []);
});

test('keeps a layer from being collected when a client checks whether it exists', async () => {
  const { gate } = registry.images;
  const client = await RegistryClient.open(registry, 'team/look');
  await client.push('v1', 'looked at');
  endPauses();
  assert.equal(await gate.alone(0, async () => 'collected'), 'collected', 'the control');
  assert.equal((await client.request('HEAD', `blobs/${digestOf(Buffer.from('looked at'))}`)).status, 200);
  assert.equal(await gate.alone(0, async () => 'collected'), undefined);
});

test('a client that leaves while its push waits for a collection delays no later collection', async () => {
  const { gate } = registry.images;
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/gone:pull,push']);
  const client = await RegistryClient.open(registry, 'team/gone');
  const begun = await client.request('POST', 'blobs/uploads/');
  const location = new URL(begun.headers.get('location') ?? '', registry.url);
  const [closed, over, waits] = [0, 1, 2].map(() => Promise.withResolvers<void>());
  endPauses();
  const collecting = gate.alone(0, async () => {
    closed?.resolve();
    await over?.promise;
    return 'collected';
  });
  await closed?.promise;
  const enter = gate.enter.bind(gate);
  gate.enter = (...asked) => {
    waits?.resolve();
    return enter(...asked);
  };
  const headers = { authorization: `Bearer ${token}`, 'content-length': '1' };
  const { pathname, search } = location;
  const { hostname, port } = new URL(registry.url);
  const answer = Promise.withResolvers<ServerResponse>();
  const onRequest = (message: unknown) => answer.resolve((message as { response: ServerResponse }).response);
  diagnostics.subscribe('http.server.request.start', onRequest);
  const sent = httpRequest({ hostname, port, method: 'PATCH', path: pathname + search, headers });
  sent.on('error', () => undefined).end('x');
  await waits?.promise;
  diagnostics.unsubscribe('http.server.request.start', onRequest);
  const left = once(await answer.promise, 'close');
  sent.destroy();
  await left;
  over?.resolve();
  assert.equal(await collecting, 'collected');
  gate.enter = enter;
  let again: string | undefined;
  for (let tries = 0; again === undefined && tries < 600; tries++) {
    endPauses();
    again = await gate.alone(0, async () => 'again');
  }
  assert.equal(again, 'again');
});
