import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Everything on this machine that still belongs to a build: processes, mounts, loop devices, cgroups, namespaces,
 * folders. It never blocks the event loop for long: a client that misses the server closing an idle connection would
 * use it again.
 */
export async function findLeftovers(dataFolder: string, buildId: string): Promise<string[]> {
  const loopDevices = await run('losetup', ['--list', '--noheadings', '--output', 'BACK-FILE']);
  const networks = await run('ip', ['netns', 'list']);
  return [
    ...processes()
      .filter(({ cmdline }) => cmdline.includes(buildId))
      .map(({ pid, cmdline }) => `process ${pid}: ${cmdline}`),
    ...readFileSync('/proc/1/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes(buildId) || line.includes(dataFolder))
      .map((line) => `mount ${line}`),
    ...loopDevices.stdout
      .split('\n')
      .filter((file) => file.includes(dataFolder))
      .map((file) => `loop device on ${file}`),
    ...groupsOf(buildId).map((folder) => `cgroup ${folder}`),
    ...networks.stdout
      .split('\n')
      .filter((line) => line.includes(buildId))
      .map((line) => `network namespace ${line}`),
    ...['work', 'sandbox/run', 'sandbox/out', 'sandbox/tmp', 'sandbox/spaces']
      .map((place) => join(dataFolder, place))
      .concat(childrenOf('/run/slipway-work').map((name) => join('/run/slipway-work', name)))
      .filter((place) => existsSync(place))
      .flatMap((place) =>
        readdirSync(place)
          .filter((name) => name.includes(buildId))
          .map((name) => `folder ${join(place, name)}`),
      ),
  ];
}

/** Every process and its command line. */
export function processes(): { pid: number; cmdline: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [
          { pid: Number(pid), cmdline: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() },
        ];
      } catch {
        // The process ended after the folder was listed.
        return [];
      }
    });
}

/** Processes of a build by the start of their command line, found through its cgroups. */
export function sandboxProcesses(buildId: string, name: string | RegExp): number[] {
  const pids = groupsOf(buildId)
    .flatMap((group) => readIfThere(join(group, 'cgroup.procs')).split('\n'))
    .filter((pid) => pid !== '' && pid !== '0')
    .map(Number);
  const isNamed = (line: string) => (typeof name === 'string' ? line.startsWith(name) : name.test(line));
  const named = processes().filter(({ cmdline }) => isNamed(cmdline));
  return [...new Set(pids)].filter((pid) => named.some((one) => one.pid === pid));
}

/**
 * The groups of a build and the groups below them, in every hierarchy. Groups of other builds may come and go
 * meanwhile.
 */
function groupsOf(buildId: string, folder = '/sys/fs/cgroup'): string[] {
  return childrenOf(folder).flatMap((name) => {
    const group = join(folder, name);
    return [...(group.includes(buildId) ? [group] : []), ...groupsOf(buildId, group)];
  });
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // It was removed after it was listed.
    return [];
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Its group was removed after it was listed.
    return '';
  }
}
