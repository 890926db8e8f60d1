import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Owner } from '../folder/owner-folder.ts';

/*
 * BuildKit keeps its copy of a source in the store, and a client of the same name sends only the files whose size, mode
 * or modification time differ. So each file gets a time by its content: the time that it had in the store if it is the
 * same, and one that no file of its name ever had there if it is not. A source then costs what changed in it, and what
 * BuildKit takes for the same file is the same file (docs/decisions/0030-*.md). If a source was unpacked from the same
 * archive as the last one, its files are the same, and only those whose times are not the archive's own are looked at.
 *
 * The record of times lies beside the store. It is taken away when a build begins, and comes back when the build made
 * its image. After any other end, the copy may be half written: the next client has a new name, and sends everything.
 */

/** The times of the files in a store's copy of the source, while a build has them. */
export interface SourceTimes {
  /** The name of the client to which the copy belongs. */
  client: string;
  /** The number of the build under this name. It is part of the times that the build makes. */
  build: number;
  /** Where the record is when no build has it. Beside it are that of the build before, and the one to come. */
  record: string;
}

/** A folder of a source, which belongs to its owner. */
export interface SourceFolder {
  /** The name of a build context, by which BuildKit keeps its copy; undefined for the source itself. */
  name: string | undefined;
  path: string;
  /** Its times say only when it was fetched. */
  isFetched: boolean;
  /** The SHA-256 of the archive of which it was unpacked; undefined if it was not. */
  archive: string | undefined;
}

/** What the program set-times.ts is told. It works in its current folder. */
export interface TimesTask {
  owner: Owner;
  build: number;
  /** A file with the same content but another time in whole seconds is another file. */
  keepsSeconds: boolean;
  /** The archive of the folder, which has the same files whenever it is unpacked. */
  archive: string | undefined;
  /** The file with the record of the build before, which may not exist, and that for the one of this build. */
  before: string;
  after: string;
}

/** The record of a folder's times: its head in one line, and a line with its files. */
export interface FolderTimes {
  head: TimesHead;
  files: FileTimes;
}

export interface TimesHead {
  /** The archive of the folder; undefined if there was none, or if too many of its files were given a time. */
  archive: string | undefined;
  /** The paths of the files that were given a time: all others have that of the archive. */
  given: string[];
}

/** SHA-256 of a file's content, and its time in seconds, by path. A byte of a path is a character. */
export type FileTimes = Record<string, [sha256: string, seconds: number]>;

/** The program's exit code if times cannot tell the files of the folder apart. Then it prints why to standard error. */
export const NOT_TOLD = 3;

/** The number of a build is the time's hundred thousandths of a second; the later half is for other files. */
const MOST_BUILDS = 49_999;
const HEAD = 'client.json';
const PROGRAM = join(import.meta.dirname, 'set-times.ts');

/** Reads the record of a folder; an empty one if it does not exist. */
export function readFolderTimes(file: string): FolderTimes {
  const { head, files } = readLines(file);
  return { head, files: JSON.parse(files) as FileTimes };
}

/** The text of such a record. */
export function folderTimesText({ head, files }: FolderTimes): string {
  return `${JSON.stringify(head)}\n${JSON.stringify(files)}`;
}

/** Of many files, the second line takes much longer to parse than to read. */
function readLines(file: string): { head: TimesHead; files: string } {
  if (!existsSync(file)) return { head: { archive: undefined, given: [] }, files: '{}' };
  const text = readFileSync(file, 'utf8');
  const end = text.indexOf('\n');
  return { head: JSON.parse(text.slice(0, end)) as TimesHead, files: text.slice(end + 1) };
}

/** Takes the record of a store's times away. Begins a new one if there is none. */
export function takeSourceTimes(storePath: string): SourceTimes {
  // The program works in another folder.
  const record = resolve(dirname(storePath), 'source-times');
  for (const left of [beforeOf(record), afterOf(record)]) rmSync(left, { recursive: true, force: true });
  mkdirSync(afterOf(record), { mode: 0o700 });
  if (existsSync(record)) renameSync(record, beforeOf(record));
  // If it came back after a power cut, the number of this build would be given again.
  syncFolder(dirname(record));
  const head = join(beforeOf(record), HEAD);
  const before = existsSync(head) ? (JSON.parse(readFileSync(head, 'utf8')) as Omit<SourceTimes, 'record'>) : undefined;
  if (before && before.build < MOST_BUILDS) return { client: before.client, build: before.build + 1, record };
  rmSync(beforeOf(record), { recursive: true, force: true });
  return { client: randomBytes(32).toString('hex'), build: 1, record };
}

/** Where the program works: as whom, under which limits, and until when. */
export interface TimesPlace {
  owner: Owner;
  /** Called with the process id of each program. */
  onStart(pid: number): void;
  signal: AbortSignal;
}

/**
 * Sets the times of a source's files as their owner. Returns why times cannot tell its files apart, and then the source
 * has to be sent under a new name; undefined if they can.
 */
export async function setSourceTimes(
  { build, record }: SourceTimes,
  folders: readonly SourceFolder[],
  { owner, onStart, signal }: TimesPlace,
): Promise<string | undefined> {
  for (const { name, path, isFetched, archive } of folders) {
    const file = name === undefined ? 'source.times' : `${createHash('sha256').update(name).digest('hex')}.times`;
    const [before, after] = [join(beforeOf(record), file), join(afterOf(record), file)];
    if (archive !== undefined) {
      const { head } = readLines(before);
      if (head.archive === archive && head.given.length === 0) {
        linkSync(before, after);
        continue;
      }
    }
    const task: TimesTask = { owner, build, keepsSeconds: !isFetched, archive, before, after };
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(task)], {
      cwd: path,
      signal,
      env: {},
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (child.pid !== undefined) onStart(child.pid);
    const reason = await endOf(child, signal);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Why the program could not set all times; undefined if it did. Throws what it said if it failed. */
async function endOf(
  child: ChildProcessByStdio<null, null, Readable>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const said = text(child.stderr);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return undefined;
    if (code === null) return 'reading it needs more memory than the build may have';
    if (code === NOT_TOLD) return await said;
    throw new Error(`the times of a source could not be set: ${(await said).slice(-1000)}`);
  } catch (error) {
    // It does not come to send its source.
    if (signal.aborted) return 'the build was cancelled';
    throw error;
  }
}

/** Gives a file that is not of the source a time that no other file had under this name. */
export function setOtherTime(path: string, { build }: Pick<SourceTimes, 'build'>): void {
  const seconds = Math.floor(Date.now() / 1000) + 0.5 + build / 100_000;
  utimesSync(path, seconds, seconds);
}

/** Puts the record of times back, after a build that made its image. */
export function keepSourceTimes({ client, build, record }: SourceTimes): void {
  writeFileSync(join(afterOf(record), HEAD), JSON.stringify({ client, build }), { flush: true });
  renameSync(afterOf(record), record);
}

/**
 * Why a record could not be taken or put back, such as a full disk, which is no reason to fail a build. Throws `error` if
 * the system did not refuse it.
 */
export function notKeptReason(error: unknown): string {
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  // The message has a path of the host. rmSync has no code for a folder in use.
  return `no record of it can be kept (${code || 'unknown error'})`;
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function beforeOf(record: string): string {
  return `${record}.before`;
}

function afterOf(record: string): string {
  return `${record}.after`;
}
