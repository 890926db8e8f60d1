import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callNative } from '@slipway/client/call-native.ts';
import { pullWhole, pushSmallImage, smallImage } from '../support/images/small-image.ts';
import { startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const KILLS = 8;
const TAGS = ['v0', 'v1', 'v2', 'v3'];
const REPOSITORY = 'crash/app';
const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts a server nine times: runs with SLIPWAY_TEST_LONG=1';

test('kill -9 during pushes, deletions, sweeps and collections: what was answered holds, and every tag pulls whole', {
  skip,
}, async (t) => {
  const dataFolder = join(temporaryFolder(t), 'data');
  /** What each tag may point to: the last answered digest (undefined for none), and what was asked for and not answered. */
  const possible = new Map<string, Set<string | undefined>>(TAGS.map((tag) => [tag, new Set([undefined])]));
  let image = 0;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const server = await startServer(t, { dataFolder });
    const { client, root } = server;
    const { InstanceId } = root;
    const named = { InstanceId, RepoNamespaceName: 'crash', RepoName: 'app' };
    if (kill === 0) {
      await client.call('CreateNamespace', { InstanceId, NamespaceName: 'crash' });
      await client.call('CreateRepository', { ...named, RepoType: 'PRIVATE', Summary: 's' });
    }
    const { RepoId = '' } = await client.call('GetRepository', named);
    const { Differences } = await callNative(client, 'checkImages', {});
    assert.deepEqual(
      Differences.filter(({ Kind }) => Kind === 'missing'),
      [],
      `after kill ${kill}`,
    );
    for (const tag of TAGS) {
      const digest = await pullWhole(login(server), REPOSITORY, tag);
      assert.ok(possible.get(tag)?.has(digest), `after kill ${kill}: ${tag} is ${digest}`);
      possible.set(tag, new Set([digest]));
    }
    if (kill === KILLS) break;

    let isKilled = false;
    // After the kill nothing is answered, whatever was asked for.
    const until = async (act: () => Promise<void>) => {
      while (!isKilled)
        await act().catch((error: unknown) => {
          if (!isKilled) throw error;
        });
    };
    const change = (tag: string) => async () => {
      const asked = possible.get(tag);
      assert.ok(asked);
      image += 1;
      if (image % 4 === 0) {
        asked.add(undefined);
        await client.call('DeleteRepoTag', { InstanceId, RepoId, Tag: tag }).catch((error: { code?: string }) => {
          if (error.code !== 'TAG_NOT_EXIST') throw error;
        });
        possible.set(tag, new Set([undefined]));
        return;
      }
      const made = smallImage(Buffer.from(`${kill} ${image}`), tag);
      asked.add(made.digest);
      await pushSmallImage(login(server), REPOSITORY, tag, made).catch((error: { status?: number }) => {
        // A collection of layers sends new pushes away.
        if (error.status !== 503) throw error;
      });
      const { Digest } = await client
        .call('GetRepoTag', { InstanceId, RepoId, Tag: tag })
        .catch(() => ({ Digest: undefined }));
      if (Digest === made.digest.replace('sha256:', '')) possible.set(tag, new Set([made.digest]));
    };
    const collect = async () => {
      await callNative(client, 'collectGarbage', { keepHours: 0 });
      while ((await callNative(client, 'getGarbageCollection', {})).RunningSince !== undefined) await sleep(5);
    };
    const running = Promise.all([...TAGS.map((tag) => until(change(tag))), until(collect)]);
    // Another moment each time; what must hold does not depend on which.
    const before = image;
    while (image <= before + TAGS.length) await Promise.race([running, sleep(5)]);
    await sleep(kill * 170);
    isKilled = true;
    await server.kill();
    await running;
  }
});

function login({ root }: TestServer) {
  return { endpoint: root.Endpoint, accessKeyId: root.AccessKeyId, accessKeySecret: root.AccessKeySecret };
}
