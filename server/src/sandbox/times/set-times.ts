/*
 * Sets the times of the files in the current folder by their contents. source-times.ts starts it as root in the folder
 * of a source; it becomes the folder's owner before it reads anything there.
 */
import { createHash, hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  futimesSync,
  lstatSync,
  lutimesSync,
  openSync,
  readdirSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import {
  type FileTimes,
  type FolderTimes,
  folderTimesText,
  NOT_TOLD,
  readFolderTimes,
  type TimesTask,
} from './source-times.ts';

const CHUNK = Buffer.allocUnsafe(2 ** 20);
const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_BUILD = 10_000n;
/** A source with more content, which may be holes that take no space, is not compared. */
const MOST_BYTES = 4n * 2n ** 30n;
/** The record of longer names is too large. */
const MOST_NAME_CHARACTERS = 32 * 2 ** 20;
/** Of a folder with more files that were given a time, all files are looked at again. */
const MOST_GIVEN = 1000;
/** Files open without waiting for a writer, and never through a link. */
const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Thrown if times cannot tell the files of a folder apart. */
class NotTold extends Error {}

/** What was met of a source so far. */
interface Seen {
  bytes: bigint;
  nameCharacters: number;
  /** The files that were given a time. */
  given: string[];
}

function main(): void {
  const task = JSON.parse(process.argv[2] ?? '') as TimesTask;
  const before = readFolderTimes(task.before);
  const after = openSync(task.after, 'wx', 0o600);
  becomeOwner(task);
  try {
    const isSame = task.archive !== undefined && task.archive === before.head.archive;
    writeFileSync(after, folderTimesText(isSame ? setAgain(task, before) : setTimes(task, before.files)));
    fsyncSync(after);
  } catch (error) {
    // What the owner cannot read or a file system cannot keep: a path that is too long, a folder without rights, a full disk.
    if (!(error instanceof NotTold) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    process.stderr.write((error as Error).message);
    process.exitCode = NOT_TOLD;
  }
}

function becomeOwner({ owner: { uid, gid } }: TimesTask): void {
  if (process.getuid?.() === uid) return;
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

/** The same archive as before: a file that has the archive's time has the right one. */
function setAgain(task: TimesTask, before: FolderTimes): FolderTimes {
  const files: FileTimes = Object.assign(Object.create(null), before.files);
  const seen: Seen = { bytes: 0n, nameCharacters: 0, given: [] };
  for (const path of before.head.given) {
    delete files[path];
    setTime(task, { before: before.files, files, seen }, path);
  }
  return withHead(task, files, seen);
}

function setTimes(task: TimesTask, before: FileTimes): FolderTimes {
  // A path may be the name of a property that every other object has.
  const files: FileTimes = Object.create(null);
  const folders = [''];
  const seen: Seen = { bytes: 0n, nameCharacters: 0, given: [] };
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(bytesOf(`./${folder}`), { withFileTypes: true, encoding: 'latin1' })) {
      const path = `${folder}${entry.name}`;
      seen.nameCharacters += path.length;
      if (seen.nameCharacters > MOST_NAME_CHARACTERS) throw new NotTold('its names are too long');
      if (entry.isDirectory()) folders.push(`${path}/`);
      else if (entry.isFile()) setTime(task, { before, files, seen }, path);
    }
  }
  return withHead(task, files, seen);
}

function withHead({ archive }: TimesTask, files: FileTimes, { given }: Seen): FolderTimes {
  const isKnown = given.length <= MOST_GIVEN;
  return { head: isKnown ? { archive, given } : { archive: undefined, given: [] }, files };
}

function setTime(
  task: TimesTask,
  { before, files, seen }: { before: FileTimes; files: FileTimes; seen: Seen },
  path: string,
): void {
  const place = bytesOf(`./${path}`);
  let file: number;
  try {
    file = openSync(place, OPEN);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    // The builder can read it, although its owner cannot.
    seen.given.push(path);
    const seconds = newSeconds(lstatSync(place, { bigint: true }).mtimeNs, task.build);
    lutimesSync(place, seconds, seconds);
    requireTime(lstatSync(place, { bigint: true }).mtimeNs, seconds);
    return;
  }
  try {
    const { mtimeNs, nlink, size } = fstatSync(file, { bigint: true });
    seen.bytes += size;
    if (seen.bytes > MOST_BYTES) throw new NotTold('it is too large');
    const sha256 = contentHash(file, Number(size));
    const old = Object.hasOwn(before, path) ? before[path] : undefined;
    const isSame = old?.[0] === sha256 && (!task.keepsSeconds || Math.floor(old[1]) === secondsOf(mtimeNs));
    // All names of a file have one time, which may not be the one that it had under another name.
    const seconds = isSame && nlink === 1n ? old[1] : newSeconds(mtimeNs, task.build);
    if (nlink === 1n) files[path] = [sha256, seconds];
    const isRight = mtimeNs === BigInt(Math.floor(seconds)) * NS_PER_SECOND && Number.isInteger(seconds);
    if (!isRight || nlink > 1n) seen.given.push(path);
    if (isRight) return;
    futimesSync(file, seconds, seconds);
    requireTime(fstatSync(file, { bigint: true }).mtimeNs, seconds);
  } finally {
    closeSync(file);
  }
}

/** The time of a file that is new or changed: that of no earlier build. The first build sets whole seconds. */
function newSeconds(mtimeNs: bigint, build: number): number {
  return secondsOf(mtimeNs) + (build - 1) / 100_000;
}

function secondsOf(mtimeNs: bigint): number {
  return Number(mtimeNs / NS_PER_SECOND);
}

/** Some file systems keep whole seconds only, and no one keeps every year. */
function requireTime(mtimeNs: bigint, seconds: number): void {
  const wanted =
    BigInt(Math.floor(seconds)) * NS_PER_SECOND + BigInt(Math.round((seconds % 1) * 100_000)) * NS_PER_BUILD;
  const off = mtimeNs - wanted;
  if (off > NS_PER_BUILD / 4n || off < -NS_PER_BUILD / 4n) throw new NotTold(`a file cannot have the time ${seconds}`);
}

function contentHash(file: number, sizeBytes: number): string {
  if (sizeBytes <= CHUNK.length)
    return hash('sha256', CHUNK.subarray(0, readSync(file, CHUNK, 0, CHUNK.length, 0)), 'base64');
  const sum = createHash('sha256');
  for (let at = 0; ; ) {
    const read = readSync(file, CHUNK, 0, CHUNK.length, at);
    if (read === 0) return sum.digest('base64');
    sum.update(CHUNK.subarray(0, read));
    at += read;
  }
}

function bytesOf(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

main();
