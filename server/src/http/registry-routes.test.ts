import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';

import { BUILD_CREDENTIAL_USER, mintBuildCredential } from '#registry/build-credential.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from './registry-under-test.ts';

const MEBIBYTE = 2 ** 20;

let registry: RegistryUnderTest;

before(async () => {
  registry = await startRegistryUnderTest();
});

after(() => registry?.[Symbol.asyncDispose]());

test('challenges under the name the caller used on loopback, and under the public one otherwise', async () => {
  const onLoopback = await fetch(`${registry.url}/v2/`);
  assert.equal(onLoopback.status, 401);
  assert.equal(challenge(onLoopback.headers.get('www-authenticate')).realm, `${registry.url}/token`);
  for (const headers of [{ host: 'build.internal' }, { 'x-forwarded-for': '192.0.2.1' }]) {
    const answer = await rawGet(`${registry.url}/v2/`, headers);
    assert.equal(challenge(answer['www-authenticate']).realm, 'https://public.example/token');
  }
});

test('gives the root pair what it asks for, action by action', async () => {
  const token = await fetchToken(ROOT_USER, ROOT_PASSWORD, [
    'repository:team/app:pull,push,delete,*',
    'repository:team/lib:pull',
    'registry:catalog:*',
  ]);
  const claims = decodeJwt(token);
  assert.deepEqual(claims.access, [
    { type: 'repository', name: 'team/app', actions: ['pull', 'push'] },
    { type: 'repository', name: 'team/lib', actions: ['pull'] },
  ]);
  assert.equal(claims.aud, 'registry.test');
  assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 300);
});

test('gives anonymous callers a token that allows nothing', async () => {
  const answer = await fetch(`${registry.url}/token?service=registry.test&scope=repository:team/app:pull`);
  assert.equal(answer.status, 200);
  const { token } = (await answer.json()) as { token: string };
  assert.deepEqual(decodeJwt(token).access, []);
  for (const path of ['/v2/team/app/manifests/latest', '/v2/team/app/tags/list', '/v2/_catalog?n=1000000000']) {
    const refused = await fetch(`${registry.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(refused.status, 401, path);
  }
});

test('refuses anonymous callers on every kind of path', async () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const paths = [
    ['GET', '/v2/'],
    ['GET', '/v2/_catalog'],
    ['GET', '/v2/team/app/tags/list'],
    ['HEAD', '/v2/team/app/manifests/latest'],
    ['GET', `/v2/team/app/manifests/${digest}`],
    ['PUT', '/v2/team/app/manifests/latest'],
    ['GET', `/v2/team/app/blobs/${digest}`],
    ['POST', '/v2/team/app/blobs/uploads/'],
    ['POST', `/v2/team/app/blobs/uploads/?mount=${digest}&from=team/lib`],
    ['PATCH', '/v2/team/app/blobs/uploads/5a1cd3f0-0000-4000-8000-000000000000'],
  ] as const;
  for (const [method, path] of paths) {
    const answer = await fetch(`${registry.url}${path}`, { method });
    assert.equal(answer.status, 401, `${method} ${path}`);
    await answer.arrayBuffer();
  }
});

test('refuses a wrong password, an unknown user and a malformed header in the registry’s error form', async () => {
  const wrong = [
    basic(ROOT_USER, 'wrong'),
    basic('LTAIunknown', ROOT_PASSWORD),
    basic(BUILD_CREDENTIAL_USER, ROOT_PASSWORD),
    basic('', ''),
    'Basic !!!',
    'Bearer x',
    'Basic ',
  ];
  for (const authorization of wrong) {
    const answer = await fetch(`${registry.url}/token?service=registry.test`, { headers: { authorization } });
    assert.equal(answer.status, 401, authorization);
    const body = (await answer.json()) as { errors: { code: string; message: string }[] };
    assert.equal(body.errors[0]?.code, 'UNAUTHORIZED');
  }
});

test('refuses a token for another service', async () => {
  const answer = await fetch(`${registry.url}/token?service=other`);
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /the parameter service must be/);
});

test('keeps a build credential to one repository', async () => {
  const password = await mintBuildCredential(
    registry.key,
    { repository: 'team/app', actions: ['pull', 'push'] },
    Date.now(),
  );
  const scopes = ['repository:team/app:pull,push', 'repository:team/lib:pull,push', 'repository:team/app2:pull'];
  const token = await fetchToken(BUILD_CREDENTIAL_USER, password, scopes);
  assert.deepEqual(decodeJwt(token).access, [{ type: 'repository', name: 'team/app', actions: ['pull', 'push'] }]);
});

test('refuses a build credential where a registry token belongs', async () => {
  const password = await mintBuildCredential(registry.key, { repository: 'team/app', actions: ['pull'] }, Date.now());
  const answer = await fetch(`${registry.url}/v2/team/app/tags/list`, {
    headers: { authorization: `Bearer ${password}` },
  });
  assert.equal(answer.status, 401);
});

test('deletes nothing, whoever asks', async () => {
  const token = await fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/app:pull,push,delete']);
  for (const path of ['/v2/team/app/manifests/latest', `/v2/team/app/blobs/sha256:${'0'.repeat(64)}`, '/v2/']) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${registry.url}${path}`, { method: 'DELETE', headers });
    assert.equal(answer.status, 405, path);
  }
});

test('mounts no blob from a repository that the caller may not pull', async () => {
  const root = await fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/secret:pull,push']);
  const { digest } = await upload(root, 'team/secret', Buffer.from('secret layer'));
  const password = await mintBuildCredential(
    registry.key,
    { repository: 'team/app', actions: ['pull', 'push'] },
    Date.now(),
  );
  const token = await fetchToken(BUILD_CREDENTIAL_USER, password, [
    'repository:team/app:pull,push',
    'repository:team/secret:pull',
  ]);
  const mounted = await fetch(`${registry.url}/v2/team/app/blobs/uploads/?mount=${digest}&from=team/secret`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(mounted.status, 401);
});

test('tells only who may push that a repository is missing', async () => {
  const path = '/v2/team/missing/blobs/uploads/';
  const root = await fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/missing:pull,push']);
  const told = await fetch(`${registry.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${root}` } });
  assert.equal(told.status, 404);
  assert.match(await told.text(), /NAME_UNKNOWN.*team\/missing does not exist; create it first/);
  const anonymous = await fetch(`${registry.url}${path}`, { method: 'POST' });
  assert.equal(anonymous.status, 401);
  assert.doesNotMatch(await anonymous.text(), /does not exist/);
});

test('streams a blob of 50 MiB: its start is on disk before its end was sent', async () => {
  const blob = randomBytes(50 * MEBIBYTE);
  const token = await fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/big:pull,push']);
  const uploads = join(registry.folder, 'registry/storage/docker/registry/v2/repositories/team/big/_uploads');
  const { digest } = await upload(token, 'team/big', blob, async (sentBytes) => {
    if (sentBytes !== 25 * MEBIBYTE) return;
    // What the sockets and the writer hold back is far below 10 MiB; a proxy that collects the body never gets here.
    while ((await sizeOfFiles(uploads)) < 15 * MEBIBYTE) await sleep(10);
  });
  const answer = await fetch(`${registry.url}/v2/team/big/blobs/${digest}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const hash = createHash('sha256');
  for await (const chunk of answer.body ?? []) hash.update(chunk);
  assert.equal(`sha256:${hash.digest('hex')}`, digest);
});

test('answers in the registry’s error form when distribution is gone', async () => {
  await using broken = await startRegistryUnderTest({ distributionUrl: () => 'http://127.0.0.1:1' });
  const answer = await fetch(`${broken.url}/v2/`);
  assert.equal(answer.status, 502);
  assert.match(await answer.text(), /UNAVAILABLE/);
});

async function upload(
  token: string,
  repository: string,
  blob: Buffer,
  beforePiece: (sentBytes: number) => Promise<void> = async () => undefined,
): Promise<{ digest: string }> {
  const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
  const authorization = `Bearer ${token}`;
  const started = await fetch(`${registry.url}/v2/${repository}/blobs/uploads/`, {
    method: 'POST',
    headers: { authorization },
  });
  assert.equal(started.status, 202);
  const location = new URL(started.headers.get('location') ?? '', registry.url);
  assert.equal(location.origin, registry.url);
  location.searchParams.set('digest', digest);
  const ended = await fetch(location, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/octet-stream' },
    body: ReadableStream.from(pieces(blob, beforePiece)),
    duplex: 'half',
  } as RequestInit);
  assert.equal(ended.status, 201, await ended.text());
  return { digest };
}

async function* pieces(blob: Buffer, beforePiece: (sentBytes: number) => Promise<void>): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < blob.length; offset += 65_536) {
    await beforePiece(offset);
    yield blob.subarray(offset, offset + 65_536);
  }
}

async function sizeOfFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

async function fetchToken(user: string, password: string, scopes: string[]): Promise<string> {
  const url = new URL(`${registry.url}/token?service=registry.test`);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const answer = await fetch(url, { headers: { authorization: basic(user, password) } });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { token: string }).token;
}

// `fetch` does not let a caller choose the Host header.
function rawGet(url: string, headers: Record<string, string>): Promise<Record<string, string | undefined>> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.headers as Record<string, string | undefined>));
    });
    request.on('error', reject);
    request.end();
  });
}

function challenge(header: string | null | undefined): { realm: string | undefined } {
  return { realm: /^Bearer realm="([^"]*)"/.exec(header ?? '')?.[1] };
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
