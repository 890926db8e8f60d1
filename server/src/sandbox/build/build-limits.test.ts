import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCgroupRoots } from '../box/cgroup.ts';
import {
  childOf,
  listSandboxProcesses,
  readOutput,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
} from '../testing/sandbox.ts';
import { waitUntil } from '../testing/sleeper.ts';

const LIMITS = { memoryBytes: 256 * 2 ** 20, cpus: 2, pids: 256, diskBytes: 256 * 2 ** 20, timeoutMs: 60_000 };

describe('the limits of a build', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('stop a fork bomb, and the outcome names the limit', async () => {
    const bomb = 'f() { f | f & }; i=0; while [ $i -lt 600 ]; do sleep 30 & i=$((i+1)); done; f; wait';
    const { outcome } = await under.build(
      { Dockerfile: `FROM busybox\nRUN ${bomb}\n` },
      { limits: { ...LIMITS, timeoutMs: 20_000 } },
    );
    assert.equal(outcome.reason, 'pids-limit');
    assert.ok(outcome.pidsMaxEvents > 0);
    assert.deepEqual(under.leftovers(), []);
  });

  test('stop a build that takes too long', async () => {
    const { outcome } = await under.build(
      { Dockerfile: 'FROM busybox\nRUN setsid sleep 600 & sleep 600\n' },
      { limits: { ...LIMITS, timeoutMs: 2500 } },
    );
    assert.deepEqual([outcome.reason, outcome.exitCode], ['timeout', null]);
    assert.deepEqual(under.leftovers(), []);
  });

  test('leave room for a cancellation, which ends the build and keeps the record of refused connections', async () => {
    const cancellation = new AbortController();
    const Dockerfile = 'FROM busybox\nRUN nc 10.1.2.3 80 </dev/null; echo started; sleep 600\n';
    const request = under.prepare({ Dockerfile }, { egress: 'world' });
    let output = '';
    const outcome = await under.sandbox.runBuild(request, {
      ...readOutput((text) => {
        output += text;
        if (/^started$/m.test(output)) cancellation.abort();
      }),
      signal: cancellation.signal,
    });
    assert.deepEqual([outcome.reason, outcome.phase], ['cancelled', 'build']);
    assert.deepEqual(outcome.refused, [{ address: '10.1.2.3', protocol: 'tcp', port: 80, of: 'private' }], output);
    assert.deepEqual(under.leftovers(), []);
  });

  test('cancel a build that was cancelled before it began', async () => {
    const { outcome } = await under.build({ Dockerfile: 'FROM busybox\nRUN sleep 600\n' }, {}, AbortSignal.abort());
    assert.equal(outcome.reason, 'cancelled');
    assert.deepEqual(under.leftovers(), []);
  });

  test('make the builder wait for a reader that stalls, instead of filling memory', async () => {
    const cancellation = new AbortController();
    const request = under.prepare({ Dockerfile: 'FROM busybox\nRUN yes 0123456789012345678901234567890\n' });
    let bytes = 0;
    let grown = 0;
    const outcome = await under.sandbox.runBuild(request, {
      ...readOutput(async (text) => {
        bytes += text.length;
        if (bytes < 2_000_000 || cancellation.signal.aborted) return;
        // Three seconds of `yes` are far more than 100 MB if nothing makes it wait.
        const before = residentBytes(childOf(under.helper.child.pid));
        await sleep(3000);
        grown = residentBytes(childOf(under.helper.child.pid)) - before;
        cancellation.abort();
      }),
      signal: cancellation.signal,
    });
    assert.equal(outcome.reason, 'cancelled');
    assert.ok(grown < 48 * 2 ** 20, `the helper grew by ${grown} bytes`);
  });

  test('keep the record of refused connections when a build takes too long', { skip: skipLongReason }, async () => {
    const { outcome, output } = await under.build(
      { Dockerfile: 'FROM busybox\nRUN while true; do nc 10.1.2.3 80 </dev/null; sleep 1; done\n' },
      { egress: 'world', limits: { ...LIMITS, timeoutMs: 15_000 } },
    );
    assert.equal(outcome.reason, 'timeout');
    assert.deepEqual(outcome.refused, [{ address: '10.1.2.3', protocol: 'tcp', port: 80, of: 'private' }], output);
  });

  test('stop a memory hog, and the outcome names it', { skip: skipLongReason }, async () => {
    const { outcome } = await under.build({ Dockerfile: 'FROM busybox\nRUN tail /dev/zero\n' }, { limits: LIMITS });
    assert.equal(outcome.reason, 'out-of-memory');
    assert.ok(outcome.oomKills > 0);
  });

  test('stop a build that fills its disk, and start the next one with an empty store', {
    skip: skipLongReason,
  }, async () => {
    const repositoryId = 'repository-full';
    const fill = { Dockerfile: 'FROM busybox\nRUN dd if=/dev/zero of=/big bs=1M count=600\n' };
    const { outcome, output } = await under.build(fill, { limits: LIMITS, repositoryId });
    assert.equal(outcome.reason, 'disk-full', output);
    const next = await under.build({ Dockerfile: 'FROM busybox\nRUN echo fine\n' }, { limits: LIMITS, repositoryId });
    assert.equal(next.outcome.phase, 'done', next.output);
  });

  test('stop a build that fills its disk with empty files, and start the next one with an empty store', {
    skip: skipLongReason,
  }, async () => {
    const repositoryId = 'repository-inodes';
    // 256 MiB of ext4 have 65536 inodes.
    const fill = { Dockerfile: 'FROM busybox\nRUN mkdir /many && cd /many && seq 1 70000 | xargs touch\n' };
    const { outcome, output } = await under.build(fill, { limits: LIMITS, repositoryId });
    assert.equal(outcome.reason, 'disk-full', output);
    const next = await under.build({ Dockerfile: 'FROM busybox\nRUN echo fine\n' }, { limits: LIMITS, repositoryId });
    assert.equal(next.outcome.phase, 'done', next.output);
  });

  test('end a build before it takes the last room on the data folder’s disk', { skip: skipLongReason }, async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'slipway-small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${1024 + 300}m`, 'small', dataFolder]);
    try {
      const small = await startSandboxUnderTest({}, dataFolder);
      try {
        const fill = { Dockerfile: 'FROM busybox\nRUN dd if=/dev/zero of=/big bs=1M count=400; sync; sleep 600\n' };
        const { outcome, output } = await small.build(fill);
        assert.equal(outcome.reason, 'disk-full', output);
        assert.match(outcome.detail ?? '', /nearly full/);
        assert.deepEqual(
          small.leftovers().filter((line) => !line.startsWith('mount small ')),
          [],
        );
      } finally {
        // The folder is a mount: it is emptied, but stays.
        await small.helper.close();
      }
    } finally {
      execFileSync('umount', [dataFolder]);
      rmdirSync(dataFolder);
    }
  });

  test('slow a build down that has used its share of the processor', { skip: skipLongReason }, async () => {
    const request = under.prepare(
      { Dockerfile: 'FROM busybox\nRUN (while true; do :; done) & while true; do :; done\n' },
      { limits: { ...LIMITS, cpus: 0.1, timeoutMs: 120_000 } },
    );
    const stop = new AbortController();
    const ended = runToEnd(under.sandbox, request, stop.signal);
    await waitUntil(() => listSandboxProcesses(under.dataFolder).some(({ pid }) => throttledTimes(pid) > 3));
    stop.abort();
    assert.equal((await ended).outcome.reason, 'cancelled');
  });
});

function residentBytes(pid: number | undefined): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}

/** From cpu.stat of the process's group with the limits, which is above the box's own. */
function throttledTimes(pid: number): number {
  for (const root of findCgroupRoots().needed) {
    for (const line of readIfThere(`/proc/${pid}/cgroup`).split('\n')) {
      const group = line.split(':')[2] ?? '';
      if (!group.endsWith('/limit/box')) continue;
      const stat = readIfThere(join(root, group, '..', 'cpu.stat'));
      const times = /^nr_throttled (\d+)$/m.exec(stat)?.[1];
      if (times !== undefined) return Number(times);
    }
  }
  return 0;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
