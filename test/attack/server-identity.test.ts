import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import {
  pairOf,
  ROOT,
  type RootFile,
  slipway,
  startServer,
  summaryValue,
  temporaryFolder,
} from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';
const ACCOUNT = { AccountId: '1234567890123456', RegionId: 'local', InstanceId: 'cri-0123456789abcdef' };
const PAIR = { AccessKeyId: 'LTAIowner0000000', AccessKeySecret: 'thesecretoftheowner00000000000' };

test('a program that took the port of a stopped server gets one signature and nothing else: no secret, no source, no image', async (t) => {
  const impostor = await startImpostor(t);
  const env = {
    SLIPWAY_ENDPOINT: impostor.url,
    SLIPWAY_ACCESS_KEY_ID: PAIR.AccessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: PAIR.AccessKeySecret,
  };
  const image = join(temporaryFolder(t), 'rootfs.tar');
  execFileSync('tar', ['-C', ROOT, '-cf', image, 'examples']);
  for (const command of [
    ['build', 'examples/hello'],
    ['image', 'import', image, 'team/base'],
    ['secret', 'set', 'TOKEN', '--file', image],
  ]) {
    impostor.seen.length = 0;
    const { code, stderr } = await slipway(command, { env });
    assert.match(stderr, /does not know the secret of the key LTAIowner0000000/);
    assert.equal(code, 4, stderr);
    assert.ok(
      impostor.seen.every((request) => request.startsWith('GET /api/v1/server ')),
      impostor.seen.join('\n'),
    );
  }
});

test('a command asks the server of its data folder, not a program that answers at the stored address', async (t) => {
  const impostor = await startImpostor(t);
  const data = join(temporaryFolder(t), 'data');
  mkdirSync(data);
  const root: RootFile = { ...ACCOUNT, ...PAIR, Endpoint: impostor.url };
  writeFileSync(join(data, 'root.json'), JSON.stringify(root), { mode: 0o600 });
  const { code, stdout, stderr } = await slipway(['call', 'ListInstance', '--data', data]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /cri-0123456789abcdef/);
  assert.deepEqual(impostor.seen, []);
});

test('commands with a copied data folder act on the copy while the original is being served', { skip }, async (t) => {
  const server = await startServer(t);
  const copy = join(temporaryFolder(t), 'copy');
  execFileSync('cp', ['-a', server.dataFolder, copy]);
  const made = ['call', 'CreateNamespace', 'NamespaceName=copied', `InstanceId=${server.root.InstanceId}`];
  const { code, stderr } = await slipway([...made, '--data', copy]);
  assert.equal(code, 0, stderr);
  const { Namespaces } = await server.client.call('ListNamespace', { InstanceId: server.root.InstanceId });
  assert.deepEqual(
    Namespaces?.map(({ NamespaceName }) => NamespaceName),
    ['library'],
  );
  const { Endpoint } = JSON.parse(readFileSync(join(copy, 'root.json'), 'utf8')) as RootFile;
  assert.notEqual(Endpoint, server.root.Endpoint);
  assert.deepEqual(pairOf(server.root).accessKeyId, server.root.AccessKeyId);
});

test('a build through the data folder names its image by the public URL, which others can reach', {
  skip,
}, async (t) => {
  const { dataFolder } = await startServer(t, { flags: ['--public-url', 'https://builds.example:8443'] });
  const built = await slipway(['build', 'examples/hello', '--data', dataFolder]);
  assert.equal(built.code, 0, built.stderr);
  assert.equal(summaryValue(built.stdout, 'Pull'), 'docker pull builds.example:8443/local/hello:latest');
});

/** Answers 200 to everything, like the real server's health page; keeps everything it receives. */
async function startImpostor(t: TestContext): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await buffer(request)).toString('latin1');
    const sent = `${request.method} ${request.url} ${JSON.stringify(request.rawHeaders)} ${body}`;
    assert.ok(!sent.includes(PAIR.AccessKeySecret));
    seen.push(sent);
    response.end(JSON.stringify({ Status: 'ok', Version: '0.1.0', InstanceId: ACCOUNT.InstanceId }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
