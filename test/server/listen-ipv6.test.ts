import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeAuthority } from '../support/peers/certificates.ts';
import { folderOf } from '../support/queue-build.ts';
import { slipway, startServer, summaryValue, temporaryFolder } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'runs in the longer tier'
    : !addresses().includes('::1') && 'this machine has no IPv6 loopback';

for (const listen of ['[::1]:0', '[::]:0'])
  for (const tls of [false, true])
    test(`a server at ${listen}, ${tls ? 'with' : 'without'} TLS, builds, and its images can be pulled by the names it prints`, {
      skip,
    }, async (t) => {
      const { dataFolder, args, creds } = await start(t, listen, tls);
      const built = await slipway([...args, 'build', 'examples/hello', '--data', dataFolder]);
      assert.equal(built.code, 0, built.stderr + built.stdout);
      const pull = summaryValue(built.stdout, 'Pull') ?? '';
      const image = /^docker pull (127\.0\.0\.1:\d+\/local\/hello:latest)$/.exec(pull)?.[1];
      assert.ok(image, pull);
      const inspected = execFileSync(
        'skopeo',
        ['inspect', '--tls-verify=false', '--creds', creds, `docker://${image}`],
        { encoding: 'utf8' },
      );
      assert.equal((JSON.parse(inspected) as { Digest: string }).Digest, summaryValue(built.stdout, 'Digest'));

      const onTop = folderOf(t, { Dockerfile: `FROM ${image}\nRUN true\n` });
      const next = await slipway([...args, 'build', onTop, '--tag', 'local/next', '--data', dataFolder]);
      assert.equal(next.code, 0, next.stderr + next.stdout);
      const literal = image.replace(/^127\.0\.0\.1/, '[::1]');
      const refused = await slipway([
        ...args,
        'build',
        folderOf(t, { Dockerfile: `FROM ${literal}\n` }),
        '--data',
        dataFolder,
      ]);
      assert.equal(refused.code, 1);
      assert.match(
        refused.stdout,
        /an image name cannot have an IPv6 address as its registry.*for this server: 127\.0\.0\.1:\d+/,
      );
    });

async function start(t: TestContext, listen: string, tls: boolean) {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  const pair = authority.issue(listen === '[::1]:0' ? '::1' : '127.0.0.1');
  const flags = ['--listen', listen, ...(tls ? ['--tls-cert', pair.cert, '--tls-key', pair.key] : [])];
  const dataFolder = join(folder, 'data');
  const { root } = await startServer(t, { dataFolder, flags });
  const args = tls ? ['--ca-file', authority.certificate] : [];
  return { dataFolder, args, creds: `${root.AccessKeyId}:${root.AccessKeySecret}` };
}

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}
