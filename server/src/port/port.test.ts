import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { Port } from './port.ts';

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+$/;
const noIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
  ? false
  : 'this machine has no IPv6 loopback';

for (const [host, url, skip] of [
  ['127.0.0.1', LOOPBACK, false],
  ['0.0.0.0', LOOPBACK, false],
  ['::', LOOPBACK, noIpv6],
  ['::1', /^http:\/\/\[::1\]:\d+$/, noIpv6],
] as const)
  test(`the registry of a port at ${host} has an address that is valid in image names`, { skip }, async (t) => {
    const port = await Port.bind({ host, port: 0 });
    t.after(() => port.close(0));
    assert.match(port.url, url);
    assert.match(port.registryUrl, LOOPBACK);
    assert.equal(new URL(port.url).port, new URL(port.registryUrl).port);
    for (const address of [port.url, port.registryUrl]) assert.equal((await fetch(`${address}/v2/`)).status, 503);
  });
