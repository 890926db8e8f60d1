import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { copyImage } from '#registry/copy/copy-image.ts';
import { foreignTarget } from '#registry/copy/foreign-copy.ts';
import { ownSource } from '#registry/copy/own-copy.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { listen, startCanary } from '#registry/testing/foreign-registry.ts';
import { endless } from '#registry/testing/lying-registry.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { peerLogin } from './peer-login.ts';

let here: RegistryUnderTest;
before(async () => {
  here = await startRegistryUnderTest();
  await (await RegistryClient.open(here, 'team/app')).push('v1', 'an image');
});
after(() => here[Symbol.asyncDispose]());

const LOGIN = { user: 'copier', password: 'secret-of-the-copier' };
const signal = () => new AbortController().signal;

/** The target is reached at its names alone; every other host as the server reaches it. */
async function pin(host: string) {
  if (host.endsWith('.example')) return { address: '127.0.0.1' };
  return findRoute(host, allowedAddresses([]), { proxy: undefined, direct: [] }, 'allow-addresses');
}

type Act = (response: ServerResponse, request: IncomingMessage) => unknown;

/** A registry that takes every push, but for what a test makes it do instead: by method and path. */
const HONEST: Record<string, Act> = {
  'GET /v2/': (response) => response.end('{}'),
  HEAD: (response) => response.writeHead(404).end(),
  POST: (response) => response.writeHead(202, { location: '/v2/up/app/blobs/uploads/1' }).end(),
  PUT: (response, request) => request.resume().once('end', () => response.writeHead(201).end()),
};

const text =
  (words: string): Act =>
  (response) =>
    response.end(words);
const status =
  (code: number, headers: Record<string, string> = {}): Act =>
  (response) =>
    response.writeHead(code, headers).end();

test('a target that lies fails the copy with the reason, is led to no address inside, and gets no login elsewhere', async (context) => {
  const canary = await startCanary(context);
  const seen: string[] = [];
  const bodies: Readable[] = [];
  const port = await listen(
    context,
    createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      if (headers.authorization !== undefined) seen.push(`${headers.host?.split(':')[0]} ${headers.authorization}`);
      const act = acts[`${method} ${url.split('?')[0]}`] ?? acts[method] ?? status(404);
      act(response, request);
    }),
  );
  const inside = (host: string) => `http://${host}:${canary.port}/upload`;
  const elsewhere = `http://elsewhere.example:${port}`;
  const bearer = (realm: string) => status(401, { 'www-authenticate': `Bearer realm="${realm}"` });
  const LIES: [what: string, acts: Record<string, Act>, said: RegExp][] = [
    ['no place for layers', { POST: status(202) }, /does not say where layers go/],
    ['a place inside', { POST: status(202, { location: inside('127.0.0.1') }) }, /the rule ".*" denies/],
    ['a place of the cloud', { POST: status(202, { location: inside('169.254.169.254') }) }, /the rule ".*" denies/],
    ['a place that is a file', { POST: status(202, { location: 'file:///etc/shadow' }) }, /by file: only/],
    ['an invalid place', { POST: status(202, { location: 'http://[' }) }, /names a place that is no address/],
    ['a challenge inside', { 'GET /v2/': bearer(inside('localhost')) }, /the rule ".*" denies/],
    ['challenges forever', { 'GET /v2/': bearer('/v2/') }, /refuses access|HTTP 401/],
    [
      'a token that has no end',
      { 'GET /v2/': bearer('/token'), GET: (response) => endless(response) },
      /larger than 65536 bytes/,
    ],
    ['an invalid token', { 'GET /v2/': bearer('/token'), GET: text('{"token":"a\\nb"}') }, /gave no token/],
    ['a redirect', { POST: status(307, { location: inside('127.0.0.1') }) }, /answered HTTP 307/],
    ['a head that is inside', { HEAD: status(307, { location: inside('127.0.0.1') }) }, /the rule ".*" denies/],
    ['an answer of another kind', { PUT: status(200) }, /answered HTTP 200/],
    ['an end in the middle', { PUT: (response) => response.destroy() }, /cannot be reached/],
  ];
  let acts: Record<string, Act> = HONEST;
  const copy = () => {
    const access = { tlsVerify: false, pin, login: LOGIN };
    const target = foreignTarget({ host: `target.example:${port}`, repository: 'up/app', access });
    const own = ownSource(here.images, { namespaceName: 'team', name: 'app' });
    const readBlob: typeof own.readBlob = async (digest, ends) => {
      const body = await own.readBlob(digest, ends);
      bodies.push(body);
      return body;
    };
    const source = { ...own, readBlob };
    return copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, { signal: signal() });
  };
  assert.ok((await copy()).sentBytes > 0);
  for (const [what, lie, said] of LIES) {
    acts = { ...HONEST, ...lie };
    const error = await copy().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    assert.ok(error instanceof RegistryError, `${what}: ${String(error)}`);
    assert.match(error.message, said, what);
  }
  assert.equal(canary.requests, 0);
  // What the target did not read is not left open.
  for (const body of bodies) if (!body.closed) await once(body, 'close');
  // Layers may be kept elsewhere, where the login has no business.
  seen.length = 0;
  const basic = status(401, { 'www-authenticate': 'Basic realm="x"' });
  acts = { ...HONEST, 'GET /v2/': basic, POST: status(202, { location: `${elsewhere}/put` }) };
  await copy();
  assert.ok(seen.length > 0 && seen.every((each) => each.startsWith('target.example Basic ')), seen.join('\n'));
});

test('a server that should give a login and lies is refused with the reason', async (context) => {
  const LIES: [Act, RegExp][] = [
    [(response) => endless(response), /the login is larger than 65536 bytes/],
    [text('<html>'), /does not give a login \(HTTP 200\)/],
    [text('[]'), /does not give a login/],
    [text('{"TempUsername":["x"],"AuthorizationToken":"y"}'), /does not give a login/],
    [status(302, { location: 'http://169.254.169.254/' }), /does not give a login \(HTTP 302\)/],
    [(response) => response.destroy(), /cannot be reached/],
    [
      (response) => response.writeHead(403).end(JSON.stringify({ Code: 'x'.repeat(5000), Message: 'y'.repeat(9000) })),
      /^.{0,700}$/,
    ],
  ];
  for (const [act, said] of LIES) {
    const port = await listen(
      context,
      createServer((request, response) => act(response, request)),
    );
    const peer = { api: `http://peer.example:${port}`, accessKeyId: 'k', accessKeySecret: 's', instanceId: 'cri-2' };
    await assert.rejects(
      peerLogin(peer, { pin, authorities: undefined, signal: signal() }),
      (error) => error instanceof RegistryError && said.test(error.message),
      String(said),
    );
  }
});
