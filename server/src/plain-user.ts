import { execFileSync } from 'node:child_process';
import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExitError } from './exit-error.ts';

/** Whom the server's files belong to and who it runs as once it has started. */
export interface PlainUser {
  uid: number;
  gid: number;
}

/** The user that the server continues as: the setting's when it was started as root, else whoever started it. */
export function findPlainUser(name: string): PlainUser {
  if (process.getuid?.() !== 0) return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, '--', name], { encoding: 'utf8', stdio: 'pipe' }));
    const user = { uid: id('-u'), gid: id('-g') };
    if (user.uid !== 0) return user;
  } catch (error) {
    throw new ExitError(
      2,
      `the user ${JSON.stringify(name)} does not exist; make it, or name another one with --user`,
      {
        cause: error,
      },
    );
  }
  throw new ExitError(2, 'the server must not go on as root; name a plain user with --user');
}

/** Gives up root for good; all that needs it has been opened. Does nothing in a process that is not root. */
export function dropPrivileges(user: PlainUser): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(user.gid);
  process.setuid?.(user.uid);
}

// A socket below the folder must fit into the 107 bytes that the system has for its path.
const LONGEST_PLAIN_PATH = 80;

/**
 * A path under which `user` reaches a folder. If a folder above it is closed to the user, as a root's home is, or the
 * path is too long for a socket, the folder is bound to a place below /mnt in this server's own mount namespace, which
 * the launcher made.
 */
export function reachablePath(folder: string, user: PlainUser): string {
  const real = realpathSync(folder);
  const closed = closedFolder(real, user);
  const isPlain = closed === undefined && real.length <= LONGEST_PLAIN_PATH;
  if (isPlain || process.getuid?.() !== 0) return real;
  if (!hasOwnMountNamespace())
    throw new ExitError(
      4,
      closed === undefined
        ? `the path ${real} is too long for the sockets in it; choose a shorter one with --data`
        : `the user with id ${user.uid} cannot reach ${real}, since ${closed} is closed to it; choose another folder with --data`,
    );
  const place = join('/mnt', 'slipway-data');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755,size=1m', 'slipway', '/mnt'], { stdio: 'pipe' });
  execFileSync('mkdir', [place], { stdio: 'pipe' });
  execFileSync('mount', ['--bind', real, place], { stdio: 'pipe' });
  return place;
}

function closedFolder(path: string, user: PlainUser): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
    if (folder === '/') return undefined;
  }
}

function hasOwnMountNamespace(): boolean {
  return readlinkSync('/proc/self/ns/mnt') !== readlinkSync(`/proc/${process.ppid}/ns/mnt`);
}
