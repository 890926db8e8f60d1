import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { test } from 'node:test';
import { makeAuthority } from '../../../../test/support/peers/certificates.ts';
import { startProxy } from '../../../../test/support/peers/proxy.ts';
import { temporaryFolder } from '../../../../test/support/slipway.ts';
import { listen } from '../testing/foreign-registry.ts';
import { pinnedGet, readBody } from './pinned-request.ts';

test('fetches through the proxy what a registry serves: over http by whole URLs, over https in a tunnel', async (t) => {
  const authority = makeAuthority(temporaryFolder(t));
  const { cert, key } = authority.issue('127.0.0.1', 'registry.invalid');
  const files = { cert: readFileSync(cert), key: readFileSync(key) };
  const port = await listen(
    t,
    createServer(files, (request, response) => response.end(`${request.headers.host} ${request.url}`)),
  );
  const proxy = await startProxy(t);
  const refusing = await startProxy(t, { status: 407 });
  const options = {
    pin: async () => ({ proxy: proxy.url }),
    tlsVerify: true,
    authorities: readFileSync(authority.certificate, 'utf8'),
  };
  const url = new URL(`https://registry.invalid:${port}/v2/a?b=c`);

  const answer = await pinnedGet(url, options);
  assert.equal((await readBody(answer, 1000, 'x')).toString(), `registry.invalid:${port} /v2/a?b=c`);
  assert.deepEqual(proxy.asked, [`CONNECT registry.invalid:${port}`]);
  await assert.rejects(pinnedGet(url, { ...options, authorities: undefined }), /cannot be reached: .*certificate/);
  await assert.rejects(
    pinnedGet(url, { ...options, pin: async () => ({ proxy: refusing.url }) }),
    new RegExp(`registry\\.invalid:${port} cannot be reached: the proxy ${refusing.url} answered HTTP 407`),
  );

  const plain = await pinnedGet(new URL(`http://registry.invalid:${new URL(refusing.url).port}/v2/`), {
    ...options,
    tlsVerify: false,
  });
  assert.equal(plain.statusCode, 407);
  assert.equal(proxy.asked.at(-1), `GET http://registry.invalid:${new URL(refusing.url).port}/v2/`);
});
