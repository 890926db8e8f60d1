import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { native, slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'builds three times and waits for a look at the disk: runs in the longer tier'
    : process.getuid?.() !== 0 && 'needs root, as building does';

test('slipway df says what takes disk, prune shows a plan before it frees any, and a disk below its low-water mark loses caches', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const { dataFolder } = server;
  const on = ['--data', dataFolder];
  const source = temporaryFolder(t);
  writeFileSync(join(source, 'Dockerfile'), 'FROM busybox\nRUN dd if=/dev/urandom of=/data bs=1M count=8\n');
  const build = async () => {
    const { code, stdout, stderr } = await slipway(['build', source, '--tag', 'team/app:v1', ...on]);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  const caches = async ({ client }: TestServer) => {
    const { Parts } = (await native(client, '/api/v1/space')) as {
      Parts: { Part: string; SizeBytes: number; ReclaimableBytes: number }[];
    };
    return Parts.find(({ Part }) => Part === 'caches') ?? { SizeBytes: Number.NaN, ReclaimableBytes: Number.NaN };
  };

  await build();
  assert.match(await build(), /CACHED/);
  const { ReclaimableBytes } = await caches(server);
  assert.ok(ReclaimableBytes > 8 * 2 ** 20);
  const df = await slipway(['df', ...on]);
  for (const part of ['logs', 'images', 'sources', 'database', 'bases', 'disk'])
    assert.match(df.stdout, new RegExp(`^${part} +[\\d.,]+ MiB`, 'm'));
  assert.match(df.stdout, /^caches +[\d.,]+ MiB {2}layer caches {2}[\d.,]+ MiB can be freed$/m);
  const metric = async () => {
    const text = await (await fetch(`${server.root.Endpoint}/metrics`)).text();
    return Number(/^slipway_space_reclaimable_bytes\{part="caches"\} (\d+)$/m.exec(text)?.[1]);
  };
  while (Number.isNaN(await metric())) await sleep(200);
  assert.equal(await metric(), ReclaimableBytes);

  const plan = await slipway(['prune', ...on]);
  assert.match(plan.stdout, /^would free [\d.,]+ MiB of layer caches: the next build of each repository begins/m);
  assert.match(plan.stderr, /nothing was removed; add --yes/);
  assert.equal((await caches(server)).ReclaimableBytes, ReclaimableBytes);
  const pruned = await slipway(['prune', '--only', 'caches', '--yes', ...on]);
  assert.match(pruned.stdout, /^freed [\d.,]+ MiB of layer caches$/m);
  assert.equal((await caches(server)).SizeBytes, 0);
  assert.doesNotMatch(await build(), /CACHED/);

  await server.stop();
  // More than the disk has.
  const low = await startServer(t, { dataFolder, flags: ['--disk-low-mebibytes', String(2 ** 30)] });
  while (!/WARN {2}the disk of the data folder is nearly full .*cachesRemoved=1/.test(low.stderr())) await sleep(500);
  assert.equal((await caches(low)).SizeBytes, 0);
});
