import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';

import { pushImage } from './push-image.ts';
import { RegistryRequestError } from './registry-request-error.ts';
import { openRegistrySession } from './registry-session.ts';

const PAIR = { accessKeyId: 'LTAI-id', accessKeySecret: 'sëcret' };

test('logs in to the token service on the endpoint’s host, once per token lifetime, and never sends the secret', async (context) => {
  const seen: string[] = [];
  const endpoint = await listen(context, (request, response) => {
    seen.push(`${request.url} ${request.headers.authorization?.split(' ')[0] ?? 'nothing'}`);
    if (request.url?.startsWith('/token')) {
      const sent = JSON.stringify(request.rawHeaders);
      assert.ok(!sent.includes(PAIR.accessKeySecret) && !sent.includes('Basic'), sent);
      response.end(JSON.stringify({ token: 't', expires_in: 300 }));
    } else if (request.headers.authorization === 'Bearer t') response.end('ok');
    else response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token",service="s"' }).end();
  });
  const session = await openRegistrySession({ endpoint, ...PAIR }, 'repository:a/b:pull');
  await (await session.send('GET', '/v2/a/b/tags/list')).text();
  await (await session.send('GET', '/v2/a/b/tags/list')).text();
  assert.deepEqual(seen, [
    '/v2/ nothing',
    '/token?service=s&scope=repository%3Aa%2Fb%3Apull ACS3-HMAC-SHA256',
    '/v2/a/b/tags/list Bearer',
    '/v2/a/b/tags/list Bearer',
  ]);
});

test('fetches a new token before the old one expires', async (context) => {
  let tokens = 0;
  const endpoint = await listen(context, (request, response) => {
    if (request.url?.startsWith('/token')) response.end(JSON.stringify({ token: `t${++tokens}`, expires_in: 30 }));
    else response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token"' }).end();
  });
  const session = await openRegistrySession({ endpoint, ...PAIR }, 'repository:a/b:pull');
  for (let count = 0; count < 3; count++) await (await session.send('GET', '/v2/')).text();
  assert.equal(tokens, 3);
});

test('does not log in to another host over plain HTTP', async (context) => {
  let asked = 0;
  const other = await listen(context, (_request, response) => {
    asked++;
    response.end('{"token":"t"}');
  });
  const endpoint = await listen(context, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${other}/token",service="s"` }).end();
  });
  await assert.rejects(openRegistrySession({ endpoint, ...PAIR }, 'x'), /asks for a login over plain HTTP at/);
  const redirecting = await listen(context, (request, response) => {
    if (request.url?.startsWith('/token')) response.writeHead(307, { location: `${other}/token` }).end();
    else response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token"' }).end();
  });
  const session = await openRegistrySession({ endpoint: redirecting, ...PAIR }, 'x');
  await assert.rejects(session.send('GET', '/v2/'), RegistryRequestError);
  assert.equal(asked, 0);
});

test('does not upload to another host', async (context) => {
  let asked = 0;
  const other = await listen(context, (_request, response) => {
    asked++;
    response.writeHead(201).end();
  });
  const endpoint = await listen(context, (request, response) => {
    if (request.method === 'HEAD') response.writeHead(404).end();
    else if (request.method === 'POST') response.writeHead(202, { location: `${other}/upload` }).end();
    else response.end();
  });
  const blob = { digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 1 };
  const manifest = { mediaType: 'x', bytes: new Uint8Array(1) };
  const image = { repository: 'a/b', tag: 'v', children: [], manifest };
  async function* open() {
    yield new Uint8Array(1);
  }
  await assert.rejects(pushImage({ endpoint, ...PAIR }, { ...image, blobs: [{ ...blob, open }] }), /to another host/);
  assert.equal(asked, 0);
});

test('reports what a registry answered, in JSON or not', async (context) => {
  const bodies = ['{"errors":[{"code":"DENIED","message":"no push for you"}]}', '<html>proxy</html>', '', 'null'];
  for (const [index, body] of bodies.entries()) {
    const endpoint = await listen(context, (request, response) => {
      if (request.url === '/v2/') response.end();
      else response.writeHead(403).end(body);
    });
    const image = { repository: 'a/b', tag: 'v', blobs: [], children: [] };
    const manifest = { mediaType: 'x', bytes: new Uint8Array(1) };
    await assert.rejects(pushImage({ endpoint, ...PAIR }, { ...image, manifest }), (cause: unknown) => {
      assert.ok(cause instanceof RegistryRequestError);
      assert.equal(cause.status, 403);
      assert.equal(cause.code, index === 0 ? 'DENIED' : '');
      assert.match(cause.message, index === 0 ? /no push for you/ : /HTTP 403/);
      return true;
    });
  }
});

test('reports that an address is not a registry', async (context) => {
  const endpoint = await listen(context, (_request, response) => response.writeHead(404).end());
  await assert.rejects(openRegistrySession({ endpoint, ...PAIR }, 'x'), /is not a registry \(HTTP 404 on \/v2\/\)/);
});

async function listen(context: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
