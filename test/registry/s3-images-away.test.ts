import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { type RegistryUnderTest, startRegistryUnderTest } from '../../server/src/routes/testing/registry.ts';
import { type PushedImage, RegistryClient } from '../../server/src/routes/testing/registry-client.ts';
import { type FaultProxy, startFaultProxy } from '../support/peers/fault-proxy.ts';
import { startSwift } from '../support/peers/swift-store.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = isLong ? false : 'starts OpenStack Swift: runs as root in the longer tier';

let registry: RegistryUnderTest;
let proxy: FaultProxy;

if (isLong) {
  const swift = await startSwift({ after });
  await swift.client.send(new CreateBucketCommand({ Bucket: 'images' }));
  proxy = await startFaultProxy({ after }, swift.endpoint);
  const { keysFile } = swift;
  const bucket = { endpoint: proxy.url, keysFile, bucket: 'images', region: 'us-east-1', pathStyle: true };
  registry = await startRegistryUnderTest({}, { layerMs: 0, manifestMs: 0 }, bucket);
  after(() => registry[Symbol.asyncDispose]());
}

test('while the store is away, pushes and pulls are 503 with a time to try again, and then everything works', {
  skip,
}, async () => {
  const client = await RegistryClient.open(registry, 'team/away');
  const image = await client.push('v1', 'before');
  const layer = layerOf(image);
  proxy.plan = () => ({ status: 503 });
  for (const [method, path] of [
    ['GET', `blobs/${layer}`],
    ['HEAD', `blobs/${layer}`],
    ['GET', `manifests/${image.digest}`],
    ['POST', 'blobs/uploads/'],
  ] as const) {
    const answer = await client.request(method, path);
    await answer.arrayBuffer();
    assert.deepEqual([answer.status, answer.headers.has('retry-after')], [503, true], `${method} ${path}`);
  }
  const again = await client.request('PUT', 'manifests/v2', { 'content-type': image.mediaType }, image.bytes);
  assert.deepEqual([again.status, again.headers.has('retry-after')], [503, true]);
  assert.match(await again.text(), /UNAVAILABLE.*cannot answer now/);
  proxy.plan = () => undefined;
  await client.pullWhole(image);
  assert.deepEqual((await client.pull('v1')).bytes, image.bytes);
  await client.pullWhole(await client.push('v2', 'after'));
});

test('what the store took with other bytes is refused, and what was acknowledged is read as it was pushed', {
  skip,
}, async () => {
  const client = await RegistryClient.open(registry, 'team/changed');
  const acknowledged: PushedImage[] = [];
  for (const fault of ['change body', 'lose answer', { status: 503 }, { delayMs: 300 }] as const)
    for (let nth = 1; nth <= 6; nth += 1) {
      let puts = 0;
      // The nth write fails once.
      proxy.plan = ({ method }) => {
        if (method === 'PUT' || method === 'POST') puts += 1;
        return puts === nth && (method === 'PUT' || method === 'POST') ? fault : undefined;
      };
      const name = `${JSON.stringify(fault)} ${nth}`;
      await client.push(undefined, name).then(
        (image) => acknowledged.push(image),
        (error: unknown) => assert.match(String(error), /503/, name),
      );
    }
  proxy.plan = () => undefined;
  assert.ok(acknowledged.length > 6, String(acknowledged.length));
  for (const image of acknowledged) await client.pullWhole(image);
});

test('a layer is whole although the store broke off while it was sent', { skip }, async () => {
  const client = await RegistryClient.open(registry, 'team/broken');
  const image = await client.push('v1', 'broken off'.repeat(10_000));
  let isCut = true;
  proxy.plan = ({ method, url }) => {
    if (
      method !== 'GET' ||
      url?.includes(layerOf(image).replace('sha256:', '')) !== true ||
      !url.includes('/data') ||
      !isCut
    )
      return undefined;
    isCut = false;
    return { cutAnswerAt: 10 };
  };
  await client.pullWhole(image);
  assert.equal(isCut, false);
  proxy.plan = () => undefined;
});

function layerOf({ bytes }: PushedImage): string {
  return JSON.parse(bytes.toString()).layers[0].digest;
}
