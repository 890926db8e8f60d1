import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import fastify from 'fastify';
import { decodeJwt } from 'jose';
import { type IpRange, parseIpRange } from '#address/ip-range.ts';
import { BUILD_CREDENTIAL_USER, mintBuildCredential } from '#registry/tokens/build-credential.ts';
import { signAcs3 } from '../../../../client/src/sign-acs3.ts';
import {
  basic,
  type RegistryUnderTest,
  ROOT_PASSWORD,
  ROOT_USER,
  startRegistryUnderTest,
} from '../testing/registry.ts';
import { registryRoutes } from './registry-routes.ts';

let registry: RegistryUnderTest;

before(async () => {
  registry = await startRegistryUnderTest();
});

after(() => registry?.[Symbol.asyncDispose]());

test('challenges under the name that the caller used on loopback, and under the public one otherwise', async () => {
  const onLoopback = await fetch(`${registry.url}/v2/`);
  assert.equal(onLoopback.status, 401);
  assert.equal(challenge(onLoopback.headers.get('www-authenticate')).realm, `${registry.url}/token`);
  for (const headers of [{ host: 'build.internal' }, { 'x-forwarded-for': '192.0.2.1' }]) {
    const answer = await rawGet(`${registry.url}/v2/`, headers);
    assert.equal(challenge(answer['www-authenticate']).realm, 'https://public.example/token');
  }
});

test('challenges a request with a body under the protocol that it came by', async () => {
  const url = `${registry.url}/v2/team/app/blobs/uploads/?digest=sha256:${'0'.repeat(64)}`;
  const answer = await fetch(url, { method: 'POST', body: 'a whole blob' });
  assert.equal(answer.status, 401);
  assert.equal(challenge(answer.headers.get('www-authenticate')).realm, `${registry.url}/token`);
});

test('gives the root pair what it asks for, action by action', async () => {
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, [
    'repository:team/app:pull,push,delete,*',
    'repository:team/lib:pull',
    'registry:catalog:*',
  ]);
  const claims = decodeJwt(token);
  assert.deepEqual(claims.access, [
    { type: 'repository', name: 'team/app', actions: ['pull', 'push'] },
    { type: 'repository', name: 'team/lib', actions: ['pull'] },
  ]);
  assert.deepEqual(claims.deletable, ['team/app']);
  assert.equal(claims.aud, 'registry.test');
  assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 300);
});

test('gives the signer of a request what the key pair would get, once, and explains a bad signature', async () => {
  const pair = { accessKeyId: ROOT_USER, accessKeySecret: ROOT_PASSWORD };
  const url = new URL(`${registry.url}/token?service=registry.test&scope=repository:team/app:pull,push`);
  const { headers } = await signAcs3({ method: 'GET', url }, pair);
  const given = await fetch(url, { headers });
  const { access, sub } = decodeJwt(((await given.json()) as { token: string }).token);
  assert.deepEqual([access, sub], [[{ type: 'repository', name: 'team/app', actions: ['pull', 'push'] }], ROOT_USER]);
  const late = await signAcs3({ method: 'GET', url }, pair, { timeMs: Date.now() - 3_600_000 });
  const wrong = await signAcs3({ method: 'GET', url }, { ...pair, accessKeySecret: 'x' });
  for (const [signed, why] of [
    [headers, /SignatureNonceUsed/],
    [late.headers, /expired/],
    [wrong.headers, /is wrong/],
  ] as const) {
    const refused = await fetch(url, { headers: signed });
    const { errors } = (await refused.json()) as { errors: { code: string; message: string }[] };
    assert.deepEqual([refused.status, errors[0]?.code], [401, 'UNAUTHORIZED']);
    assert.match(errors[0]?.message ?? '', why);
  }
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

test('refuses a wrong password, an unknown user and a malformed header in the registry’s error format', async () => {
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
    const body = (await answer.json()) as { errors: { code: string; message: string; detail: object }[] };
    assert.equal(body.errors[0]?.code, 'UNAUTHORIZED');
    const RequestId = answer.headers.get('x-acs-request-id');
    assert.match(body.errors[0]?.message ?? '', new RegExp(`\\(RequestId ${RequestId}\\)$`));
    assert.deepEqual(body.errors[0]?.detail, { RequestId });
  }
});

test('tells the check of a login where it came from, as a trusted proxy reports it', async () => {
  const origins: unknown[] = [];
  const app = fastify();
  await app.register(registryRoutes<string>, {
    key: registry.key,
    issuer: 'slipway',
    service: 'registry.test',
    verifyBasic: (_user, _password, origin) => void origins.push(origin),
    nameOf: () => '',
    mayReplicate: () => false,
    images: registry.images,
    verifySigned: () => assert.fail('nothing is signed here'),
    authorize: () => false,
    repositoryArn: () => '',
    repositoryExists: () => false,
    now: Date.now,
    distributionUrl: () => registry.distributionUrl,
    publicUrl: () => 'https://public.example',
    trustedProxies: [parseIpRange('10.0.0.0/8') as IpRange],
  });
  const headers = { authorization: basic('a', 'b'), 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
  for (const remoteAddress of ['10.0.0.7', '198.51.100.9']) await app.inject({ url: '/token', headers, remoteAddress });
  assert.deepEqual(origins, [
    { sourceIp: '203.0.113.9', secureTransport: true },
    { sourceIp: '198.51.100.9', secureTransport: false },
  ]);
});

test('refuses a token for another service', async () => {
  const answer = await fetch(`${registry.url}/token?service=other`);
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /the parameter service must be/);
});

test('limits a build credential to one repository', async () => {
  const password = await mintBuildCredential(
    registry.key,
    { repository: 'team/app', actions: ['pull', 'push'] },
    Date.now(),
  );
  const scopes = ['repository:team/app:pull,push', 'repository:team/lib:pull,push', 'repository:team/app2:pull'];
  const token = await registry.fetchToken(BUILD_CREDENTIAL_USER, password, scopes);
  assert.deepEqual(decodeJwt(token).access, [{ type: 'repository', name: 'team/app', actions: ['pull', 'push'] }]);
});

test('refuses a build credential where a registry token is needed', async () => {
  const password = await mintBuildCredential(registry.key, { repository: 'team/app', actions: ['pull'] }, Date.now());
  const answer = await fetch(`${registry.url}/v2/team/app/tags/list`, {
    headers: { authorization: `Bearer ${password}` },
  });
  assert.equal(answer.status, 401);
});

test('deletes no layer for anyone', async () => {
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/app:pull,push,delete']);
  for (const path of [`/v2/team/app/blobs/sha256:${'0'.repeat(64)}`, '/v2/']) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${registry.url}${path}`, { method: 'DELETE', headers });
    assert.equal(answer.status, 405, path);
  }
});

test('tells only callers that may push that a repository is missing', async () => {
  const path = '/v2/team/missing/blobs/uploads/';
  const root = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/missing:pull,push']);
  const told = await fetch(`${registry.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${root}` } });
  assert.equal(told.status, 404);
  assert.match(await told.text(), /NAME_UNKNOWN.*team\/missing does not exist; create it first/);
  const anonymous = await fetch(`${registry.url}${path}`, { method: 'POST' });
  assert.equal(anonymous.status, 401);
  assert.doesNotMatch(await anonymous.text(), /does not exist/);
});

test('a refused pull names action and resource, with the same reply whether or not the image exists', async () => {
  const answers: unknown[] = [];
  for (const name of ['vault', 'none']) {
    const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, [`repository:secret/${name}:pull`]);
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['manifests/latest', `blobs/sha256:${'0'.repeat(64)}`, 'tags/list']) {
      const pull = await fetch(`${registry.url}/v2/secret/${name}/${path}`, { headers });
      assert.equal(pull.status, 403, path);
      const text = await pull.text();
      assert.match(text, /DENIED.*no policy allows cr:PullRepository on acs:cr:local:1:repository\/cri-1\/secret\//);
      answers.push(text.replaceAll(/[0-9A-F-]{36}/g, '').replace('/none', '/vault'));
    }
    const forged = { authorization: `Bearer ${token.slice(0, -20)}${'A'.repeat(20)}` };
    assert.equal((await fetch(`${registry.url}/v2/secret/${name}/tags/list`, { headers: forged })).status, 401);
  }
  assert.equal(new Set(answers).size, 1);
});

test('a refused push names the policy action and, like every reply to its token, the request that decided', async () => {
  const scope = 'repository:team/denied:pull,push';
  const login = await fetch(`${registry.url}/token?service=registry.test&scope=${scope}`, {
    headers: { authorization: basic(ROOT_USER, ROOT_PASSWORD) },
  });
  const requestId = login.headers.get('x-acs-request-id');
  assert.match(requestId ?? '', /^[0-9A-F-]{36}$/);
  const { token } = (await login.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const path = `${registry.url}/v2/team/denied`;
  const push = await fetch(`${path}/blobs/uploads/`, { method: 'POST', headers });
  assert.equal(push.status, 403);
  assert.equal(push.headers.get('x-acs-request-id'), requestId);
  assert.match(
    await push.text(),
    new RegExp(`DENIED.*cr:PushRepository on acs:\\S+/team/denied.*RequestId ${requestId}`),
  );
  const pull = await fetch(`${path}/manifests/latest`, { headers });
  assert.equal(pull.status, 404);
  assert.equal(pull.headers.get('x-acs-request-id'), requestId);
});

test('accepts a login whose token allows nothing yet', async () => {
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, []);
  const answer = await fetch(`${registry.url}/v2/`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
});

test('answers in the registry’s error format if distribution is gone', async () => {
  await using broken = await startRegistryUnderTest({ distributionUrl: () => 'http://127.0.0.1:1' });
  const answer = await fetch(`${broken.url}/v2/`);
  assert.equal(answer.status, 502);
  assert.match(await answer.text(), /UNAVAILABLE/);
});

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
