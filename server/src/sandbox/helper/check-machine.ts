import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { findCgroupRoots } from '../box/cgroup.ts';
import { findBuilderRoot } from '../builder/builder-root.ts';
import type { MachineProblem } from '../protocol/reply.ts';

const PROGRAMS: Record<string, string> = {
  setpriv: 'util-linux',
  unshare: 'util-linux',
  setsid: 'util-linux',
  mount: 'mount',
  runc: 'runc',
  perl: 'perl-base',
  busybox: 'busybox-static',
  slirp4netns: 'slirp4netns',
  nft: 'nftables',
  ip: 'iproute2',
  'mkfs.ext4': 'e2fsprogs',
};
const searchPath = '/usr/sbin:/usr/bin:/sbin:/bin'.split(':');

/** What prevents a sandbox on this machine, as far as can be checked without starting one. Empty if nothing does. */
export function findMachineProblems(): MachineProblem[] {
  return [...findMissingPrograms(), ...findKernelProblems()];
}

function findMissingPrograms(): MachineProblem[] {
  return Object.entries(PROGRAMS)
    .filter(([name]) => !searchPath.some((folder) => isProgram(`${folder}/${name}`)))
    .map(([name, debianPackage]) => ({
      what: `the program ${name} is not installed`,
      fix: existsSync('/usr/bin/apt-get')
        ? `apt-get install ${debianPackage}`
        : `install the package that has it (on Debian that is ${debianPackage})`,
    }));
}

function findKernelProblems(): MachineProblem[] {
  const problems: MachineProblem[] = [];
  const add = (what: string, fix: string): void => {
    problems.push({ what, fix });
  };
  if (process.getuid?.() !== 0) add('the sandbox helper does not run as root', 'start it as root or through sudo');
  if (!existsSync('/proc/self/ns/user')) add('the kernel has no user namespaces', 'use a kernel with CONFIG_USER_NS');
  else if (readNumber('/proc/sys/user/max_user_namespaces') === 0) {
    add('user namespaces are turned off', 'sysctl -w user.max_user_namespaces=15000');
  }
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (major < 5 || (major === 5 && minor < 19)) {
    add(`kernel ${release()} cannot mount overlays with shifted owners`, 'use Linux 5.19 or later');
  }
  if (!existsSync('/dev/loop-control')) add('there are no loop devices', 'modprobe loop');
  if (!existsSync('/dev/net/tun')) add('there is no /dev/net/tun, which slirp4netns needs', 'modprobe tun');
  if (findBuilderRoot() === undefined) add('there is no builder on this machine', 'slipway builder update');
  try {
    findCgroupRoots();
  } catch (error) {
    add(error instanceof Error ? error.message : String(error), 'mount it, or boot with the controller enabled');
  }
  return problems;
}

/** Whether this user can run a path. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent and not executable are treated alike: it cannot be run.
    return false;
  }
}

function readNumber(path: string): number | undefined {
  return existsSync(path) ? Number(readFileSync(path, 'utf8').trim()) : undefined;
}
