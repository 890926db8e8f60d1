import { createReadStream, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { callNative } from '@slipway/client/call-native.ts';
import { nativeLimits } from '@slipway/client/native-requests.gen.ts';
import { readEnvironment } from '../input/environment.ts';
import { say } from '../output/say.ts';
import type { Server } from '../server/find-server.ts';
import { type PackedFolder, packMembers } from '../source/pack-members.ts';
import { compareSource, readSent, sentFile, writeSent } from '../source/sent-source.ts';
import { readMembers } from '../source/source-members.ts';

/** A folder to send. */
export interface FolderToSend {
  folder: string;
  /** The image that it is for. */
  image: string;
  dockerfile: string;
  /** Sends it as a whole, whatever was sent before. */
  whole: boolean;
}

/** A smaller archive is sent as a whole: that takes no longer. */
const SMALL_BYTES = 256 * 1024;
/** The server does not have the earlier source any more, or takes no more changes now. */
const CHANGES_REFUSED = [404, 409, 429, 503];

/**
 * Sends a folder as its build will see it: what changed since it was sent last, if the server still has that and it is
 * worth it, or else everything.
 */
export async function sendFolder(server: Server, given: FolderToSend): Promise<{ ArchiveId: string; Name: string }> {
  const folder = resolve(given.folder);
  const work = await mkdtemp(join(tmpdir(), 'slipway-source-'));
  const file = join(work, 'source.tar');
  try {
    const { members, special } = await readMembers(folder, given.dockerfile);
    sayLeftOut(special);
    // The repository that the source is for decides who may send it. An invalid image name is refused with the build.
    const repository = /^[^/:]+\/[^/:]+/.exec(given.image)?.[0];
    const place = [server.instanceId, server.accessKeyId, repository ?? '', realpathSync(folder), given.dockerfile];
    const note = sentFile(readEnvironment().cacheFolder, place);
    const earlier = given.whole ? undefined : readSent(note);
    const { sent, sizeBytes, newBytes, parts, members: changed } = compareSource(members, earlier);
    const isWorthIt = newBytes < sizeBytes / 2 && parts.length <= nativeLimits.changedSourceParts;
    let archiveId: string | undefined;
    if (earlier && isWorthIt) {
      const packed = await packMembers(changed, { folder, file, line: `${JSON.stringify(parts)}\n` });
      archiveId = await sendChanges(server, { repository, archive: earlier.archiveId }, file, packed);
    }
    if (archiveId === undefined) {
      const packed = await packMembers(members, { folder, file });
      archiveId = await sendWhole(server, repository, file, packed);
    }
    if (sizeBytes > SMALL_BYTES) writeSent(note, { archiveId, members: sent }, Date.now());
    return { ArchiveId: archiveId, Name: basename(folder) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Undefined if the server does not take the changes; one that is older than they are answers 404. */
async function sendChanges(
  { client }: Server,
  params: { repository: string | undefined; archive: string },
  file: string,
  packed: PackedFolder,
): Promise<string | undefined> {
  try {
    const body = bodyOf(file, 'application/octet-stream', packed);
    return (await callNative(client, 'createChangedSource', params, body)).ArchiveId;
  } catch (error) {
    if (error instanceof ApiCallError && CHANGES_REFUSED.includes(error.status)) return undefined;
    throw error;
  }
}

async function sendWhole(
  { client }: Server,
  repository: string | undefined,
  file: string,
  packed: PackedFolder,
): Promise<string> {
  const body = bodyOf(file, 'application/x-tar', packed);
  return (await callNative(client, 'createSource', { repository }, body)).ArchiveId;
}

function bodyOf(file: string, type: string, { sha256 }: PackedFolder) {
  return {
    headers: { 'content-type': type },
    // Made from an iterator: a stream converted to another one fails if the server answers before its end.
    body: ReadableStream.from(createReadStream(file) as AsyncIterable<Uint8Array>),
    contentSha256: sha256,
  };
}

function sayLeftOut(special: string[]): void {
  if (special.length === 0) return;
  const more = special.length > 1 ? ` and ${special.length - 1} more` : '';
  say(
    `left out ${JSON.stringify(special[0])}${more}: a source can hold files, folders and links, but no sockets, pipes or devices`,
  );
}
