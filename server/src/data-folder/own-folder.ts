import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ExitError } from '#process/exit-error.ts';
import type { PlainUser } from '#process/plain-user.ts';

const PLACE_MODE = 0o750;
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
const OTHER_FOLDER = 'choose another one with --data';

/**
 * Makes a folder with those above it where they are missing, or looks through the one that is there. Started as root, what is
 * ours to fix is fixed: an empty folder of somebody else is taken, one that the plain user cannot enter is opened to it. In
 * a folder that others may write into, a file of theirs would be taken for ours. Throws `ExitError` 4.
 */
export function ownDataFolder(root: string, user: PlainUser): void {
  const isRoot = process.getuid?.() === 0;
  makeFolder(root, isRoot);
  const stats = folderAt(root);
  if (!isRoot) {
    if (stats.uid !== user.uid)
      throw new ExitError(
        4,
        `the data folder ${root} belongs to the user with id ${stats.uid}, and the server runs as ${user.uid}; start it as that user, or ${OTHER_FOLDER}`,
      );
    return;
  }
  if (stats.uid !== 0 && stats.uid !== user.uid) takeFolder(root, stats.uid);
  closeFolder(root, user);
  openFolder(root, user);
}

/**
 * Makes a folder of the plain user's, or makes the one that is there its own, with all that is in it: a data folder that root
 * has copied belongs to root. Throws `ExitError` 4 where that is not ours to do.
 */
export function ownPlace(root: string, name: string, user: PlainUser): void {
  const path = join(root, name);
  const isRoot = process.getuid?.() === 0;
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(path, { mode: PLACE_MODE });
    if (isRoot) chownSync(path, user.uid, user.gid);
  }
  const { uid, mode } = folderAt(path);
  if (uid !== user.uid) {
    // Only root can have put it there, so nobody exchanges its parts meanwhile.
    if (!isRoot || statSync(root).uid !== 0)
      throw new ExitError(
        4,
        `${path} belongs to the user with id ${uid}, and the server runs as ${user.uid}; give it back: chown -R ${user.uid}:${user.gid} ${path}`,
      );
    giveAll(path, user);
  }
  const wanted = (mode & ~(WRITABLE_BY_GROUP | WRITABLE_BY_ALL)) | 0o700;
  if (mode !== wanted) chmodSync(path, wanted & 0o7777);
}

/**
 * Gives the plain user a file that root has put into a folder of theirs, such as a database from a backup. A link is not followed,
 * and a file with several names is left alone: the plain user may have made one of them.
 */
export function ownFile(path: string, user: PlainUser): void {
  if (process.getuid?.() !== 0 || lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(file);
    if (stats.isFile() && stats.uid === 0 && stats.nlink === 1) fchownSync(file, user.uid, user.gid);
  } finally {
    closeSync(file);
  }
}

/** Step by step: Node's own way tries forever where the kernel lets nobody make a folder, as in /proc. */
function makeFolder(path: string, isRoot: boolean): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(path) !== path) makeFolder(dirname(path), isRoot);
  mkdirSync(path);
  // Whatever umask root has: the plain user must come through.
  if (isRoot) chmodSync(path, 0o755);
}

function folderAt(path: string): Stats {
  const stats = statSync(path);
  if (!stats.isDirectory()) throw new ExitError(4, `${path} is not a folder; move it away, or ${OTHER_FOLDER}`);
  return stats;
}

function takeFolder(root: string, uid: number): void {
  if (readdirSync(root).length > 0)
    throw new ExitError(
      4,
      `the data folder ${root} belongs to the user with id ${uid}; give it to root (chown root ${root}), start the server as that user, or ${OTHER_FOLDER}`,
    );
  chownSync(root, 0, 0);
  // What was put into it until a moment ago.
  if (readdirSync(root).length > 0) takeFolder(root, uid);
}

function closeFolder(root: string, user: PlainUser): void {
  const { mode, gid } = statSync(root);
  const isShared =
    (mode & WRITABLE_BY_ALL) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && gid !== 0 && gid !== user.gid);
  if (!isShared) return;
  const names = readdirSync(root);
  // A folder of the system's, as /tmp is, is not ours to close.
  if (names.length > 0 && !names.includes('root.json'))
    throw new ExitError(
      4,
      `other users may write into ${root}, and there is no data folder in it yet; close it (chmod go-w ${root}), or ${OTHER_FOLDER}`,
    );
  chmodSync(root, mode & 0o7777 & ~(WRITABLE_BY_GROUP | WRITABLE_BY_ALL) & ~0o1000);
}

/** Lets the plain user through: by its group where no other one has anything to do here. It need not list what is there. */
function openFolder(root: string, user: PlainUser): void {
  const { mode, uid, gid } = statSync(root);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & bit) !== 0) return;
  const byGroup = bit === 0o001 && (mode & 0o070) === 0;
  if (byGroup) chownSync(root, uid, user.gid);
  chmodSync(root, (mode | (byGroup ? 0o010 : bit)) & 0o7777);
}

/** From the inside out, so that the plain user changes nothing on the way; links are given themselves, not followed. */
function giveAll(path: string, user: PlainUser): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) giveAll(inside, user);
    else lchownSync(inside, user.uid, user.gid);
  }
  chownSync(path, user.uid, user.gid);
}
