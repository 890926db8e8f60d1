import { execFile } from 'node:child_process';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, renameSync } from 'node:fs';
import { promisify } from 'node:util';
import { BUILD_ID_FORM, RefusedRequest } from '../protocol/request.ts';
import { isCode } from './error-code.ts';

const run = promisify(execFile);

/** The user whose server this is; DATA/work is theirs. */
export interface Owner {
  uid: number;
  gid: number;
}

/**
 * Moves DATA/work/PARTS… to `target` in the working folder, where nobody but root can exchange parts of it. Opens each
 * folder on the way without following links; each must belong to the owner or root. Throws RefusedRequest if it does
 * not exist or is not a folder.
 */
export function takeFromOwner(owner: Owner, parts: readonly string[], target: string): void {
  const name = parts.at(-1) ?? '';
  const shown = `work/${parts.join('/')}`;
  try {
    withFolder(owner, parts.slice(0, -1), (folder) => renameSync(`${folder}/${name}`, target));
  } catch (error) {
    if (isCode(error, 'ENOENT')) throw new RefusedRequest('no-input', `there is no folder ${shown}`);
    if (isCode(error, 'EXDEV')) {
      throw new RefusedRequest('no-input', `${shown} is on another file system than the data folder`);
    }
    throw error;
  }
  if (!lstatSync(target).isDirectory()) throw new RefusedRequest('no-input', `${shown} is not a folder`);
}

/**
 * Moves `source` back to DATA/work/PARTS… and gives it to the owner. A folder that exists there already must be empty.
 */
export async function giveBack(owner: Owner, source: string, parts: readonly string[]): Promise<void> {
  await changeOwner(source, owner);
  withFolder(owner, parts.slice(0, -1), (folder) => {
    renameSync(source, `${folder}/${parts.at(-1) ?? ''}`);
  });
}

/** Gives a tree to an id; links are changed themselves, never followed. */
export async function changeOwner(path: string, owner: Owner): Promise<void> {
  await run('chown', ['-R', '-h', '-P', '--', `${owner.uid}:${owner.gid}`, path]);
}

/**
 * Like `changeOwner`, for a source: restores the setuid and setgid bits, which the kernel removes from files that
 * change owner. The new owner sets them, since it may change only its own files and a name may lead elsewhere by now;
 * so it must not be root. Files lose these bits in folders that their owner may not enter, and if all their names take
 * more than 16 MiB.
 */
export async function giveSource(path: string, owner: Owner): Promise<void> {
  await run('sh', ['-c', GIVE_SOURCE, 'give', path, `${owner.uid}`, `${owner.gid}`]);
}

const GIVE_SOURCE = `set -e
list=$(mktemp -d) && trap 'rm -rf "$list"' EXIT
cd "$1"
(ulimit -f 32768 && find . -xdev -type f '(' -perm -4000 -fprint0 "$list/u+s" , -perm -2000 -fprint0 "$list/g+s" ')') ||
  rm -f "$list"/*
chown -R -h -P -- "$2:$3" .
for mode in u+s g+s; do
  [ ! -s "$list/$mode" ] || setpriv --reuid "$2" --regid "$3" --clear-groups xargs -0 chmod "$mode" -- <"$list/$mode" 2>/dev/null || true
done`;

/** Removes DATA/work/BUILDID with everything in it, no matter who owns it. It is no error if it does not exist. */
export async function removeWork(owner: Owner, buildId: string): Promise<void> {
  const target = `run/${buildId}.gone`;
  await removeTree(target);
  try {
    withFolder(owner, [], (folder) => renameSync(`${folder}/${buildId}`, target));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  await removeTree(target);
}

/** Removes each build's folder in DATA/work: the server that owned them is gone. */
export async function removeAllWork(owner: Owner): Promise<void> {
  let names: string[] = [];
  try {
    withFolder(owner, [], (folder) => {
      names = readdirSync(folder).filter((name) => BUILD_ID_FORM.test(name));
    });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  for (const name of names) await removeWork(owner, name);
}

/**
 * Removes a tree in the working folder. `rm` walks by descriptors, so a change to the tree meanwhile cannot lead it
 * elsewhere.
 */
export async function removeTree(path: string): Promise<void> {
  await run('rm', ['-rf', '--one-file-system', '--', path]);
}

/** Calls `act` with a path to DATA/work/PARTS that stays the same folder even if something is renamed meanwhile. */
function withFolder(owner: Owner, parts: readonly string[], act: (folder: string) => void): void {
  const opened: number[] = [];
  try {
    let path = '../work';
    for (const part of [undefined, ...parts]) {
      if (part !== undefined) path = `${path}/${part}`;
      const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      opened.push(descriptor);
      const { uid } = fstatSync(descriptor);
      if (uid !== owner.uid && uid !== 0) throw new RefusedRequest('no-input', `${path} belongs to user ${uid}`);
      path = `/proc/self/fd/${descriptor}`;
    }
    act(path);
  } catch (error) {
    if (isCode(error, 'ENOTDIR') || isCode(error, 'ELOOP')) {
      throw new RefusedRequest('no-input', `work/${parts.join('/')} is not a folder`);
    }
    throw error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
