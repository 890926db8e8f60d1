import assert from 'node:assert/strict';
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  childOf,
  hasOwnGroups,
  listSandboxProcesses,
  plainBuild,
  runToEnd,
  type SandboxUnderTest,
  skipReason,
  startSandboxUnderTest,
  TEST_OWNER,
  waitForNothingLeft,
  writeContext,
} from '../testing/sandbox.ts';

const run = promisify(execFile);
const LIMITS = { memoryBytes: 64 * 2 ** 20, cpus: 1, pids: 64 };
const NOTHING = { oomKills: 0, pidsMaxEvents: 0, isDiskLow: false };
const asOwner = ['--reuid', `${TEST_OWNER.uid}`, '--regid', `${TEST_OWNER.gid}`, '--clear-groups'];

type Shell = ChildProcessByStdio<Writable, Readable, null>;
const shells: Shell[] = [];

/** Begins the work of a new build, with a shell of the owner's in it. */
async function open({ sandbox }: SandboxUnderTest, more: { limits?: typeof LIMITS; sizeBytes?: number } = {}) {
  const buildId = randomUUID();
  const shell = spawn('setpriv', [...asOwner, 'sh'], { stdio: ['pipe', 'pipe', 'ignore'] });
  shells.push(shell);
  shell.stdin.write('echo there\n');
  await once(shell.stdout, 'data');
  const pid = shell.pid ?? 0;
  const { source } = await sandbox.openWork({ buildId, pid, limits: LIMITS, sizeBytes: 2 ** 20, files: 64, ...more });
  return { buildId, shell, source, pid };
}

/** Runs a script in such a shell and returns its output. */
async function print(shell: Shell, script: string): Promise<string> {
  shell.stdin.write(`{ ${script}; } 2>&1 | tr '\\n' ' '; echo\n`);
  let text = '';
  while (!text.endsWith('\n')) text += String(await once(shell.stdout, 'data'));
  return text.trim();
}

after(() => {
  for (const shell of shells) shell.kill('SIGKILL');
});

describe('work outside the box', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('ends at the limits of bytes and files of its space, as its owner, and takes no more of the disk', async () => {
    const { buildId, shell, source } = await open(under);
    assert.deepEqual([statSync(source).uid, statSync(source).mode & 0o777], [TEST_OWNER.uid, 0o700]);
    assert.match(await print(shell, `cat /dev/zero >${source}/endless`), /No space left on device/);
    const image = join(under.dataFolder, 'sandbox', 'spaces', buildId, 'source.img');
    assert.ok(statSync(image).blocks * 512 < 40 * 2 ** 20);
    assert.match(
      await print(shell, `rm ${source}/endless; i=0; while : >${source}/$i; do i=$((i + 1)); done`),
      /No space left on device/,
    );
    assert.equal(statfsSync(source).ffree, 0);
    await under.sandbox.cleanUp(buildId);
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
  });

  test('runs in a control group of the build, which ends and counts programs that need more memory while others continue', async () => {
    const [hostile, neighbour] = [await open(under), await open(under)];
    const groups = readFileSync(`/proc/${hostile.pid}/cgroup`, 'utf8');
    assert.match(groups, new RegExp(`slipway/[0-9a-f]{16}/${hostile.buildId}-work$`, 'm'));
    await print(hostile.shell, `dd if=/dev/zero of=/dev/null bs=256M count=1`);
    assert.deepEqual(await under.sandbox.countWork(hostile.buildId), { ...NOTHING, oomKills: 1 });
    assert.deepEqual(await under.sandbox.countWork(neighbour.buildId), NOTHING);
    assert.equal(await print(neighbour.shell, 'echo goes on'), 'goes on');
    for (const { buildId } of [hostile, neighbour]) await under.sandbox.cleanUp(buildId);
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
  });

  test('accepts only the owner’s processes', async () => {
    const request = { buildId: randomUUID(), pid: process.pid, limits: LIMITS, sizeBytes: 2 ** 20, files: 64 };
    await assert.rejects(under.sandbox.openWork(request), { code: 'no-process' });
    await under.sandbox.cleanUp(request.buildId);
  });

  test('hands its source to a box, which keeps no other build’s space mounted', async () => {
    const [building, other] = [await open(under), await open(under)];
    const Dockerfile = 'FROM busybox\nCOPY f /\nRUN cat /f; sleep 600\n';
    writeContext(join(building.source, 'context'), { Dockerfile, f: 'from the space\n' });
    await run('chown', ['-R', `${TEST_OWNER.uid}`, join(building.source, 'context')]);
    mkdirSync(join(under.dataFolder, 'work', building.buildId));
    const stop = new AbortController();
    const built = runToEnd(under.sandbox, { ...plainBuild(under.base), buildId: building.buildId }, stop.signal);
    while (!listSandboxProcesses(under.dataFolder).some(({ command }) => command.includes('sleep 600')))
      await sleep(20);
    await under.sandbox.cleanUp(other.buildId);
    assert.ok(!(await run('losetup', ['-O', 'BACK-FILE'])).stdout.includes(other.buildId));
    stop.abort();
    const { outcome, output } = await built;
    assert.equal(outcome.reason, 'cancelled', output);
    assert.match(output, /from the space/);
    assert.ok(!existsSync(join(building.source, 'context')));
    await under.sandbox.cleanUp(building.buildId);
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
  });

  test('cannot hand over a link instead of a folder', async () => {
    const { buildId, shell, source } = await open(under);
    await print(shell, `ln -s /etc ${source}/context`);
    await assert.rejects(runToEnd(under.sandbox, { ...plainBuild(under.base), buildId }), { code: 'no-input' });
    await under.sandbox.cleanUp(buildId);
  });

  test('survives a killed helper, and the next helper’s clean-up leaves nothing', async () => {
    const { buildId, shell, source } = await open(under);
    process.kill(childOf(under.helper.child.pid) ?? 0, 'SIGKILL');
    while (
      !(await under.sandbox.countWork(buildId).then(
        () => true,
        () => false,
      ))
    )
      await sleep(50);
    writeFileSync(join(source, 'file'), '');
    assert.equal(await print(shell, 'echo goes on'), 'goes on');
    shell.kill('SIGKILL');
    await under.sandbox.cleanUp(buildId);
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
  });

  test('is removed with the helper, whatever still runs in it', async () => {
    const { shell, source } = await open(under);
    const ended = once(shell, 'close');
    await under.helper.close();
    await ended;
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
    assert.equal(existsSync(dirname(dirname(dirname(source)))), false);
    assert.equal(hasOwnGroups(under.dataFolder), false);
  });
});

test('ends what wrote most when the disk is nearly full, and lets the other go on', {
  skip: skipReason,
}, async (t) => {
  const disk = mkdtempSync(join(tmpdir(), 'slipway-small-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=1200m,mode=755', 'small', disk]);
  t.after(async () => {
    await run('umount', [disk]);
    rmdirSync(disk);
  });
  const folder = join(disk, 'data');
  mkdirSync(folder);
  const under = await startSandboxUnderTest({}, folder);
  try {
    // This disk is in memory, which has a limit too.
    const wide = { limits: { ...LIMITS, memoryBytes: 2 ** 30 }, sizeBytes: 2 ** 30 };
    const [hostile, neighbour] = [await open(under, wide), await open(under, wide)];
    const ended = once(hostile.shell, 'close');
    hostile.shell.stdin.write(`cat /dev/zero >${hostile.source}/endless\n`);
    await ended;
    assert.deepEqual(await under.sandbox.countWork(hostile.buildId), { ...NOTHING, isDiskLow: true });
    assert.deepEqual(await under.sandbox.countWork(neighbour.buildId), NOTHING);
    assert.equal(await print(neighbour.shell, 'echo goes on'), 'goes on');
    for (const { buildId } of [hostile, neighbour]) await under.sandbox.cleanUp(buildId);
    assert.deepEqual(await waitForNothingLeft(folder), []);
  } finally {
    await under.close();
  }
});
