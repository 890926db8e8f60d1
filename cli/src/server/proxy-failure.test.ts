import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runLines } from '../testing/run-lines.ts';

test('a proxy that does not answer or refuses is named with its variable and the fix, and a server that is reached without one is named itself', async () => {
  const proxy = createServer().on('connect', (request, socket) => {
    const status = { 'login.example:80': 407, 'forbidden.example:80': 403 }[request.url ?? ''];
    if (status === undefined) socket.destroy();
    else socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
  });
  const refusing = await portOf(proxy);
  const dead = createServer();
  const deadPort = await portOf(dead);
  dead.close();
  const env = {
    HTTP_PROXY: `http://ann:pass-word@127.0.0.1:${refusing}`,
    http_proxy: '',
    https_proxy: `127.0.0.1:${deadPort}`,
    NO_PROXY: 'direct.invalid',
    no_proxy: '',
  };
  const pair = { accessKeyId: 'id', accessKeySecret: 'secret' };
  const hosts = [
    'https://builds.example',
    'http://login.example',
    'http://forbidden.example',
    'http://closed.example',
    'https://direct.invalid',
  ];
  const results = await runLines(
    { ...pair, env },
    hosts.map((host) => `builds --endpoint ${host}`),
  );
  proxy.close();
  const dying = `the proxy of https_proxy (http://127.0.0.1:${deadPort})`;
  const other = `the proxy of HTTP_PROXY (http://127.0.0.1:${refusing})`;
  const directly = (host: string) => `add ${host} to NO_PROXY to reach it without a proxy`;
  const rules = 'check --endpoint and the rules of the proxy';
  const sentences = [
    `${dying} does not answer (ECONNREFUSED); start it, correct or unset https_proxy, or ${directly('builds.example')}`,
    `${other} wants a user name and a password (HTTP 407): set HTTP_PROXY to http://USER:PASSWORD@HOST:PORT, or ${directly('login.example')}`,
    `${other} does not connect to forbidden.example (HTTP 403); ${rules}, or ${directly('forbidden.example')}`,
    `${other} does not connect to closed.example (it closed the connection); ${rules}, or ${directly('closed.example')}`,
  ];
  for (const [at, sentence] of sentences.entries()) {
    assert.equal(results[at]?.code, 4);
    assert.ok(results[at]?.stderr.endsWith(`slipway: ${sentence}\n`), results[at]?.stderr);
  }
  assert.match(results[4]?.stderr ?? '', /^slipway: the server cannot be reached \((ENOTFOUND|EAI_AGAIN)\); check/m);
});

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
