import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { digestOf } from '#registry/contents/push-manifest.ts';
import { blobKey } from '#registry/distribution/blob-storage.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from '../testing/registry.ts';
import { RegistryClient } from '../testing/registry-client.ts';
import { isInBucket, onlyInFiles } from '../testing/tested-images.ts';
import { REQUEST_ID_HEADER } from './registry-answer.ts';

let registry: RegistryUnderTest;
before(async () => {
  registry = await startRegistryUnderTest();
});
after(() => registry?.[Symbol.asyncDispose]());

const HEADERS = [
  'content-length',
  'content-type',
  'docker-content-digest',
  'docker-distribution-api-version',
  'etag',
  'cache-control',
  'accept-ranges',
  'x-content-type-options',
];

test('a layer comes through the port exactly as distribution sends it, whole, in part and without its bytes', async () => {
  const [through, alone] = [
    await RegistryClient.open(registry, 'team/app'),
    await RegistryClient.openBehind(registry, 'team/app'),
  ];
  // Distribution 2.8 cannot store an empty layer in a bucket; no builder makes one.
  for (const sizeBytes of [...(isInBucket() ? [] : [0]), 1, 300_001, 2 ** 20]) {
    const blob = randomBytes(sizeBytes);
    await through.upload(blob);
    const path = `blobs/${digestOf(blob)}`;
    const part: Record<string, string> = sizeBytes > 9 ? { range: 'bytes=3-7' } : {};
    for (const [method, headers] of [
      ['GET', {}],
      ['HEAD', {}],
      ['GET', part],
      ['GET', { 'if-none-match': `"${digestOf(blob)}"` }],
    ] as const) {
      const [ours, theirs] = await Promise.all([through, alone].map((client) => client.request(method, path, headers)));
      assert.ok(ours && theirs);
      const shown = (answer: Response) => [answer.status, ...HEADERS.map((name) => answer.headers.get(name))];
      assert.deepEqual(shown(ours), shown(theirs), `${method} of ${sizeBytes} bytes`);
      const bodies = await Promise.all([ours, theirs].map(async (answer) => Buffer.from(await answer.arrayBuffer())));
      assert.deepEqual(bodies[0], bodies[1]);
      assert.ok(ours.headers.has(REQUEST_ID_HEADER));
    }
  }
});

test('a range is sent as it was asked for, one without bytes is refused, and what is not understood is sent whole', async () => {
  const client = await RegistryClient.open(registry, 'team/app');
  const blob = randomBytes(1000);
  await client.upload(blob);
  const path = `blobs/${digestOf(blob)}`;
  const etag = `"${digestOf(blob)}"`;
  for (const [headers, status, contentRange, sent] of [
    [{ range: 'bytes=0-0' }, 206, 'bytes 0-0/1000', blob.subarray(0, 1)],
    [{ range: 'bytes=990-' }, 206, 'bytes 990-999/1000', blob.subarray(990)],
    [{ range: 'bytes=990-5000' }, 206, 'bytes 990-999/1000', blob.subarray(990)],
    [{ range: 'bytes=-10' }, 206, 'bytes 990-999/1000', blob.subarray(990)],
    [{ range: 'bytes=-5000' }, 206, 'bytes 0-999/1000', blob],
    [{ range: 'bytes=10-19', 'if-range': etag }, 206, 'bytes 10-19/1000', blob.subarray(10, 20)],
    [{ range: 'bytes=10-19', 'if-range': '"other"' }, 200, null, blob],
    [{ range: 'bytes=0-1,5-6' }, 200, null, blob],
    [{ range: 'lines=0-1' }, 200, null, blob],
    [{ range: 'bytes=-' }, 200, null, blob],
    [{ range: 'bytes=1000-' }, 416, 'bytes */1000', undefined],
    [{ range: 'bytes=-0' }, 416, 'bytes */1000', undefined],
    [{ range: 'bytes=20-10' }, 416, 'bytes */1000', undefined],
  ] as const) {
    const answer = await client.request('GET', path, headers);
    const body = Buffer.from(await answer.arrayBuffer());
    const told = JSON.stringify(headers);
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [status, contentRange], told);
    if (sent) assert.deepEqual([body, answer.headers.get('content-length')], [sent, String(sent.length)], told);
    else assert.match(body.toString(), /RANGE_INVALID/, told);
    const head = await client.request('HEAD', path, headers);
    assert.deepEqual([head.status, await head.text()], [status, ''], told);
  }
});

test('a client keeps its connection over every kind of request', async (t) => {
  const client = await RegistryClient.open(registry, 'team/app');
  const { digest, bytes } = await client.push('kept', 'kept');
  const config = JSON.parse(bytes.toString()).config.digest;
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/app:pull']);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ports = new Set<number | undefined>();
  for (const path of ['manifests/kept', `manifests/${digest}`, `blobs/${config}`, 'tags/list', 'manifests/none'])
    for (const method of ['HEAD', 'GET']) {
      const sent = request(`${registry.url}/v2/team/app/${path}`, {
        method,
        agent,
        headers: { authorization: `Bearer ${token}` },
      });
      const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage];
      ports.add(answer.socket.localPort);
      await once(answer.resume(), 'end');
    }
  assert.equal(ports.size, 1);
});

test('a layer is sent only to those who may pull from a repository that has it', async () => {
  const client = await RegistryClient.open(registry, 'team/app');
  const other = await RegistryClient.open(registry, 'team/other');
  const blob = randomBytes(1000);
  await client.upload(blob);
  const path = `blobs/${digestOf(blob)}`;
  assert.equal((await other.request('GET', path)).status, 404);
  assert.equal((await client.request('GET', `blobs/${digestOf(randomBytes(9))}`)).status, 404);
  const url = `${registry.url}/v2/team/app/${path}`;
  const stranger = await fetch(url);
  assert.match(stranger.headers.get('www-authenticate') ?? '', /scope="repository:team\/app:pull"/);
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/other:pull']);
  assert.deepEqual(
    [stranger.status, (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status],
    [401, 401],
  );
});

test('a client that leaves in the middle of a layer leaves no open file', {
  skip: onlyInFiles('no file is open'),
}, async () => {
  const client = await RegistryClient.open(registry, 'team/app');
  const blob = randomBytes(8 * 2 ** 20);
  await client.upload(blob);
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/app:pull']);
  const file = join(registry.folder, 'registry/storage', blobKey(digestOf(blob)));
  const isOpen = () =>
    readdirSync('/proc/self/fd').some((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === file;
      } catch {
        // It was closed meanwhile.
        return false;
      }
    });
  await new Promise<void>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request(`${registry.url}/v2/team/app/blobs/${digestOf(blob)}`, { headers, agent: false }, (answer) => {
      answer.once('data', () => {
        assert.ok(isOpen());
        answer.once('close', resolve).destroy();
      });
    });
    sent.on('error', reject).end();
  });
  while (isOpen()) await new Promise((resolve) => setImmediate(resolve));
});
