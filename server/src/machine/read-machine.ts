import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, release, totalmem } from 'node:os';
import { text } from 'node:stream/consumers';
import { startProgram } from '@slipway/program';
import { findBuilderRoot, readBuilderRoot } from '#sandbox/builder/builder-root.ts';
import { diskOf } from '#space/space.ts';
import type { Machine, MachineLimits } from './machine.ts';

const PROGRAM_MS = 5000;
const KEEP_MS = 60_000;
const KIBIBYTE = 1024;
/** The parts of the builder that decide how a Dockerfile is built. */
const ENGINE = /^(docker\.io|buildkit|containerd|crun|runc)$/;
/** What control groups of version 1 have for no limit; in version 2 it is `max`. */
const NO_LIMIT_BYTES = 2 ** 60;

export interface MachineMeans {
  /** On the disk of the data folder. */
  folder: string;
  version: string;
  now(): number;
  /** Where programs are looked for. */
  path?: string;
}

interface Printed {
  git: string | undefined;
  isSynchronized: string | undefined;
}

/**
 * Returns a function that reads what the server's user can see of its machine. However often it is called, programs are run once
 * a minute.
 */
export function machineReader(means: MachineMeans): () => Promise<Machine> {
  const { now, path = '/usr/bin:/bin' } = means;
  let last: { timeMs: number; printed: Promise<Printed> } | undefined;
  return () => {
    const timeMs = now();
    if (last === undefined || Math.abs(timeMs - last.timeMs) >= KEEP_MS) last = { timeMs, printed: runPrograms(path) };
    return readMachine(means, last.printed);
  };
}

async function runPrograms(path: string): Promise<Printed> {
  const [git, isSynchronized] = await Promise.all([
    firstLineOf('git', ['--version'], path),
    firstLineOf('timedatectl', ['show', '--property=NTPSynchronized', '--value'], path),
  ]);
  return { git, isSynchronized };
}

async function readMachine(means: MachineMeans, printed: Promise<Printed>): Promise<Machine> {
  const [{ git, isSynchronized }, disk] = await Promise.all([printed, diskOf(means.folder)]);
  return {
    host: { name: hostname(), processors: availableParallelism() },
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
async function firstLineOf(command: string, args: string[], path: string): Promise<string | undefined> {
  try {
    const program = await startProgram({ command, args, environment: { PATH: path } });
    program.stdin.end();
    program.stderr.resume();
    const late = setTimeout(() => program.kill(), PROGRAM_MS);
    const [printed, code] = await Promise.all([text(program.stdout), program.closed]).finally(() => clearTimeout(late));
    return code === 0 ? printed.trim().split('\n')[0] : undefined;
  } catch {
    return undefined;
  }
}
