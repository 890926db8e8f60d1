import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { release, totalmem } from 'node:os';
import { findBuilderRoot, readBuilderRoot } from '#sandbox/builder/builder-root.ts';
import { diskOf } from '#space/space.ts';
import type { Machine, MachineLimits } from './machine.ts';

const PROGRAM_MS = 5000;
const KIBIBYTE = 1024;
/** The parts of the builder that decide how a Dockerfile is built. */
const ENGINE = /^(docker\.io|buildkit|containerd|crun|runc)$/;
/** What control groups of version 1 have for no limit; in version 2 it is `max`. */
const NO_LIMIT_BYTES = 2 ** 60;

/** Reads what the server's user can see of its machine; `folder` is on the disk of the data folder. */
export async function readMachine(means: { folder: string; version: string; now(): number }): Promise<Machine> {
  const [git, isSynchronized, disk] = await Promise.all([
    outputOf('git', ['--version']),
    outputOf('timedatectl', ['show', '--property=NTPSynchronized', '--value']),
    diskOf(means.folder),
  ]);
  return {
    versions: {
      slipway: means.version,
      node: process.version,
      git: git?.replace(/^git version /, ''),
      builder: builderVersion(),
      kernel: release(),
      system: /^PRETTY_NAME="?([^"\n]*)/m.exec(textOf('/etc/os-release') ?? '')?.[1],
    },
    limits: readLimits(),
    disk,
    clock: { timeMs: means.now(), isSynchronized: { yes: true, no: false }[isSynchronized ?? ''] },
  };
}

function readLimits(): MachineLimits {
  const own = textOf('/proc/self/limits') ?? '';
  const inotify = (name: string) => numberOf(textOf(`/proc/sys/fs/inotify/${name}`));
  const available = /^MemAvailable: +(\d+) kB/m.exec(textOf('/proc/meminfo') ?? '')?.[1];
  return {
    openFiles: numberOf(/^Max open files +(\S+)/m.exec(own)?.[1]),
    processes: numberOf(/^Max processes +(\S+)/m.exec(own)?.[1]),
    inotifyWatches: inotify('max_user_watches'),
    inotifyInstances: inotify('max_user_instances'),
    memoryBytes: totalmem(),
    availableMemoryBytes: available === undefined ? undefined : Number(available) * KIBIBYTE,
    cgroupMemoryBytes: cgroupLimit('memory', 'memory.max', 'memory.limit_in_bytes'),
    cgroupProcesses: cgroupLimit('pids', 'pids.max', 'pids.max'),
  };
}

/** The limit of the process's own control group, in either version of them. */
function cgroupLimit(controller: string, file: string, oldFile: string): number | undefined {
  for (const line of (textOf('/proc/self/cgroup') ?? '').trim().split('\n')) {
    const [id = '', names = '', ...path] = line.split(':');
    const isOld = names.split(',').includes(controller);
    if (!isOld && id !== '0') continue;
    const place = `/sys/fs/cgroup${isOld ? `/${controller}` : ''}${path.join(':')}`;
    const limit = numberOf(textOf(`${place}/${isOld ? oldFile : file}`));
    if (limit !== undefined) return limit < NO_LIMIT_BYTES ? limit : undefined;
  }
  return undefined;
}

function builderVersion(): string | undefined {
  const root = findBuilderRoot();
  if (root === undefined) return undefined;
  const { suite, packages } = readBuilderRoot(root);
  const parts = packages.filter(({ name }) => ENGINE.test(name)).map(({ name, version }) => `${name} ${version}`);
  return `Debian ${suite}: ${parts.join(', ')}`;
}

/** Undefined if there is no number; Infinity for none. */
function numberOf(text: string | undefined): number | undefined {
  const word = text?.trim() ?? '';
  if (word === 'unlimited' || word === 'max') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(word) ? Number(word) : undefined;
}

/** A file that this kernel or system may not have. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The first line that a program prints; undefined if the machine does not have it, or if it does not answer. */
function outputOf(program: string, args: string[]): Promise<string | undefined> {
  return new Promise((resolve) =>
    execFile(program, args, { timeout: PROGRAM_MS, env: { PATH: '/usr/bin:/bin' } }, (error, stdout) =>
      resolve(error === null ? stdout.trim().split('\n')[0] : undefined),
    ),
  );
}
