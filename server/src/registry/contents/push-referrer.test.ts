import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { pushReferrer } from './push-referrer.ts';

test('a document of the server is kept once as a referrer of its image, which clients find and pull', async () => {
  await using registry = await startRegistryUnderTest();
  const client = await RegistryClient.open(registry, 'team/app');
  const image = await client.push('v1', 'image');
  const bytes = Buffer.from('{"bomFormat":"CycloneDX"}');
  const document = {
    subject: image.digest,
    subjectType: image.mediaType,
    mediaType: 'application/vnd.cyclonedx+json',
    bytes,
  };
  for (const _ of ['first', 'again']) await pushReferrer(registry.images, 'team/app', document);
  const listed = await client.request('GET', `referrers/${image.digest}`);
  const { manifests } = (await listed.json()) as { manifests: { digest: string; artifactType: string }[] };
  assert.deepEqual(
    manifests.map(({ artifactType }) => artifactType),
    ['application/vnd.cyclonedx+json'],
  );
  const pulled = await client.pull(manifests[0]?.digest ?? '');
  const [layer] = JSON.parse(String(pulled.bytes)).layers;
  const blob = await client.request('GET', `blobs/${layer.digest}`);
  assert.equal(await blob.text(), bytes.toString());
});
