import { randomUUID } from 'node:crypto';
import { closeSync, fchownSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a data folder remembers of its last backup, so that its server can show it. No backup has it. */
export interface LastBackup {
  /** Where it was written to, as `slipway backup` was given it. */
  place: string;
  name: string;
  createdMs: number;
  files: number;
  sizeBytes: number;
  /** How many files were missing or damaged in the data folder. */
  problems: number;
  /** The last time that all of it was read, and how much was wrong. */
  verified?: { timeMs: number; problems: number };
}

/** In the folder of the server's own user. */
const RECORD = join('run', 'last-backup.json');

/** The last backup of a data folder; undefined if there is none, or its record cannot be read. */
export function readLastBackup(root: string): LastBackup | undefined {
  try {
    const read = JSON.parse(readFileSync(join(root, RECORD), 'utf8')) as LastBackup | null;
    return typeof read?.createdMs === 'number' ? read : undefined;
  } catch (error) {
    // A record that something else wrote says nothing about a backup.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Remembers a backup that was made. Returns why the data folder cannot; the backup is still made. */
export function noteBackup(root: string, made: LastBackup): string | undefined {
  return whyNot(root, () => write(root, made));
}

/**
 * Remembers that a backup was verified, if it is the last one of this data folder: a backup has the moment at which it was made.
 * Returns why the data folder cannot.
 */
export function noteVerified(
  root: string,
  createdMs: number,
  verified: NonNullable<LastBackup['verified']>,
): string | undefined {
  return whyNot(root, () => {
    const last = readLastBackup(root);
    if (last?.createdMs !== createdMs) return `${root} does not record this: it is not the last backup of that folder`;
    return write(root, { ...last, verified });
  });
}

function whyNot(root: string, note: () => string | undefined): string | undefined {
  try {
    return note();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `${root} cannot record this (${code}), so its server will not show it; run this as root or as the server's user`;
  }
}

/** As one step, in a file that nobody else has made: the folder belongs to the server's user, and root may write here. */
function write(root: string, record: LastBackup): undefined {
  const path = join(root, RECORD);
  const made = `${path}.${randomUUID()}`;
  const { uid, gid } = statSync(join(root, 'run'));
  const file = openSync(made, 'wx', 0o600);
  try {
    writeFileSync(file, JSON.stringify(record));
    if (process.getuid?.() === 0) fchownSync(file, uid, gid);
  } finally {
    closeSync(file);
  }
  renameSync(made, path);
  return undefined;
}
