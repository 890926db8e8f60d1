import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../folder/make-folder.ts';
import type { BuildLimits } from '../protocol/build-limits.ts';
import type { LimitCounters } from '../protocol/reply.ts';
import { type CgroupRoots, listProcesses, makeCgroup, readCounters, removeCgroup } from './cgroup.ts';
import { boxMappings, DISK_OWNER, diskMappings, formatMap } from './id-ranges.ts';
import { runcConfig } from './runc-config.ts';
import type { TakenFolder } from './work-space.ts';

/** What a box starts with, and its resources. Paths are relative to the working folder. */
export interface BoxPlan {
  /** The folder `run/ID`, made by the caller; its `in` is what the box sees as /in. */
  id: string;
  rootfs: string;
  args: string[];
  /** `NAME=value`; added to the environment that every box has, or replacing it. */
  environment?: readonly string[];
  /** The host id of the box's root. Its other ids follow this one (id-ranges.ts). */
  firstId: number;
  /** An ext4 image (store-image.ts). It keeps this name until the box has ended. */
  disk: string;
  network: 'world' | 'none';
  /** Rules for `nft -f`; read when network is `world`. */
  rules: string;
  limits: BuildLimits;
}

/** What a box gets when its build is known, which may be after it has started. */
export interface BoxContents {
  /** Folders of bases (base-limit.ts), which the box gets at /bases/0 and so on. */
  bases: readonly string[];
  /**
   * Folders outside the working folder, which the box gets below /in. The folder that each is mounted on must exist
   * already.
   */
  inputs?: readonly TakenFolder[];
  /** Secrets by id; never written to a disk. */
  secrets?: Record<string, string>;
}

/** How a box ended. */
export interface BoxEnd {
  exitCode: number | null;
  signal: string | null;
  /** Lines of descriptor 3: boxinit.sh's and the inner script's, in order. */
  events: string[];
  counters: LimitCounters;
  /** Errors of the set-up; they explain why a box did not start. */
  complaints: string;
}

/** A running box: its output, and a promise that settles when it ends. */
export interface Box {
  output: Readable;
  pid: number | undefined;
  /** Called once: what the box runs waits for it. */
  give(contents: BoxContents): void;
  kill(): void;
  end: Promise<BoxEnd>;
}

const BOX_ENVIRONMENT = [
  'PATH=/usr/bin:/bin',
  'HOME=/tmp',
  'TMPDIR=/var/tmp',
  'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
];

const LARGEST_EVENTS_BYTES = 4096;

// Enters its groups first, so that a search for the processes of a dead sandbox finds all of them there.
const ENTER = 'for group in $1; do echo 0 >"$group/cgroup.procs" || exit 125; done; shift; exec "$@"';

/**
 * Starts a sandbox. All of it dies with this process, with `kill`, or with any of its parts. `end` settles when none of
 * its processes, mounts, loop devices and control groups is left. The caller must read the output to its end, or
 * destroy it, before `end` can settle.
 */
export function startBox(roots: CgroupRoots, cgroupPrefix: string, plan: BoxPlan): Box {
  const folder = `run/${plan.id}`;
  const cgroup = `${cgroupPrefix}/${plan.id}`;
  makeFolder(`${folder}/in`);
  writeFileSync(`${folder}/rules.nft`, plan.rules);
  const groups = makeCgroup(roots, cgroup, plan.limits);
  const config = runcConfig({
    args: plan.args,
    env: [...BOX_ENVIRONMENT, ...(plan.environment ?? [])],
    cgroupPath: `/${cgroup}/limit/box`,
    firstId: plan.firstId,
    tcpBytes: groups.tcpBytes,
  });
  writeFileSync(`${folder}/config.json`, JSON.stringify(config));

  const unshare = 'unshare --mount --pid --fork --kill-child --mount-proc --propagation private --'.split(' ');
  const init = [join(import.meta.dirname, 'boxinit.sh'), folder, plan.rootfs, plan.disk, plan.network];
  const child = spawn(
    'sh',
    [
      '-c',
      ENTER,
      'enter',
      groups.outer.join(' '),
      'setpriv',
      '--pdeathsig',
      'KILL',
      '--',
      'sh',
      join(import.meta.dirname, 'unconfined.sh'),
      ...unshare,
      'sh',
      ...init,
    ],
    {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe', 'pipe'],
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        BESIDE_GROUPS: groups.beside.join(' '),
        BOX_ID: `${plan.firstId}`,
        DISK_ID: `${DISK_OWNER}`,
        BOX_MAP: formatMap(boxMappings(plan.firstId)),
        DISK_MAP: formatMap(diskMappings(plan.firstId)),
      },
    },
  ) as ChildProcessByStdio<null, Readable, null>;
  const pipe = child.stdio[4] as unknown as Duplex;
  // If the box died before it read all, `end` reports that.
  pipe.on('error', () => pipe.destroy());
  child.once('exit', () => pipe.destroy());
  const bases: string[] = [];
  return {
    output: child.stdout,
    pid: child.pid,
    give: (contents) => {
      bases.push(...contents.bases);
      for (const base of bases) basesMounted.set(base, (basesMounted.get(base) ?? 0) + 1);
      pipe.end(contentLines(contents));
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    end: endOf(child, roots, cgroup, plan, bases),
  };
}

/** The lines that boxinit.sh reads. Secrets go through its pipe, because every user of the machine can see arguments. */
function contentLines({ bases, inputs = [], secrets = {} }: BoxContents): string {
  const lines = [
    ...inputs.map(({ name, path }) => `input ${name} ${path}`),
    ...bases.map((base) => `base ${base}`),
    ...Object.entries(secrets).map(([id, text]) => `secret ${id} ${Buffer.from(text).toString('base64')}`),
  ];
  return [...lines, 'go', ''].join('\n');
}

async function endOf(
  child: ChildProcessByStdio<null, Readable, null>,
  roots: CgroupRoots,
  cgroup: string,
  plan: BoxPlan,
  bases: readonly string[],
): Promise<BoxEnd> {
  const events = readEvents(child.stdio[3] as unknown as Duplex);
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await processesGone(roots, cgroup);
  const counters = readCounters(roots, cgroup);
  await removeCgroup(roots, cgroup);
  await loopReleased(plan.disk);
  await releaseBases(bases);
  return { exitCode, signal, events: await events, counters, complaints: readComplaints(`run/${plan.id}`) };
}

function readComplaints(folder: string): string {
  const read = (name: string): string =>
    existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, 'utf8') : '';
  const fromRunc = read('runc.log')
    .split('\n')
    .filter((line) => line.includes('level=error'));
  return [read('setup.log').trim(), ...fromRunc.slice(0, 3)]
    .filter((line) => line !== '')
    .join('; ')
    .slice(0, 2000);
}

/** Read the counters after the last process has ended and before the groups are removed. */
async function processesGone(roots: CgroupRoots, cgroup: string): Promise<void> {
  for (let attempt = 0; listProcesses(roots, cgroup).length > 0 && attempt < 400; attempt += 1) await sleep(5);
}

/**
 * The kernel frees a loop device a moment after the last process of its mount namespace has ended. Two devices on one
 * image would corrupt it.
 */
async function loopReleased(image: string, isTaken: () => boolean = () => false): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    // Node caches process.cwd(), but a parent folder may have been renamed since.
    if (isTaken() || !listLoopFiles().includes(join(realpathSync.native('.'), image))) return;
    await sleep(attempt < 100 ? 5 : 20);
  }
  throw new Error(`the loop device of ${image} stays`);
}

// How many boxes have each base mounted: mount(8) lets them share one loop device.
const basesMounted = new Map<string, number>();

async function releaseBases(bases: readonly string[]): Promise<void> {
  for (const base of bases) {
    const others = (basesMounted.get(base) ?? 1) - 1;
    basesMounted.set(base, others);
    if (others > 0) continue;
    basesMounted.delete(base);
    // Another box may begin to use it during this wait.
    await loopReleased(`${base}/store.img`, () => basesMounted.has(base));
  }
}

/** The files behind the machine's loop devices, as the kernel lists them. */
export function listLoopFiles(): string[] {
  return readdirSync('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .flatMap((name) => {
      try {
        return [readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim()];
      } catch {
        // No file is attached to this device.
        return [];
      }
    });
}

/** A compromised box may write anything here, so only the first 4 KiB are kept. */
async function readEvents(stream: Duplex): Promise<string[]> {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    if (text.length < LARGEST_EVENTS_BYTES)
      text += chunk.toString('latin1').slice(0, LARGEST_EVENTS_BYTES - text.length);
  });
  stream.on('error', () => stream.destroy());
  if (!stream.closed) await once(stream, 'close');
  return text.split('\n').filter((line) => line !== '');
}
