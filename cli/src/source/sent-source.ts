import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { headerBytes, paddingBytes } from '../tar/member-header.ts';
import { END_BYTES } from './pack-members.ts';
import type { FolderMember } from './source-members.ts';

/*
 * What was sent of a folder, so that the next time only its changes are sent: the archive's id on the server, and what
 * marks each of its members. It is in a file of the user's cache, which may be lost at any time.
 */

/** What is known of an archive that was sent. */
export interface SentSource {
  archiveId: string;
  members: SentMember[];
}

/** The bytes of one member, which follow those of the members before it. */
type SentMember = readonly [path: string, mark: string, sizeBytes: number];

/** How an archive is made from an earlier one: in the form of the server's `createChangedSource`. */
export interface SourceChanges {
  /** `[position, length]` in the earlier archive, or how many bytes are new. */
  parts: (number | [position: number, length: number])[];
  /** The members that are new or differ. */
  members: FolderMember[];
  newBytes: number;
}

const FORM = 1;
const KEEP_MS = 30 * 86_400_000;

/** The members of an archive that is to be sent, and how it differs from the earlier one. */
export function compareSource(
  members: readonly FolderMember[],
  earlier: SentSource | undefined,
): SourceChanges & { sent: SentMember[]; sizeBytes: number } {
  const { places, endPosition } = placesOf(earlier);
  const changes: SourceChanges = { parts: [], members: [], newBytes: 0 };
  const sent: SentMember[] = [];
  let [at, sizeBytes] = [0, END_BYTES];
  for (const member of members) {
    const place = places.get(member.path);
    const isSame = place !== undefined && member.mark !== '' && place.mark === member.mark && place.position >= at;
    const length = isSame ? place.length : archivedBytes(member);
    sent.push([member.path, member.mark, length]);
    sizeBytes += length;
    if (isSame) {
      addKept(changes.parts, place.position, length);
      at = place.position + length;
    } else {
      addNew(changes.parts, length);
      changes.members.push(member);
      changes.newBytes += length;
    }
  }
  addKept(changes.parts, endPosition, END_BYTES);
  return { ...changes, sent, sizeBytes };
}

function addKept(parts: SourceChanges['parts'], position: number, length: number): void {
  const last = parts.at(-1);
  if (Array.isArray(last) && last[0] + last[1] === position) last[1] += length;
  else parts.push([position, length]);
}

function addNew(parts: SourceChanges['parts'], length: number): void {
  const last = parts.at(-1);
  if (typeof last === 'number') parts[parts.length - 1] = last + length;
  else parts.push(length);
}

/** Where each member of an archive is, and where its end begins. */
function placesOf(earlier: SentSource | undefined) {
  let position = 0;
  const places = new Map<string, { mark: string; position: number; length: number }>();
  for (const [path, mark, length] of earlier?.members ?? []) {
    places.set(path, { mark, position, length });
    position += length;
  }
  return { places, endPosition: position };
}

function archivedBytes(member: FolderMember): number {
  return headerBytes(member) + member.sizeBytes + paddingBytes(member.sizeBytes);
}

/** The file for a folder as it is sent to one place. */
export function sentFile(cacheFolder: string, place: readonly string[]): string {
  return join(cacheFolder, 'sent', `${createHash('sha256').update(JSON.stringify(place)).digest('hex')}.json`);
}

/** What was sent, if it is known. A file that is not exactly what this program wrote is as good as none. */
export function readSent(file: string): SentSource | undefined {
  try {
    const [sum, text = ''] = readFileSync(file, 'utf8').split('\n');
    return sum === sumOf(text) ? (JSON.parse(text) as SentSource) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return undefined;
  }
}

/** Notes what was sent. Where no file can be written, the next time everything is sent again. */
export function writeSent(file: string, sent: SentSource, nowMs: number): void {
  const folder = dirname(file);
  const next = `${file}.${process.pid}`;
  const text = JSON.stringify(sent);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(next, `${sumOf(text)}\n${text}`, { mode: 0o600 });
    renameSync(next, file);
    removeOld(folder, nowMs - KEEP_MS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    rmSync(next, { force: true });
  }
}

/** Of another form of this file, the sum differs too. */
function sumOf(text: string): string {
  return createHash('sha256').update(`${FORM} ${text}`).digest('hex');
}

function removeOld(folder: string, beforeMs: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && stats.mtimeMs < beforeMs) rmSync(path, { force: true });
  }
}
