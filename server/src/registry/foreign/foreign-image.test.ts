import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';

import { readBusyboxVersion, writeBusyboxImage } from '../images/busybox-image.ts';
import { checkImageFolder, readFolderDigest } from '../images/image-folder.ts';
import { listen, startCanary, startForeignRegistry, type Trick } from '../testing/foreign-registry.ts';
import { openSigningKey } from '../tokens/signing-key.ts';
import { fetchForeignImage, inspectForeignDigest } from './foreign-image.ts';
import { RegistryError } from './registry-error.ts';

let work: string;
let image: string;

before(async () => {
  work = await mkdtemp(join(tmpdir(), 'slipway-foreign-test-'));
  image = join(work, 'image');
  await writeBusyboxImage(image, await readBusyboxVersion());
});

after(() => rm(work, { recursive: true, force: true }));

test('fetches the same bytes that the registry has, with an anonymous token', async (context) => {
  const registry = await startForeignRegistry(context, image);
  const folder = await newFolder(context);
  const { digest } = await fetchForeignImage({ ...registry.image('team/app:v1'), folder });
  assert.equal(digest, await readFolderDigest(image));
  assert.deepEqual(await inspectForeignDigest(registry.image('team/app:v1')), { digest, isListed: false });
  await checkImageFolder(folder);
  for (const name of await readdir(image)) {
    assert.deepEqual(await readFile(join(folder, name)), await readFile(join(image, name)), name);
  }
  const byDigest = await newFolder(context);
  await fetchForeignImage({ ...registry.image('team/app:v1'), digest, folder: byDigest });
  assert.equal(await readFolderDigest(byDigest), digest);
});

test('connects only to the addresses it was given for the host', async (context) => {
  const registry = await startForeignRegistry(context, image);
  await inspectForeignDigest(registry.image('team/app:v1'));
  assert.deepEqual(new Set(registry.asked), new Set(['registry.example']));
});

for (const [where, path] of [
  ['the manifest', '/v2/team/app/manifests/v1'],
  ['the token realm', '/token'],
  ['a blob', '/v2/team/app/blobs/'],
] as const) {
  test(`follows no redirect of ${where} to a denied address`, async (context) => {
    const internal = await startCanary(context);
    const registry = await startForeignRegistry(context, image, (request, response) => {
      if (!request.url?.startsWith(path)) return false;
      response.writeHead(307, { location: `http://denied.example:${internal.port}/latest/meta-data` }).end();
      return true;
    });
    const folder = await newFolder(context);
    await assert.rejects(fetchForeignImage({ ...registry.image('team/app:v1'), folder }), /denied\.example is denied/);
    assert.equal(internal.requests, 0);
  });
}

test('asks no token service at a denied address', async (context) => {
  const internal = await startCanary(context);
  const realm = `http://denied.example:${internal.port}/token`;
  const registry = await startForeignRegistry(context, image, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="x"` }).end();
    return true;
  });
  await assert.rejects(inspectForeignDigest(registry.image('team/app:v1')), /denied\.example is denied/);
  assert.equal(internal.requests, 0);
});

test('fetches no layer from an address that the manifest names', async (context) => {
  const internal = await startCanary(context);
  const registry = await startForeignRegistry(context, image, (request, response) => {
    if (!request.url?.includes('/manifests/')) return false;
    const layer = { digest: `sha256:${'a'.repeat(64)}`, size: 5, urls: [`http://127.0.0.1:${internal.port}/layer`] };
    const config = { digest: `sha256:${'b'.repeat(64)}`, size: 5 };
    response.end(JSON.stringify({ schemaVersion: 2, config, layers: [layer] }));
    return true;
  });
  const folder = await newFolder(context);
  await assert.rejects(fetchForeignImage({ ...registry.image('team/app:v1'), folder }), /kept outside the registry/);
  assert.equal(internal.requests, 0);
});

test('sends its token to no other host', async (context) => {
  const seen: (string | undefined)[] = [];
  const storage = await listen(
    context,
    createServer((request, response) => {
      seen.push(request.headers.authorization);
      void readFile(join(image, request.url?.slice(1) ?? '')).then((bytes) => response.end(bytes));
    }),
  );
  const registry = await startForeignRegistry(context, image, (request, response) => {
    const hex = /\/blobs\/sha256:([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
    if (hex === undefined) return false;
    response.writeHead(307, { location: `http://storage.example:${storage}/${hex}` }).end();
    return true;
  });
  await fetchForeignImage({ ...registry.image('team/app:v1'), folder: await newFolder(context) });
  assert.ok(seen.length > 0);
  assert.deepEqual(new Set(seen), new Set([undefined]));
});

test('takes this machine’s platform from a list, and names the available ones if it is missing', async (context) => {
  const manifest = await readFile(join(image, 'manifest.json'));
  const ours = { digest: digestOf(manifest), size: manifest.length, platform: platform(process.arch) };
  const other = { ...ours, digest: `sha256:${'c'.repeat(64)}`, platform: { os: 'linux', architecture: 's390x' } };
  // buildx adds such an entry about how an image was made
  // (https://docs.docker.com/build/metadata/attestations/attestation-storage/).
  const attestation = { ...other, platform: { os: 'unknown', architecture: 'unknown' } };
  let manifests = [attestation, other, ours];
  const registry = await startForeignRegistry(context, image, (request, response) => {
    if (!request.url?.endsWith('/manifests/multi')) return false;
    response.end(JSON.stringify({ schemaVersion: 2, manifests }));
    return true;
  });
  const folder = await newFolder(context);
  const { digest } = await fetchForeignImage({ ...registry.image('team/app:multi'), folder });
  assert.equal(digest, digestOf(manifest));
  const chosen = await inspectForeignDigest(registry.image('team/app:multi'));
  assert.deepEqual(chosen, { digest, isListed: true }, 'the name refers to it too');
  const elsewhere = await inspectForeignDigest(registry.image('team/app:multi'), 'linux/s390x');
  assert.equal(elsewhere.digest, other.digest);
  const source = { ...other, platform: { os: 'unknown', architecture: 'unknown' } };
  manifests = [other, source];
  await assert.rejects(
    fetchForeignImage({ ...registry.image('team/app:multi'), folder: await newFolder(context) }),
    /not published for linux\/\w+, only for linux\/s390x$/,
  );
});

const LIES: [string, Trick, RegExp, string][] = [
  ['another manifest than asked for', answerFor('/manifests/', '{"schemaVersion":2}'), /another manifest/, 'refused'],
  ['other content under a digest', answerFor('/blobs/', 'x'), /other content/, 'refused'],
  ['an endless blob', answerFor('/blobs/', Buffer.alloc(8 * 2 ** 20)), /too long/, 'refused'],
  ['an endless manifest', answerFor('/manifests/', Buffer.alloc(5 * 2 ** 20)), /larger than/, 'refused'],
  ['endless redirects', redirectFor('/manifests/'), /redirects more than 5 times/, 'refused'],
  ['an old manifest', answerFor('/manifests/', '{"schemaVersion":1}'), /another manifest/, 'refused'],
  ['nothing', statusFor('/manifests/', 404), /does not have it/, 'not-found'],
  ['a refusal', statusFor('/manifests/', 403), /refuses access/, 'unauthorised'],
  ['its limit', statusFor('/manifests/', 429), /limits the number/, 'refused'],
  ['its own fault', statusFor('/blobs/', 500), /HTTP 500/, 'refused'],
  ['a cut connection', hangUpOn('/blobs/'), /cannot be reached|broke off/, 'unreachable'],
];

for (const [what, trick, expected, kind] of LIES) {
  test(`ends the fetch when the registry sends ${what}`, async (context) => {
    const registry = await startForeignRegistry(context, image, trick);
    const folder = await newFolder(context);
    const digest = await readFolderDigest(image);
    await assert.rejects(fetchForeignImage({ ...registry.image('team/app:v1'), digest, folder }), (cause: unknown) => {
      assert.ok(cause instanceof RegistryError, String(cause));
      assert.match(cause.message, expected);
      assert.equal(cause.kind, kind);
      return true;
    });
  });
}

test('refuses manifests that are not images', async (context) => {
  let text = '';
  const registry = await startForeignRegistry(context, image, (request, response) => {
    if (!request.url?.includes('/manifests/')) return false;
    response.end(text);
    return true;
  });
  const bad = [
    'null',
    '[]',
    'no json',
    '{"schemaVersion":1}',
    '{"schemaVersion":2}',
    '{"schemaVersion":2,"config":{"digest":"sha256:../../x","size":1},"layers":[]}',
    `{"schemaVersion":2,"config":{"digest":"sha256:${'a'.repeat(64)}","size":-1},"layers":[]}`,
    `{"schemaVersion":2,"config":{"digest":"sha256:${'a'.repeat(64)}","size":1e30},"layers":[]}`,
    '{"schemaVersion":2,"manifests":[null]}',
    '{"schemaVersion":2,"manifests":[]}',
  ];
  for (text of bad) {
    const folder = await newFolder(context);
    await assert.rejects(
      fetchForeignImage({ ...registry.image('team/app:v1'), folder }),
      (cause) => cause instanceof RegistryError,
      text,
    );
  }
});

test('fetches no image larger than the limit', async (context) => {
  const registry = await startForeignRegistry(context, image);
  const folder = await newFolder(context);
  const limited = { ...registry.image('team/app:v1'), folder, maxBytes: 1000 };
  await assert.rejects(fetchForeignImage(limited), /1000 in 1024 are allowed/);
});

test('gives up on a registry that falls silent', async (context) => {
  const registry = await startForeignRegistry(context, image, () => true);
  const silent = { ...registry.image('team/app:v1'), idleTimeoutMs: 50 };
  await assert.rejects(inspectForeignDigest(silent), /silent for 50 ms/);
});

test('ends when it is cancelled', async (context) => {
  const cancel = new AbortController();
  const registry = await startForeignRegistry(context, image, () => {
    cancel.abort();
    return true;
  });
  const cancelled = { ...registry.image('team/app:v1'), signal: cancel.signal };
  await assert.rejects(inspectForeignDigest(cancelled), (cause) => (cause as RegistryError).kind === 'cancelled');
});

test('ends when it is cancelled while a name is looked up', async (context) => {
  const cancel = new AbortController();
  const registry = await startForeignRegistry(context, image);
  const pin = () => {
    setImmediate(() => cancel.abort());
    return new Promise<never>(() => undefined);
  };
  const cancelled = { ...registry.image('team/app:v1'), pin, signal: cancel.signal };
  await assert.rejects(inspectForeignDigest(cancelled), (cause) => (cause as RegistryError).kind === 'cancelled');
});

test('ends at once if the registry switches to another protocol unasked', async (context) => {
  const registry = await startForeignRegistry(context, image, (_, response) => {
    response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nx');
    return true;
  });
  await assert.rejects(inspectForeignDigest(registry.image('team/app:v1')), /answers in another protocol/);
});

test('speaks TLS only with a valid certificate, and never falls back to http', async (context) => {
  const folder = await newFolder(context);
  const key = await openSigningKey(folder, (make) => make());
  const options = {
    key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: await readFile(key.certificateFile),
  };
  const port = await listen(
    context,
    createTlsServer(options, (_request, response) => response.end()),
  );
  const source = `docker://registry.example:${port}/team/app:v1`;
  const tls = { source, tlsVerify: true, pin: async () => ({ address: '127.0.0.1' }) };
  await assert.rejects(inspectForeignDigest(tls), /cannot be reached: .*certificate/);
  const registry = await startForeignRegistry(context, image);
  await assert.rejects(
    inspectForeignDigest({ ...registry.image('team/app:v1'), tlsVerify: true }),
    /cannot be reached/,
  );
});

async function newFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-fetched-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function answerFor(part: string, body: string | Buffer): Trick {
  return trickFor(part, (response) => response.end(body));
}

function statusFor(part: string, status: number): Trick {
  return trickFor(part, (response) => response.writeHead(status).end());
}

function redirectFor(part: string): Trick {
  return (request, response) => {
    if (!request.url?.includes(part)) return false;
    response.writeHead(302, { location: request.url }).end();
    return true;
  };
}

function hangUpOn(part: string): Trick {
  return trickFor(part, (response) => response.socket?.destroy());
}

function trickFor(part: string, act: (response: ServerResponse) => unknown): Trick {
  return (request, response) => {
    if (!request.url?.includes(part)) return false;
    act(response);
    return true;
  };
}

function platform(name: string): { os: string; architecture: string } {
  return { os: 'linux', architecture: name === 'x64' ? 'amd64' : name };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
