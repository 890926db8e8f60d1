import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startProxy } from '../support/peers/proxy.ts';
import { atEnd, slipway } from '../support/slipway.ts';

test('commands use the proxy in their environment for other machines, and not for their own machine', async (t) => {
  const proxy = await startProxy(t);
  const server = createServer((_, response) => response.writeHead(404).end('nothing'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => server.close());
  const { port } = server.address() as AddressInfo;
  const builds = async (host: string, variables: Record<string, string>) => {
    const before = proxy.asked.length;
    const pair = { SLIPWAY_ACCESS_KEY_ID: 'id', SLIPWAY_ACCESS_KEY_SECRET: 'secret' };
    const { stderr } = await slipway(['builds', '--endpoint', `http://${host}:${port}`], {
      env: { HTTP_PROXY: '', http_proxy: '', NO_PROXY: '', no_proxy: '', ...pair, ...variables },
    });
    return { asked: proxy.asked.slice(before), stderr };
  };
  for (const variables of [{ HTTP_PROXY: proxy.url }, { http_proxy: new URL(proxy.url).host }]) {
    const { asked, stderr } = await builds('builds.example', variables);
    assert.match(asked.join(), /builds\.example/, stderr);
  }
  assert.deepEqual((await builds('127.0.0.1', { HTTP_PROXY: proxy.url })).asked, []);
  assert.deepEqual((await builds('localhost', { HTTP_PROXY: proxy.url, NO_PROXY: 'x.example' })).asked, []);
  const direct = await builds('builds.example', { HTTP_PROXY: proxy.url, NO_PROXY: 'builds.example' });
  assert.deepEqual(direct.asked, []);
  const wrong = await builds('builds.example', { HTTP_PROXY: 'socks5://no' });
  assert.match(wrong.stderr, /^slipway: the proxy of HTTP_PROXY is not of the form/m);
});
