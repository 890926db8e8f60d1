/*
 * What soak-cgroup-v2.ts runs inside its machine. Everything takes many times as long there, so time limits are
 * generous.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCgroupRoots } from '../../server/src/sandbox/box/cgroup.ts';
import { type SandboxUnderTest, startSandboxUnderTest, TEST_OWNER } from '../../server/src/sandbox/testing/sandbox.ts';

const MIB = 2 ** 20;
const LIMITS = { memoryBytes: 256 * MIB, cpus: 2, pids: 256, diskBytes: 256 * MIB, timeoutMs: 600_000 };
const BOMB = 'f() { f | f & }; i=0; while [ $i -lt 600 ]; do sleep 300 & i=$((i+1)); done; f; wait';

let under: SandboxUnderTest;
before(async () => {
  under = await startSandboxUnderTest();
});
after(() => under.close());

const build = (run: string, more: object = {}) =>
  under.build({ Dockerfile: `FROM busybox\nRUN ${run}\n` }, { limits: LIMITS, ...more });

test('the limits are set in the single hierarchy of cgroup v2', () => {
  assert.equal(findCgroupRoots().version, 2);
});

test('a plain build succeeds', async () => {
  const { outcome, output } = await build('echo fine');
  assert.equal(outcome.phase, 'done', output);
  assert.deepEqual(under.leftovers(), []);
});

test('a build that uses too much memory fails for that reason', async () => {
  const { outcome, output } = await build('tail /dev/zero');
  assert.equal(outcome.reason, 'out-of-memory', output);
  assert.ok(outcome.oomKills > 0);
  assert.deepEqual(under.leftovers(), []);
});

test('a fork bomb fails for that reason', async () => {
  const { outcome, output } = await build(BOMB);
  assert.equal(outcome.reason, 'pids-limit', output);
  assert.ok(outcome.pidsMaxEvents > 0);
  assert.deepEqual(under.leftovers(), []);
});

test('a build that fills the disk fails for that reason', async () => {
  const { outcome, output } = await build('dd if=/dev/zero of=/big bs=1M count=300');
  assert.equal(outcome.reason, 'disk-full', output);
  assert.deepEqual(under.leftovers(), []);
});

test('a step can neither join another control group nor raise a limit', async () => {
  const files = '-name cgroup.procs -o -name "*.max" -o -name cgroup.subtree_control';
  const { outcome, output } = await build(
    `for file in $(find /sys/fs/cgroup ${files}); do echo tried; echo 1 > $file && echo RAISED; done; true`,
  );
  assert.equal(outcome.phase, 'done', output);
  assert.doesNotMatch(output, /^RAISED$/m);
  assert.match(output, /^tried$/m, 'there are files that the step could have written');
});

test('a connection to a private address is refused, and the message names the step', async () => {
  const { outcome, output } = await build('nc -w 3 10.1.2.3 80 </dev/null', { egress: 'world' });
  assert.deepEqual(outcome.refused, [{ address: '10.1.2.3', protocol: 'tcp', port: 80, of: 'private' }], output);
});

test('work outside the box has its own control group, and is killed if it needs more memory', async () => {
  const owner = ['--reuid', `${TEST_OWNER.uid}`, '--regid', `${TEST_OWNER.gid}`, '--clear-groups'];
  const shell = spawn('setpriv', [...owner, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
  shell.stdin.write('echo there\n');
  await once(shell.stdout, 'data');
  const buildId = randomUUID();
  const space = { sizeBytes: MIB, files: 64 };
  const { source } = await under.sandbox.openWork({ buildId, pid: shell.pid ?? 0, limits: LIMITS, ...space });
  shell.stdin.write(`touch ${source}/file; dd if=/dev/zero of=/dev/null bs=256M count=1; echo $?\n`);
  const [code] = (await once(shell.stdout, 'data')) as [Buffer];
  assert.equal(String(code), '137\n');
  assert.deepEqual(await under.sandbox.countWork(buildId), { oomKills: 1, pidsMaxEvents: 0, isDiskLow: false });
  assert.ok(existsSync(`${source}/file`));
  const ended = once(shell, 'close');
  await under.sandbox.cleanUp(buildId);
  await ended;
  assert.deepEqual(under.leftovers(), []);
});

test('a busy build gets only its share of the processor, and can be cancelled', async () => {
  const cancellation = new AbortController();
  const busy = under.build(
    { Dockerfile: 'FROM busybox\nRUN while true; do :; done\n' },
    { limits: { ...LIMITS, cpus: 0.5 } },
    cancellation.signal,
  );
  const throttled = (): number =>
    Math.max(0, ...globSync('/sys/fs/cgroup/slipway/*/*/limit/cpu.stat').map((file) => throttledIn(file)));
  for (let attempt = 0; throttled() < 20 && attempt < 600; attempt += 1) await sleep(500);
  const times = throttled();
  cancellation.abort();
  assert.equal((await busy).outcome.reason, 'cancelled');
  assert.ok(times >= 20, `throttled ${times} times`);
  assert.deepEqual(under.leftovers(), []);
});

function throttledIn(file: string): number {
  return Number(/^nr_throttled (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1]);
}
