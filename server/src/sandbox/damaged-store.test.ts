import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  childOf,
  listSandboxProcesses,
  type SandboxUnderTest,
  skipLongReason,
  startSandboxUnderTest,
} from './testing/sandbox.ts';
import { startSleeper, waitForHelper } from './testing/sleeper.ts';

const FILES = { Dockerfile: 'FROM busybox\nCOPY a /a\nRUN cat /a >/made\nCOPY a /b\n', a: 'a\n' };
const next = { ...FILES, Dockerfile: `${FILES.Dockerfile}RUN cat /made\n` };
const CONTAINERD = 'store/docker/containerd/daemon';
const OF_BUILDER = 'the layer cache of the repository seems damaged: it is set aside, and the build starts again';
const OF_DISK = /^the layer cache of the repository starts empty: it was damaged, or in use when the machine stopped$/m;

/** The damage to files in a store, by name. */
const DAMAGES: Record<string, string> = {
  'a database of images is cut short': `truncate -s 5000 ${CONTAINERD}/io.containerd.metadata.v1.bolt/meta.db`,
  'the content of images is gone': `rm -r ${CONTAINERD}/io.containerd.content.v1.content/blobs/sha256/*`,
  'the content of images is another': `for f in ${CONTAINERD}/io.containerd.content.v1.content/blobs/sha256/*; do printf XX | dd of=$f bs=1 seek=20 conv=notrunc; done`,
  'the files of layers are gone': `rm -rf ${CONTAINERD}/io.containerd.snapshotter.v1.overlayfs/snapshots/*`,
};

describe('a damaged layer store', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  async function storeWithLayers(): Promise<{ repositoryId: string; image: string }> {
    const repositoryId = `repository-${randomUUID()}`;
    await under.build(FILES, { repositoryId });
    return { repositoryId, image: join(under.dataFolder, 'sandbox/stores', repositoryId, 'store.img') };
  }

  for (const [what, command] of Object.entries(DAMAGES))
    test(`is set aside, replaced and reported in the log: ${what}`, async () => {
      const { repositoryId, image } = await storeWithLayers();
      inStore(under.dataFolder, image, command);
      const damaged = await under.build(next, { repositoryId });
      assert.equal(damaged.outcome.phase, 'done', damaged.output);
      assert.ok(damaged.output.includes(`${OF_BUILDER}\n`), damaged.output);
      assert.match(damaged.output.slice(damaged.output.indexOf(OF_BUILDER)), /^STEP \d\/\d: RUN cat \/a >\/made$/m);
      const after = await under.build(next, { repositoryId });
      assert.match(after.output, /^CACHED STEP \d\/\d: RUN cat \/made/m);
      assert.ok(!existsSync(`${image}.aside`));
    });

  test('is replaced if its file system is damaged: the superblock, the inodes, its end', async () => {
    const { repositoryId, image } = await storeWithLayers();
    const write = (...args: string[]) =>
      execFileSync('dd', ['if=/dev/urandom', `of=${image}`, 'conv=notrunc', ...args], { stdio: 'ignore' });
    write('bs=1024', 'seek=1', 'count=1');
    const other = await under.build(next, { repositoryId });
    assert.equal(other.outcome.phase, 'done', other.output);
    assert.match(other.output, OF_DISK);

    const groups = execFileSync('dumpe2fs', [image], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    for (const [, block] of groups.matchAll(/Inode table at (\d+)-/g)) write('bs=4096', `seek=${block}`, 'count=40');
    const { outcome, output } = await under.build(next, { repositoryId });
    assert.equal(outcome.phase, 'done', output);
    assert.ok(output.includes(OF_BUILDER), output);

    truncateSync(image, 100 * 2 ** 20);
    assert.equal((await under.build(next, { repositoryId })).outcome.phase, 'done');
    assert.match((await under.build(next, { repositoryId })).output, /^CACHED STEP \d\/\d: RUN cat \/made/m);
    assert.deepEqual(under.leftovers(), []);
  });

  test('is restored if the second try was stopped, or the helper died during it', async () => {
    const { repositoryId, image } = await storeWithLayers();
    inStore(under.dataFolder, image, `rm -r ${CONTAINERD}`);
    const before = statSync(image).ino;
    // Only the second try reaches its step.
    const running = await startSleeper(under, { repositoryId });
    assert.ok(existsSync(`${image}.aside`));
    assert.notEqual(statSync(image).ino, before);
    running.cancel();
    assert.equal((await running.end)?.reason, 'cancelled');
    assert.equal(statSync(image).ino, before);
    assert.ok(!existsSync(`${image}.aside`));

    const again = await startSleeper(under, { repositoryId });
    process.kill(childOf(under.helper.child.pid) ?? 0, 'SIGKILL');
    assert.equal(await again.end, undefined);
    await waitForHelper(under);
    assert.ok(existsSync(`${image}.aside`));
    const next = await under.build(FILES, { repositoryId });
    assert.equal(next.outcome.phase, 'done', next.output);
    assert.ok(next.output.includes(`${OF_BUILDER}\n`), next.output);
    assert.ok(!existsSync(`${image}.aside`));
  });

  test('keeps its layers if a build fails twice for another reason', async () => {
    const { repositoryId } = await storeWithLayers();
    const failing = { ...FILES, Dockerfile: `${FILES.Dockerfile}ADD http://127.0.0.1:1/none /none\n` };
    for (const _ of [1, 2]) assert.equal((await under.build(failing, { repositoryId })).outcome.reason, 'exited');
    assert.match((await under.build(FILES, { repositoryId })).output, /^CACHED STEP \d\/\d: COPY a \/b/m);
  });

  test('runs no step again if the builder died in it, and is replaced after the second death in a row', async () => {
    const { repositoryId } = await storeWithLayers();
    for (const isHeld of [true, false]) {
      const running = await startSleeper(under, { repositoryId });
      const daemon = listSandboxProcesses(under.dataFolder).find(({ name }) => name === 'dockerd');
      const { pid } = daemon ?? assert.fail('no daemon runs');
      if (isHeld) await holdForASecond(pid);
      process.kill(pid, 'SIGKILL');
      assert.equal((await running.end)?.reason, 'builder-died');
    }
    const next = await under.build(FILES, { repositoryId });
    assert.equal(next.outcome.phase, 'done', next.output);
    assert.doesNotMatch(next.output, /^CACHED /m);
  });
});

/** As a slow machine does: if the process dies, its connections end at once, but its parent learns of it only then. */
async function holdForASecond(pid: number): Promise<void> {
  const seize = '$| = 1; syscall($ARGV[0], 0x4206, $ARGV[1], 0, 0) == 0 or die $!; print "held"; sleep 1';
  const ptrace = process.arch === 'arm64' ? 117 : 101;
  const holder = spawn('perl', ['-e', `$_ += 0 for @ARGV; ${seize}`, `${ptrace}`, `${pid}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [held] = await once(holder.stdout, 'data');
  assert.equal(String(held), 'held');
}

/** Runs a shell command in the file system of a store. */
function inStore(dataFolder: string, image: string, command: string): void {
  const place = join(dataFolder, 'damaged');
  mkdirSync(place, { recursive: true });
  const script = `mount -o loop "$1" "$2" && cd "$2" && { ${command}; }; cd / && umount "$2"`;
  execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', image, place], {
    stdio: 'ignore',
  });
}
