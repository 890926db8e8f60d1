/*
 * A backup as one file: a tar archive with a member `objects/SHA256` for each content and, last, `backup.ndjson`, its manifest. It
 * is written as FILE.partial and renamed when all of it is on disk. An interrupted one has no manifest; the next backup to FILE
 * keeps its whole members.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { headerBlock } from '#tar/header-block.ts';
import { parseTarNumber } from '#tar/tar-header.ts';
import { type BackupSource, type BackupTarget, ContentDiffers } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import { BackupDamaged, type Manifest, manifestText, parseManifest, SHA256 } from './manifest.ts';
import { digestOf, localObject } from './object-bytes.ts';
import { syncFolder } from './object-folder.ts';

const BLOCK_BYTES = 512;
const MANIFEST = 'backup.ndjson';
const OBJECTS = 'objects/';
/** Enough for millions of files. */
const MANIFEST_LIMIT_BYTES = 1024 ** 3;

interface Member {
  name: string;
  offsetBytes: number;
  sizeBytes: number;
}

/** Opens FILE for writing. What the sources have is not stored again. Throws `BackupRefused` 2. */
export function openTarTarget(file: string, since: readonly BackupSource[]): BackupTarget {
  if (existsSync(file) && !isBackup(file))
    throw new BackupRefused(2, `${file} exists and is not a backup; choose another name, or remove it`);
  const partial = `${file}.partial`;
  const descriptor = openSync(partial, existsSync(partial) ? 'r+' : 'wx+', 0o600);
  const kept = keepWholeMembers(descriptor);
  const stored = new Set(kept.names);
  let at = kept.endBytes;
  const append = (name: string, bytes: Buffer): void => {
    writeAll(
      descriptor,
      Buffer.concat([headerBlock({ name, sizeBytes: bytes.length }), bytes, padding(bytes.length)]),
      at,
    );
    at += BLOCK_BYTES + bytes.length + padding(bytes.length).length;
  };
  const has = async (sha256: string): Promise<boolean> => {
    if (stored.has(sha256)) return true;
    for (const source of since) if (await hasObject(source, sha256)) return true;
    return false;
  };
  return {
    earlier: since.map(({ manifest }) => manifest),
    has,
    async store(content) {
      const hash = createHash('sha256');
      let end = at + BLOCK_BYTES;
      for await (const chunk of content.open() as AsyncIterable<Buffer>) {
        hash.update(chunk);
        writeAll(descriptor, chunk, end);
        end += chunk.length;
      }
      const sha256 = hash.digest('hex');
      if (content.sha256 !== undefined && content.sha256 !== sha256) {
        ftruncateSync(descriptor, at);
        throw new ContentDiffers(`its bytes have the SHA-256 ${sha256}`);
      }
      // The header is written last, so an interrupted member has none.
      const sizeBytes = end - at - BLOCK_BYTES;
      const isNew = !(await has(sha256));
      if (!isNew) ftruncateSync(descriptor, at);
      else {
        writeAll(descriptor, padding(sizeBytes), end);
        writeAll(descriptor, headerBlock({ name: `${OBJECTS}${sha256}`, sizeBytes }), at);
        at = end + padding(sizeBytes).length;
        stored.add(sha256);
      }
      return { sha256, isNew };
    },
    async finish(manifest) {
      append(MANIFEST, Buffer.from(manifestText(manifest)));
      writeAll(descriptor, Buffer.alloc(2 * BLOCK_BYTES), at);
      fsyncSync(descriptor);
      renameSync(partial, file);
      syncFolder(dirname(file));
      return file;
    },
    close: async () => closeSync(descriptor),
  };
}

/** Opens a backup in one file. Throws `BackupDamaged`. */
export function openTarSource(file: string): BackupSource {
  const descriptor = openSync(file, 'r');
  try {
    const members = new Map<string, Member>();
    for (const member of readMembers(descriptor)) members.set(member.name, member);
    return {
      name: file,
      manifest: manifestOf(descriptor, members.get(MANIFEST)),
      atOnce: 1,
      async find(sha256) {
        const member = members.get(`${OBJECTS}${sha256}`);
        return member && localObject({ file, descriptor, ...member, isOwn: false });
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function manifestOf(descriptor: number, member: Member | undefined): Manifest {
  if (member === undefined) throw new BackupDamaged('is not a whole backup: its manifest is missing');
  if (member.sizeBytes > MANIFEST_LIMIT_BYTES) throw new BackupDamaged('has a manifest that is too large');
  const bytes = Buffer.alloc(member.sizeBytes);
  readSync(descriptor, bytes, 0, bytes.length, member.offsetBytes);
  return parseManifest(bytes.toString('utf8'));
}

/** Whether a file may be replaced by a backup: it is one, or empty. */
function isBackup(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const [first] = readMembers(descriptor);
    const isOurs = first !== undefined && (first.name.startsWith(OBJECTS) || first.name === MANIFEST);
    return isOurs || fstatSync(descriptor).size === 0;
  } finally {
    closeSync(descriptor);
  }
}

async function hasObject(source: BackupSource, sha256: string): Promise<boolean> {
  const object = await source.find(sha256);
  object?.release();
  return object !== undefined;
}

/** The members up to the end, or to where the file is cut. */
function* readMembers(descriptor: number): Generator<Member> {
  const { size } = fstatSync(descriptor);
  const header = Buffer.alloc(BLOCK_BYTES);
  for (let at = 0; at + BLOCK_BYTES <= size; ) {
    readSync(descriptor, header, 0, BLOCK_BYTES, at);
    const name = header.subarray(0, 100).toString('latin1').replace(/\0.*$/s, '');
    const sizeBytes = parseTarNumber(header.subarray(124, 136));
    const offsetBytes = at + BLOCK_BYTES;
    const endBytes = offsetBytes + sizeBytes + padding(sizeBytes).length;
    if (name === '' || !isChecked(header) || !Number.isSafeInteger(sizeBytes) || endBytes > size) return;
    yield { name, offsetBytes, sizeBytes };
    at = endBytes;
  }
}

function isChecked(header: Buffer): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return parseTarNumber(header.subarray(148, 156)) === sum;
}

/** Cuts a file behind its last whole object: after a power cut even bytes that were written may be missing. */
function keepWholeMembers(descriptor: number): { names: string[]; endBytes: number } {
  const names: string[] = [];
  let endBytes = 0;
  for (const { name, offsetBytes, sizeBytes } of readMembers(descriptor)) {
    const sha256 = name.slice(OBJECTS.length);
    if (!name.startsWith(OBJECTS) || !SHA256.test(sha256) || digestOf(descriptor, offsetBytes, sizeBytes) !== sha256)
      break;
    names.push(sha256);
    endBytes = offsetBytes + sizeBytes + padding(sizeBytes).length;
  }
  ftruncateSync(descriptor, endBytes);
  return { names, endBytes };
}

function padding(sizeBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

function writeAll(descriptor: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
}
