import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCode } from '../folder/error-code.ts';
import { makeFolder } from '../folder/make-folder.ts';
import type { BuildLimits } from '../protocol/build-limits.ts';
import type { LimitCounters } from '../protocol/reply.ts';

/**
 * A sandbox's control groups. PREFIX/ID/outer holds boxinit and runc. PREFIX/ID/limit carries the limits and has two
 * groups below it: `box`, the box's own, and `beside`, for what works for the box under its limits: slirp4netns, and
 * whatever cleans or copies the disk's files. The box sees only its own group, read-only, so it can neither raise a
 * limit above it nor reach its siblings. On v1 the same tree is made in each hierarchy that is needed; on v2 in the
 * only one (`npm run soak -- cgroup-v2` tries it on a kernel that has v2 alone).
 */
export interface CgroupRoots {
  version: 1 | 2;
  needed: string[];
  all: string[];
}

/** The limits of a group. */
export type GroupLimits = Pick<BuildLimits, 'memoryBytes' | 'cpus' | 'pids'>;

const NEEDED_CONTROLLERS = ['memory', 'pids', 'cpu'];

/**
 * Where the hierarchies are mounted, according to the machine's mount table. Throws with the name of a missing
 * controller.
 */
export function findCgroupRoots(table = readFileSync('/proc/self/mounts', 'utf8')): CgroupRoots {
  const mounts = table.split('\n').map((line) => line.split(' '));
  const v1 = mounts.filter((fields) => fields[2] === 'cgroup');
  const v2 = mounts.filter((fields) => fields[2] === 'cgroup2').map((fields) => fields[1] ?? '');
  const named = (controller: string): string | undefined =>
    v1.find((fields) => fields[3]?.split(',').includes(controller))?.[1];
  const unified = v2[0];
  if (v1.length === 0 && unified !== undefined) {
    const present = readFileSync(join(unified, 'cgroup.controllers'), 'utf8').trim().split(' ');
    const missing = NEEDED_CONTROLLERS.find((name) => !present.includes(name));
    if (missing !== undefined) throw new Error(`the cgroup v2 controller ${missing} is not enabled`);
    return { version: 2, needed: [unified], all: [unified] };
  }
  const needed = NEEDED_CONTROLLERS.map((controller) => {
    const root = named(controller);
    if (root === undefined) throw new Error(`no cgroup hierarchy has the controller ${controller}`);
    return root;
  });
  const all = [...v1.map((fields) => fields[1] ?? ''), ...v2];
  return { version: 1, needed: [...new Set(needed)], all };
}

/**
 * The groups that boxinit enters itself, those for its work under the box's limits, and the limit of the box's TCP
 * memory if the kernel has a separate one.
 */
export interface MadeGroups {
  outer: string[];
  beside: string[];
  tcpBytes: number | undefined;
}

// v2 counts the kernel's TCP memory as memory of the group. v1 has a separate limit, which applies from the first group
// that sets one. The value is what a build of 512 MiB may lend to its connections; a build with less memory lends less.
const TCP_SHARE = 1 / 8;
const MOST_TCP_BYTES = 64 * 2 ** 20;
const TCP_LIMIT = 'memory.kmem.tcp.limit_in_bytes';

/** Creates the groups of `path` (PREFIX/ID) and writes the limits. */
export function makeCgroup(roots: CgroupRoots, path: string, limits: GroupLimits): MadeGroups {
  for (const root of roots.needed) makePath(roots, root, `${path}/outer`);
  makeLimitedGroup(roots, `${path}/limit`, limits);
  for (const root of roots.needed) makePath(roots, root, `${path}/limit/beside`);
  return {
    outer: roots.needed.map((root) => join(root, path, 'outer')),
    beside: roots.needed.map((root) => join(root, path, 'limit/beside')),
    tcpBytes: limitTcp(roots, `${path}/limit/beside`, limits),
  };
}

/** Creates the single group `path` with limits of its own. */
export function makeLimitedGroup(roots: CgroupRoots, path: string, limits: GroupLimits): void {
  for (const root of roots.needed) makePath(roots, root, path);
  const write = (name: string, text: string): void => {
    const controller = name.slice(0, name.indexOf('.'));
    const root =
      roots.version === 2 ? roots.needed[0] : roots.needed.find((each) => existsSync(join(each, path, name)));
    if (root === undefined) throw new Error(`the kernel has no ${name} (controller ${controller})`);
    writeFileSync(join(root, path, name), text);
  };
  if (roots.version === 2) {
    write('memory.max', `${limits.memoryBytes}`);
    writeIfThere(join(roots.needed[0] ?? '', path, 'memory.swap.max'), '0');
    write('pids.max', `${limits.pids}`);
    write('cpu.max', `${Math.round(limits.cpus * 100_000)} 100000`);
  } else {
    write('memory.limit_in_bytes', `${limits.memoryBytes}`);
    for (const root of roots.needed)
      writeIfThere(join(root, path, 'memory.memsw.limit_in_bytes'), `${limits.memoryBytes}`);
    write('pids.max', `${limits.pids}`);
    write('cpu.cfs_period_us', '100000');
    write('cpu.cfs_quota_us', `${Math.max(1000, Math.round(limits.cpus * 100_000))}`);
  }
  limitTcp(roots, path, limits);
}

/** Returns the limit, or undefined if the kernel has no separate one. */
function limitTcp(roots: CgroupRoots, path: string, limits: GroupLimits): number | undefined {
  const tcpBytes = Math.min(MOST_TCP_BYTES, Math.floor(limits.memoryBytes * TCP_SHARE));
  const files = roots.needed.map((root) => join(root, path, TCP_LIMIT)).filter((file) => existsSync(file));
  for (const file of files) writeFileSync(file, `${tcpBytes}`);
  return files.length > 0 ? tcpBytes : undefined;
}

/** Moves a process into the group `path`; processes that it starts later are in the group too. */
export function enterGroup(roots: CgroupRoots, path: string, pid: number): void {
  for (const root of roots.needed) writeFileSync(join(root, path, 'cgroup.procs'), `${pid}`);
}

/**
 * Reads the counters of a box that has ended but whose group still exists. A group that was never made has counted
 * nothing.
 */
export function readCounters(roots: CgroupRoots, path: string): LimitCounters {
  // v1 counts only in the group of the killed process. v2 counts in the group whose limit was hit, from some kernel
  // version on.
  const groups = ['', 'limit', 'limit/box', 'limit/beside'];
  const most = (file: string, key: string): number =>
    Math.max(
      0,
      ...roots.needed.flatMap((root) => groups.map((group) => readCounter(join(root, path, group, file), key))),
    );
  const oomFile = roots.version === 2 ? 'memory.events' : 'memory.oom_control';
  return { oomKills: most(oomFile, 'oom_kill'), pidsMaxEvents: most('pids.events', 'max') };
}

/** Every process in any group below `path`, in any hierarchy. */
export function listProcesses(roots: CgroupRoots, path: string): number[] {
  const pids = new Set<number>();
  for (const root of roots.all) {
    for (const group of listGroups(join(root, path))) {
      for (const line of readIfThere(join(group, 'cgroup.procs')).split('\n')) if (line !== '') pids.add(Number(line));
    }
  }
  return [...pids];
}

/**
 * Ends the processes below `path` and removes its groups in every hierarchy. Throws if a process does not end or a
 * group cannot be removed within ten seconds.
 */
export async function removeCgroup(roots: CgroupRoots, path: string): Promise<void> {
  let problem: unknown;
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const pids = listProcesses(roots, path);
    for (const pid of pids) killIfThere(pid);
    if (pids.length === 0) {
      problem = removeGroups(roots, path);
      if (problem === undefined) return;
    }
    await sleep(attempt < 20 ? 5 : 20);
  }
  throw new Error(`control groups of ${path} could not be removed`, {
    cause: problem ?? new Error('processes do not end'),
  });
}

/** The ids that have groups below the prefix, in any hierarchy. */
export function listCgroupIds(roots: CgroupRoots, prefix: string): string[] {
  return [...new Set(roots.all.flatMap((root) => childGroups(join(root, prefix))))];
}

/** Removes the prefix's own groups, which are empty by then. If something else uses the parent, it stays. */
export function removePrefix(roots: CgroupRoots, prefix: string): void {
  const parts = prefix.split('/').filter((part) => part !== '');
  for (const root of roots.all) {
    for (let depth = parts.length; depth > 0; depth -= 1) {
      const group = join(root, ...parts.slice(0, depth));
      if (!existsSync(group) || childGroups(group).length > 0) continue;
      if (removeGroup(group) !== undefined) break;
    }
  }
}

function makePath(roots: CgroupRoots, root: string, path: string): void {
  let group = root;
  for (const part of path.split('/').filter((each) => each !== '')) {
    if (roots.version === 2) {
      writeFileSync(join(group, 'cgroup.subtree_control'), NEEDED_CONTROLLERS.map((name) => `+${name}`).join(' '));
    }
    group = join(group, part);
    makeFolder(group);
  }
}

function removeGroups(roots: CgroupRoots, path: string): unknown {
  for (const root of roots.all) {
    for (const group of listGroups(join(root, path)).reverse()) {
      const problem = removeGroup(group);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function removeGroup(group: string): unknown {
  try {
    rmdirSync(group);
    return undefined;
  } catch (error) {
    return isCode(error, 'ENOENT') ? undefined : error;
  }
}

/** The group and all groups below it, parents first; empty if it does not exist. */
function listGroups(group: string): string[] {
  if (!existsSync(group)) return [];
  return [group, ...childGroups(group).flatMap((child) => listGroups(join(group, child)))];
}

function childGroups(group: string): string[] {
  try {
    return readdirSync(group, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function readCounter(file: string, key: string): number {
  const line = readIfThere(file)
    .split('\n')
    .find((each) => each.startsWith(`${key} `));
  return line === undefined ? 0 : Number(line.slice(key.length + 1));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // A group may go away between listing and reading; ENODEV if its file is open then.
    if (isCode(error, 'ENOENT') || isCode(error, 'ENODEV')) return '';
    throw error;
  }
}

function writeIfThere(file: string, text: string): void {
  if (existsSync(file)) writeFileSync(file, text);
}

/** Kills a process. False if it has ended meanwhile. */
export function killIfThere(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
    throw error;
  }
}
