import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import { startCanary, type Trick } from '#registry/testing/foreign-registry.ts';
import {
  endless,
  lieAt,
  redirect,
  startLyingRegistry,
  TRUE_CONFIG,
  TRUE_IMAGE,
  TRUE_LAYER,
} from '#registry/testing/lying-registry.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { startMirroring } from './testing/mirroring.ts';

let here: RegistryUnderTest;
before(async () => {
  here = await startRegistryUnderTest();
});
after(() => here[Symbol.asyncDispose]());

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** The registry is reached at its name alone; every other host as the server reaches it. */
async function pin(host: string) {
  if (host === 'registry.example') return { address: '127.0.0.1' };
  return findRoute(host, allowedAddresses([]), { proxy: undefined, direct: [] }, 'allow-addresses');
}

/** Names of this machine, of its network and of what clouds tell their machines. */
const INSIDE = [
  ...['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0'],
  ...['169.254.169.254', '[::ffff:a9fe:a9fe]', '100.100.100.200', '10.0.0.1', '[fd00:ec2::254]'],
];

const tagNames = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `t${from + at}`);
const challenge = (realm: string): Trick =>
  lieAt('/v2/', (response) =>
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="x"` }).end(),
  );
const tags = (bytes: string | Buffer): Trick => lieAt('/tags/list', (response) => response.end(bytes));
const manifest = (bytes: Buffer, type = MANIFEST): Trick =>
  lieAt('/manifests/', (response) => response.setHeader('content-type', type).end(bytes));
const layer = (act: Parameters<typeof lieAt>[1]): Trick => lieAt(`/blobs/${digestOf(TRUE_LAYER)}`, act);
const config = (act: Parameters<typeof lieAt>[1]): Trick => lieAt(`/blobs/${digestOf(TRUE_CONFIG)}`, act);

/** Pages that lead on: to the next of 10 000 tags, or back to the first. */
function pages(isCircle: boolean): Trick {
  return lieAt('/tags/list', (response, { url = '' }) => {
    const page = Number(/page=(\d+)/.exec(url)?.[1] ?? 0);
    response.setHeader('link', `</v2/up/app/tags/list?page=${isCircle ? 1 : page + 1}>; rel="next"`);
    response.end(JSON.stringify({ tags: tagNames(isCircle ? 1 : 10_000, page * 10_000) }));
  });
}

/** An index of an image for the wanted platform, under whose digest another comes. */
function swappedChild(): Trick {
  const platform = { os: 'linux', architecture: 'amd64' };
  const child = { mediaType: MANIFEST, digest: `sha256:${'a'.repeat(64)}`, size: TRUE_IMAGE.length, platform };
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [child] }));
  return (request, response) =>
    request.url?.endsWith('/manifests/v1') === true && manifest(index, INDEX)(request, response);
}

function sizedAs(sizeBytes: number): Trick {
  const image = JSON.parse(TRUE_IMAGE.toString());
  image.layers[0].size = sizeBytes;
  return manifest(Buffer.from(JSON.stringify(image)));
}

const LIES: [what: string, lie: Trick, said: RegExp][] = [
  ['a list of tags that is not JSON', tags('<html>'), /not a JSON object/],
  ['a list of tags that has no end', lieAt('/tags/list', (response) => endless(response)), /larger than 8388608 bytes/],
  ['a list of millions of empty lists', tags(`[${'[],'.repeat(2_000_000)}[]]`), /at most 500000 parts/],
  ['a list with very many tags', tags(JSON.stringify({ tags: tagNames(60_000) })), /more than 50000 tags/],
  ['endless pages of tags', pages(false), /more than 50000 tags/],
  ['pages of tags in a circle', pages(true), /leads back to a page that was read/],
  ['a compressed list of tags', tags(gzipSync(Buffer.alloc(2 ** 24))), /not a JSON object/],
  ['a manifest that has no end', lieAt('/manifests/', (response) => endless(response)), /larger than 4194304 bytes/],
  ['a manifest of millions of parts', manifest(Buffer.from(`{"x":[${'1,'.repeat(2_000_000)}1]}`)), /50000 parts/],
  ['a manifest that is deep', manifest(Buffer.from('['.repeat(40_000))), /not JSON/],
  ['a compressed manifest', manifest(gzipSync(TRUE_IMAGE)), /not JSON/],
  ['another manifest than its index names', swappedChild(), /another manifest than sha256:aaaa/],
  ['a configuration that has no end', config((response) => endless(response)), /larger than|longer than/],
  ['another layer', layer((response) => response.end(Buffer.alloc(TRUE_LAYER.length))), /other content than/],
  ['a layer that has no end', layer((response) => endless(response)), /longer than the image says/],
  ['a layer that is too short', layer((response) => response.end(TRUE_LAYER.subarray(1))), /other content than/],
  ['a layer that the image calls shorter', sizedAs(10), /longer than the image says/],
  ['a layer of a size that nothing has', sizedAs(2 ** 60), /longer than the image says|more than/],
  ['a layer of 65 GiB', sizedAs(65 * 2 ** 30), /bytes, more than/],
  [
    'a length that it does not keep',
    layer((response) =>
      response.writeHead(200, { 'content-length': 90_000 }).end(TRUE_LAYER, () => response.destroy()),
    ),
    /broke off|longer than the image says/,
  ],
  ['an endless head', lieAt('/manifests/', headless), /cannot be reached/],
  ['another protocol', lieAt('/manifests/', ({ socket }) => socket?.end('SSH-2.0-x\r\n')), /cannot be reached/],
  ['a challenge to a file', challenge('file:///etc/passwd'), /may be reached by file: only/],
  ['a challenge that is no address', challenge('http://['), /refuses access/],
  ['a challenge to itself, forever', challenge('/v2/'), /refuses access/],
  ['redirects in a circle', lieAt('/v2/', (response, { url }) => redirect(response, url ?? '')), /more than 5 times/],
];

test('a registry that lies fails its run with the reason, whatever it lies about, and sets no tag', async (context) => {
  const client = await RegistryClient.open(here, 'team/app');
  for (const [what, lie, said] of LIES) {
    const port = await startLyingRegistry(context, lie);
    const { run, jobs } = await startMirroring(context, here, { registry: `http://registry.example:${port}`, pin });
    const { outcome, message } = await run({});
    assert.equal(outcome, 'FAILED', `${what}: ${message}`);
    assert.match(message, said, what);
    assert.equal((await client.request('HEAD', 'manifests/v1')).status, 404, what);
    await jobs.close();
  }
});

test('no redirect, challenge or Link leads to an address of this machine or its network', async (context) => {
  const canary = await startCanary(context);
  const leading: [what: string, lie: (url: string) => Trick][] = [
    ['the tags', (url) => lieAt('/tags/list', (response) => redirect(response, url))],
    ['a manifest', (url) => lieAt('/manifests/', (response) => redirect(response, url))],
    ['a configuration', (url) => config((response) => redirect(response, url))],
    ['a layer', (url) => layer((response) => redirect(response, url))],
    ['a challenge', challenge],
  ];
  let at: Trick = () => false;
  const port = await startLyingRegistry(context, (request, response) => at(request, response));
  const { run } = await startMirroring(context, here, { registry: `http://registry.example:${port}`, pin });
  for (const [index, host] of INSIDE.entries()) {
    const [what, lie] = leading[index % leading.length] ?? leading[0] ?? assert.fail();
    at = lie(`http://${host}:${canary.port}/latest/meta-data`);
    const { outcome, message } = await run({});
    assert.equal(outcome, 'FAILED', `${what} at ${host}`);
    assert.match(message, /the rule ".*" denies/, `${what} at ${host}`);
  }
  for (const [what, lie] of leading) {
    at = lie(`http://127.0.0.1:${canary.port}/`);
    assert.match((await run({})).message, /the rule ".*" denies/, what);
  }
  at = lieAt('/tags/list', (response, { url = '' }) => {
    if (url.includes('n=1000')) response.setHeader('link', `<http://127.0.0.1:${canary.port}/?page=2>; rel="next"`);
    response.end(JSON.stringify({ tags: ['v1'] }));
  });
  assert.equal((await run({})).outcome, 'SUCCESS');
  assert.equal(canary.requests, 0);
});

/** Header fields until the reader leaves. */
function headless({ socket }: Parameters<Parameters<typeof lieAt>[1]>[0]): void {
  socket?.write('HTTP/1.1 200 OK\r\n');
  const more = () => {
    while (socket?.writable && socket.write(`x-${'a'.repeat(1000)}: b\r\n`));
  };
  socket?.on('drain', more);
  socket?.on('error', () => undefined);
  more();
}
