import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Port } from './port.ts';

test('the registry has a name that images can have, also where the port listens at an IPv6 address', async (t) => {
  for (const [host, url, registryUrl] of [
    ['127.0.0.1', /^http:\/\/127\.0\.0\.1:\d+$/, 'the same'],
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/, 'the same'],
    ['::', /^http:\/\/127\.0\.0\.1:\d+$/, 'the same'],
    ['::1', /^http:\/\/\[::1\]:\d+$/, /^http:\/\/127\.0\.0\.1:\d+$/],
  ] as const) {
    const port = await Port.bind({ host, port: 0 });
    t.after(() => port.close(0));
    assert.match(port.url, url);
    assert.equal(new URL(port.url).port, new URL(port.imageUrl).port);
    if (registryUrl === 'the same') assert.equal(port.registryUrl, port.url);
    else assert.match(port.registryUrl, registryUrl);
    for (const address of [port.url, port.registryUrl]) assert.equal((await fetch(`${address}/v2/`)).status, 503);
  }
});
