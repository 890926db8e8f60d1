import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type CgroupRoots,
  enterGroup,
  findCgroupRoots,
  listCgroupIds,
  makeCgroup,
  makeLimitedGroup,
  readCounters,
} from './cgroup.ts';

const LIMITS = { memoryBytes: 64 * 2 ** 20, cpus: 1.5, pids: 100, diskBytes: 0, timeoutMs: 0 };

/** A folder that only looks like a cgroup v2 hierarchy: nothing in it enforces a limit. */
function fakedTree(t: TestContext, controllers = 'cpuset cpu io memory pids'): string {
  const root = mkdtempSync(join(tmpdir(), 'slipway-cgroup2-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'cgroup.controllers'), `${controllers}\n`);
  return root;
}

test('on a faked cgroup v2 tree: sets limits above the box’s own group and passes controllers down to them', (t) => {
  const root = fakedTree(t);
  const roots = findCgroupRoots(`proc /proc proc rw 0 0\ncgroup2 ${root} cgroup2 rw 0 0\n`);
  assert.deepEqual(roots, { version: 2, needed: [root], all: [root] });
  const made = makeCgroup(roots, 'slipway/data/build', LIMITS);
  const build = join(root, 'slipway/data/build');
  assert.deepEqual(made, {
    outer: [join(build, 'outer')],
    beside: [join(build, 'limit/beside')],
    tcpBytes: undefined,
  });
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  for (const group of ['.', 'slipway', 'slipway/data', 'slipway/data/build', 'slipway/data/build/limit'])
    assert.equal(read(`${group}/cgroup.subtree_control`), '+memory +pids +cpu', group);
  const written = ['memory.max', 'pids.max', 'cpu.max'].map((name) => read(`slipway/data/build/limit/${name}`));
  assert.deepEqual(written, ['67108864', '100', '150000 100000']);
  assert.deepEqual(listCgroupIds(roots, 'slipway/data'), ['build']);
});

test('on a faked cgroup v2 tree: gives work outside the box a group with limits of its own, and moves a process into it', (t) => {
  const root = fakedTree(t);
  const roots: CgroupRoots = { version: 2, needed: [root], all: [root] };
  const group = 'slipway/data/build-work';
  makeLimitedGroup(roots, group, LIMITS);
  enterGroup(roots, group, 4321);
  const names = ['memory.max', 'pids.max', 'cpu.max', 'cgroup.procs'];
  const written = names.map((name) => readFileSync(join(root, group, name), 'utf8'));
  assert.deepEqual(written, ['67108864', '100', '150000 100000', '4321']);
  assert.equal(
    existsSync(join(root, group, 'cgroup.subtree_control')),
    false,
    'a group with processes hands nothing down',
  );
});

test('on a faked cgroup v2 tree: keeps a build from swapping, if the kernel can forbid it', (t) => {
  const root = fakedTree(t);
  const file = join(root, 'slipway/data/build/limit/memory.swap.max');
  const make = () => makeCgroup({ version: 2, needed: [root], all: [root] }, 'slipway/data/build', LIMITS);
  make();
  assert.equal(existsSync(file), false, 'a kernel without swap has no such file');
  writeFileSync(file, 'max');
  make();
  assert.equal(readFileSync(file, 'utf8'), '0');
});

test('on a faked cgroup v2 tree: reads the counters of the limit’s group and of the box’s', (t) => {
  const root = fakedTree(t);
  const box = join(root, 'slipway/data/build/limit/box');
  mkdirSync(box, { recursive: true });
  writeFileSync(join(box, '../memory.events'), 'low 0\nmax 7\noom 1\noom_kill 1\n');
  writeFileSync(join(box, 'memory.events'), 'low 0\noom_kill 0\n');
  writeFileSync(join(box, 'pids.events'), 'max 3\n');
  const counters = readCounters({ version: 2, needed: [root], all: [root] }, 'slipway/data/build');
  assert.deepEqual(counters, { oomKills: 1, pidsMaxEvents: 3 });
});

test('on a faked cgroup v2 tree: names a controller that is not enabled', (t) => {
  const root = fakedTree(t, 'cpu io memory');
  assert.throws(() => findCgroupRoots(`cgroup2 ${root} cgroup2 rw 0 0\n`), /cgroup v2 controller pids is not enabled/);
});
