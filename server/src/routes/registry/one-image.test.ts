import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mintBuildCredential } from '#registry/tokens/build-credential.ts';
import { startRegistryUnderTest } from '../testing/registry.ts';
import { RegistryClient } from '../testing/registry-client.ts';

test('a credential for one image pulls that image with its layers, and nothing else of its repository', async () => {
  await using registry = await startRegistryUnderTest();
  const client = await RegistryClient.open(registry, 'team/app');
  const [amd, other] = [await client.push('v1', 'amd'), await client.push('v2', 'other')];
  const index = await client.pushIndex('multi', [amd]);
  const credential = { repository: 'team/app', actions: ['pull' as const], digest: index.digest };
  const password = await mintBuildCredential(registry.key, credential, Date.now());
  const basic = `Basic ${Buffer.from(`build:${password}`).toString('base64')}`;
  const answer = await fetch(`${registry.url}/token?scope=repository:team/app:pull,push`, {
    headers: { authorization: basic },
  });
  const { token } = (await answer.json()) as { token: string };
  const ask = async (path: string, method = 'GET') => {
    const asked = await fetch(`${registry.url}/v2/team/app/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    await asked.arrayBuffer();
    return asked.status;
  };
  const [config, layer] = JSON.parse(String(amd.bytes)).layers
    ? [JSON.parse(String(amd.bytes)).config, JSON.parse(String(amd.bytes)).layers[0]]
    : [];
  for (const path of [
    `manifests/${index.digest}`,
    `manifests/${amd.digest}`,
    `blobs/${config.digest}`,
    `blobs/${layer.digest}`,
  ])
    assert.equal(await ask(path), 200, path);
  const foreign = JSON.parse(String(other.bytes)).layers[0];
  for (const path of [
    'manifests/v1',
    'manifests/multi',
    `manifests/${other.digest}`,
    `blobs/${foreign.digest}`,
    'tags/list',
    `referrers/${amd.digest}`,
  ])
    assert.equal(await ask(path), 403, path);
  assert.equal(await ask('blobs/uploads/', 'POST'), 403);
  assert.equal(await ask(`manifests/${amd.digest}`, 'DELETE'), 403);
});
