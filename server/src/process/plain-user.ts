import { execFileSync } from 'node:child_process';
import { existsSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExitError } from './exit-error.ts';

/** The user who owns the server's files, and as whom it runs after the start. */
export interface PlainUser {
  uid: number;
  gid: number;
}

/**
 * The user that the server continues as: the one in the setting if it was started as root, else the user who started
 * it.
 */
export function findPlainUser(name: string): PlainUser {
  if (process.getuid?.() !== 0) return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const user = lookUp(name);
  if (user.uid === 0) throw new ExitError(2, 'the server must not continue as root; name a plain user with --user');
  checkCode(user, name);
  return user;
}

function lookUp(name: string): PlainUser {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, '--', name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch (cause) {
    const message = `the user ${JSON.stringify(name)} does not exist; create it, or name another one with --user`;
    throw new ExitError(2, message, { cause });
  }
}

/** Modules load others when they are first used: also after the server has become the plain user. */
function checkCode(user: PlainUser, name: string): void {
  const file = import.meta.filename;
  const closed = closedFolder(file, user) ?? (allows(file, user, 0o4) ? undefined : file);
  if (closed === undefined) return;
  const what = `the server continues as the user ${name}, who cannot read its code because of the mode of ${closed}`;
  throw new ExitError(4, `${what}; open it with chmod go+rX, or name another user with --user`);
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
// Made by the launcher, in the namespace that it starts a root server in.
const DATA_PLACE = '/run/slipway-server/data';

/**
 * A path under which `user` reaches a folder. If a folder above it is closed to the user, as a root's home is, or the
 * path is too long for a socket, the folder is bound to a place in this server's own mount namespace, which the launcher
 * made.
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
  execFileSync('mount', ['--bind', real, DATA_PLACE], { stdio: 'pipe' });
  return DATA_PLACE;
}

function closedFolder(path: string, user: PlainUser): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!allows(folder, user, 0o1)) return folder;
    if (folder === '/') return undefined;
  }
}

/** `right`: of a mode's last digit, 4 to read, 1 to pass through. */
function allows(path: string, user: PlainUser, right: 0o4 | 0o1): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & right) !== 0;
}

function hasOwnMountNamespace(): boolean {
  const { ppid } = process;
  // The first process of a container has no parent there.
  const isShared = ppid !== 0 && readlinkSync('/proc/self/ns/mnt') === readlinkSync(`/proc/${ppid}/ns/mnt`);
  return existsSync(DATA_PLACE) && !isShared;
}
