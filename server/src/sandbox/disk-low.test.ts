import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOutput, skipLongReason, startSandboxUnderTest } from './testing/sandbox.ts';

const MEBIBYTE = 2 ** 20;

test('when builds fill the shared disk, ends the one that wrote most and returns its space, and lets its neighbour go on', {
  skip: skipLongReason,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-small-disk-'));
  const [image, disk] = [join(folder, 'disk.img'), join(folder, 'disk')];
  mkdirSync(disk);
  writeFileSync(image, '');
  truncateSync(image, 1700 * MEBIBYTE);
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
  execFileSync('mount', ['-o', 'loop', image, disk]);
  t.after(() => {
    execFileSync('umount', [disk]);
    rmSync(folder, { recursive: true });
  });
  const under = await startSandboxUnderTest({}, mkdtempSync(join(disk, 'data-')));
  try {
    const limits = { memoryBytes: 512 * MEBIBYTE, cpus: 2, pids: 256, diskBytes: 1024 * MEBIBYTE, timeoutMs: 300_000 };
    const fill = (count: number) => `dd if=/dev/zero of=/big bs=1M count=${count} conv=fsync`;
    const started = Promise.withResolvers<void>();
    const stop = new AbortController();
    const request = under.prepare(
      { Dockerfile: `FROM busybox\nRUN ${fill(20)}; echo started; sleep 600\n` },
      { limits },
    );
    const neighbour = under.sandbox.runBuild(request, {
      ...readOutput((text) => {
        if (/^started$/m.test(text)) started.resolve();
      }),
      signal: stop.signal,
    });
    await started.promise;
    const greedy = under.prepare({ Dockerfile: `FROM busybox\nRUN ${fill(900)}; sleep 600\n` }, { limits });
    const { reason, detail } = await under.sandbox.runBuild(greedy, {
      ...readOutput(() => undefined),
      signal: stop.signal,
    });
    assert.deepEqual([reason, detail], ['disk-full', 'the disk of the data folder is nearly full']);
    const small = await under.build({ Dockerfile: 'FROM busybox\nRUN echo there is room\n' }, { limits });
    assert.equal(small.outcome.phase, 'done', small.output);
    stop.abort();
    assert.equal((await neighbour).reason, 'cancelled');
    assert.deepEqual(under.leftovers(), []);
  } finally {
    await under.close();
  }
  assert.ok(!readFileSync('/proc/self/mounts', 'utf8').includes(`${disk}/`));
});
