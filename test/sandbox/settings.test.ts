import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { atEnd, startServer } from '../support/slipway.ts';

const hostAddress = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;
const skipLong = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'set SLIPWAY_TEST_LONG=1 to run it';
const skip = hostAddress === undefined ? 'this machine has no IPv4 address but loopback' : skipLong;

test('the settings for private addresses, kept layers and kept base images reach the sandbox', { skip }, async (t) => {
  const listener = createServer((socket) => socket.end('greetings\n')).listen(0, '0.0.0.0');
  await once(listener, 'listening');
  atEnd(t, () => listener.close());
  const { port } = listener.address() as AddressInfo;
  const limits = ['--build-cache-mebibytes', '0', '--base-cache-mebibytes', '0'];
  const server = await startServer(t, { flags: ['--build-allow-addresses', hostAddress ?? '', ...limits] });
  const build = async (image: string, Dockerfile: string) => {
    const key = await queueBuild(t, server, { Dockerfile }, `local/${image}:latest`);
    const status = await waitForStatus(server.client, key, isFinal);
    const messages = (await readLog(server.client, key)).map((line) => line.Message);
    assert.equal(status, 'SUCCESS', messages.join('\n'));
    return { repoId: key.RepoId, messages };
  };

  const first = await build('first', `FROM busybox\nRUN nc -w 9 ${hostAddress} ${port} </dev/null\n`);
  assert.ok(first.messages.includes('greetings'), first.messages.join('\n'));
  assert.deepEqual(kept('stores'), [first.repoId]);
  const [busybox] = kept('bases');

  const second = await build('second', `FROM ${new URL(server.root.Endpoint).host}/local/first\nRUN true\n`);
  assert.deepEqual(kept('stores'), [second.repoId], 'the layers of the first repository had to go');
  assert.equal(kept('bases').length, 1, 'one of the two bases had to go');
  assert.notDeepEqual(kept('bases'), [busybox]);

  function kept(kind: 'stores' | 'bases'): string[] {
    const folder = join(server.dataFolder, 'sandbox', kind);
    // A store's name contains its repository, and the repositories of its bases from this registry.
    if (kind === 'stores') return readdirSync(folder).map((name) => name.replace(/^(crr-\w+)-\w+$/, '$1'));
    const paths = readdirSync(folder).flatMap((scope) => readdirSync(join(folder, scope)));
    return paths.filter((name) => !name.endsWith('.size'));
  }
});
