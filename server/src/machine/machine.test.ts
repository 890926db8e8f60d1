import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BuildLoad, findingsOf, type Machine } from './machine.ts';
import { machineReader } from './read-machine.ts';

const GIB = 2 ** 30;
const LOAD: BuildLoad = { concurrentBuilds: 2, memoryBytesEach: 2 * GIB };
const GOOD: Machine = {
  host: { name: 'builder', processors: 2 },
  versions: { slipway: '1', node: 'v24.0.0', git: '2.39', builder: 'forky', kernel: '6.1', system: 'Debian' },
  limits: {
    openFiles: 65_536,
    processes: Number.POSITIVE_INFINITY,
    inotifyWatches: 65_536,
    inotifyInstances: 128,
    memoryBytes: 8 * GIB,
    availableMemoryBytes: 4 * GIB,
    cgroupMemoryBytes: undefined,
    cgroupProcesses: undefined,
  },
  disk: { sizeBytes: 100 * GIB, freeBytes: 50 * GIB, inodes: 1000, freeInodes: 500 },
  clock: { timeMs: 1, isSynchronized: true },
};

const CASES: [name: string, change: Partial<Machine>, what: RegExp, fix: RegExp][] = [
  ['few open files', { limits: { ...GOOD.limits, openFiles: 1024 } }, /open only 1024 files/, /LimitNOFILE=65536/],
  ['few processes', { limits: { ...GOOD.limits, processes: 100 } }, /only 100 processes/, /LimitNPROC/],
  ['a small group', { limits: { ...GOOD.limits, cgroupProcesses: 99 } }, /group may have only 99/, /TasksMax/],
  [
    'little memory',
    { limits: { ...GOOD.limits, memoryBytes: 4 * GIB } },
    /2 builds may use 4608 MiB/,
    /concurrent-builds/,
  ],
  ['a tight group', { limits: { ...GOOD.limits, cgroupMemoryBytes: GIB / 4 } }, /only 256 MiB/, /MemoryMax=512M/],
  ['a full disk', { disk: { ...GOOD.disk, freeBytes: GIB } }, /1024 MiB of 102400 MiB are free/, /slipway prune/],
  ['few inodes', { disk: { ...GOOD.disk, freeInodes: 9 } }, /only 9 of 1000 inodes/, /more inodes/],
  ['a loose clock', { clock: { timeMs: 1, isSynchronized: false } }, /the clock/, /timedatectl/],
  ['no git', { versions: { ...GOOD.versions, git: undefined } }, /git cannot be run/, /apt-get install git/],
];

test('each shortcoming of a machine is found with its fix, and a good machine has none', () => {
  assert.deepEqual(findingsOf(GOOD, LOAD), []);
  for (const [name, change, what, fix] of CASES) {
    const found = findingsOf({ ...GOOD, ...change }, LOAD);
    assert.equal(found.length, 1, `${name}: ${JSON.stringify(found)}`);
    assert.match(found[0]?.what ?? '', what, name);
    assert.match(found[0]?.fix ?? '', fix, name);
  }
});

test('what could not be found out is no finding, and a file system that makes inodes as needed has enough', () => {
  const unknown = { openFiles: undefined, processes: undefined };
  const disk = { ...GOOD.disk, inodes: 0, freeInodes: 0 };
  const clock = { timeMs: 1, isSynchronized: undefined };
  assert.deepEqual(findingsOf({ ...GOOD, limits: { ...GOOD.limits, ...unknown }, disk, clock }, LOAD), []);
});

test('a server that takes no builds needs neither their memory nor git', () => {
  const limits = { ...GOOD.limits, memoryBytes: GIB };
  assert.deepEqual(findingsOf({ ...GOOD, limits, versions: { ...GOOD.versions, git: undefined } }, undefined), []);
});

test('the machine of this test is read: versions, limits and disk', async () => {
  const { versions, limits, disk, clock } = await machineReader({
    folder: import.meta.dirname,
    version: '1.2.3',
    now: () => 7,
  })();
  assert.deepEqual([versions.slipway, versions.node], ['1.2.3', process.version]);
  assert.match(versions.kernel, /^\d+\.\d+/);
  assert.match(versions.git ?? '', /^\d+\.\d+/);
  assert.ok((limits.openFiles ?? 0) > 0 && (limits.processes ?? 0) > 0 && (limits.inotifyWatches ?? 0) > 0);
  assert.ok(limits.memoryBytes > (limits.availableMemoryBytes ?? Number.NaN));
  assert.ok(disk.sizeBytes > disk.freeBytes);
  assert.equal(clock.timeMs, 7);
});

test('however often a machine is looked at, programs are run once a minute; the time is always that of the look', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-machine-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const runs = join(folder, 'runs');
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho run >> '${runs}'\necho git version 9.8\n`, { mode: 0o755 });
  let nowMs = 1_000;
  const look = machineReader({ folder, version: '1', now: () => nowMs, path: folder });
  await Promise.all([look(), look(), look()]);
  nowMs += 59_999;
  const { versions, clock } = await look();
  assert.deepEqual([versions.git, clock.timeMs, clock.isSynchronized], ['9.8', 60_999, undefined]);
  assert.equal(readFileSync(runs, 'utf8'), 'run\n');
  nowMs += 1;
  await look();
  assert.equal(readFileSync(runs, 'utf8'), 'run\nrun\n');
});
