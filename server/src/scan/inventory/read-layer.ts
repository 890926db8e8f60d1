import { createWriteStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TarMistake } from '#tar/tar-mistake.ts';
import { readTar, type TarMember } from '#tar/tar-reader.ts';
import { readOsRelease } from './distribution-packages.ts';
import { findGoMark, GO_INFO_LIMIT_BYTES, GO_MARK_BYTES, readGoBuildInfo } from './go-build-info.ts';
import { type Distribution, type FoundPackage, ImageMistake } from './inventory.ts';
import {
  knownFile,
  OS_RELEASE_PATHS,
  OTHER_RPM_DATABASES,
  RPM_DATABASE,
  RPM_FOLDERS,
  RPM_JOURNALS,
} from './known-files.ts';
import { layerBytes } from './layer-bytes.ts';
import { readRpmDatabase } from './rpm-database.ts';

/** The facts about a file of an image. */
export interface KeptFile {
  packages: readonly FoundPackage[];
  distribution?: Distribution | undefined;
  /** A database that cannot be read. */
  isUnreadable?: true;
}

/** What a layer adds, and what it removes from the layers below. */
export interface Layer {
  files: Map<string, KeptFile>;
  /** Paths that no longer exist, or are something else. */
  removed: string[];
  /** Folders in which nothing of the layers below is left. */
  emptied: string[];
}

/** The limits for reading all layers of an image together. */
export interface ReadLimits {
  entries: number;
  unpackedBytes: number;
}

const REMOVED = '.wh.';
const EMPTIED = '.wh..wh..opq';
const OS_RELEASE_BYTES = 64 * 1024;
const RPM_DATABASE_BYTES = 1024 * 2 ** 20;
/** Go programs have at least a megabyte. */
const PROGRAM_BYTES = 64 * 1024;
const ELF = Buffer.from('\x7fELF', 'latin1');

/** What reading a layer needs. */
export interface LayerMeans {
  /** A folder for the copy of a database. */
  scratch: string;
  /** The rest of the limits for this layer and those above; it shrinks. */
  left: ReadLimits;
  /** Whether the layers below have something at a path, or below it. */
  isHeld(path: string): boolean;
}

/** Reads the layer in a file. Throws ImageMistake. */
export async function readLayer(file: string, means: LayerMeans): Promise<Layer> {
  const { left } = means;
  const layer: Layer = { files: new Map(), removed: [], emptied: [] };
  try {
    for await (const member of readTar(counted(file, left))) {
      left.entries -= 1;
      if (left.entries < 0) throw new ImageMistake('the image has more files than are looked at');
      await readMember(layer, member, means);
    }
  } catch (error) {
    if (!(error instanceof TarMistake)) throw error;
    throw new ImageMistake(`a layer cannot be read: ${error.message}`, { cause: error });
  }
  return layer;
}

async function* counted(file: string, left: ReadLimits): AsyncGenerator<Buffer> {
  for await (const chunk of layerBytes(file)) {
    left.unpackedBytes -= chunk.length;
    if (left.unpackedBytes < 0) throw new ImageMistake('the image unpacks to more bytes than are looked at');
    yield chunk;
  }
}

async function readMember(layer: Layer, member: TarMember, means: LayerMeans): Promise<void> {
  const { header } = member;
  const path = posix.normalize(`/${header.name}`).slice(1).replace(/\/$/, '');
  const [folder, name] = [posix.dirname(path) === '.' ? '' : posix.dirname(path), posix.basename(path)];
  const remove = (removed: string) => (means.isHeld(removed) ? layer.removed.push(removed) : 0);
  if (name === EMPTIED) layer.emptied.push(folder);
  else if (name.startsWith(REMOVED)) remove(posix.join(folder, name.slice(REMOVED.length)));
  else if (header.type !== '5' && !header.name.endsWith('/')) {
    layer.files.delete(path);
    remove(path);
    if (header.type === '1') noteLink(layer, path, posix.normalize(`/${header.linkName}`).slice(1));
    const kept = header.type === '0' ? await readFile(path, member, means.scratch) : undefined;
    if (kept !== undefined) layer.files.set(path, kept);
  }
}

/** Another name of a known file is a file like it. */
function noteLink(layer: Layer, path: string, of: string): void {
  const linked = layer.files.get(of);
  if (linked !== undefined) layer.files.set(path, linked);
}

/** The content of a file; undefined for most. */
async function readFile(path: string, member: TarMember, scratch: string): Promise<KeptFile | undefined> {
  const { sizeBytes } = member.header;
  const known = knownFile(path);
  if (known !== undefined) {
    const { limitBytes, isCut, read } = known;
    if (sizeBytes > limitBytes && !isCut)
      throw new ImageMistake(`${path.slice(0, 200)} is larger than ${limitBytes} bytes`);
    return { packages: read((await firstBytesOf(member, limitBytes)).toString()) };
  }
  if (OS_RELEASE_PATHS.includes(path))
    return { packages: [], distribution: readOsRelease((await firstBytesOf(member, OS_RELEASE_BYTES)).toString()) };
  const [folder, name] = [posix.dirname(path), posix.basename(path)];
  if (!RPM_FOLDERS.includes(folder)) return sizeBytes < PROGRAM_BYTES ? undefined : readProgram(member);
  if (OTHER_RPM_DATABASES.includes(name)) return { packages: [], isUnreadable: true };
  if (RPM_JOURNALS.includes(name) && sizeBytes > 0) return { packages: [], isUnreadable: true };
  return name === RPM_DATABASE ? { packages: await readRpm(member, scratch) } : undefined;
}

async function readRpm(member: TarMember, scratch: string): Promise<FoundPackage[]> {
  if (member.header.sizeBytes > RPM_DATABASE_BYTES)
    throw new ImageMistake(`the RPM database is larger than ${RPM_DATABASE_BYTES} bytes`);
  const file = posix.join(scratch, RPM_DATABASE);
  await pipeline(member.content(), createWriteStream(file));
  return readRpmDatabase(file);
}

async function firstBytesOf(member: TarMember, limitBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of member.content()) {
    pieces.push(piece.subarray(0, limitBytes - bytes));
    bytes += piece.length;
    if (bytes >= limitBytes) break;
  }
  return Buffer.concat(pieces);
}

/** Searches a program for Go's data, without holding more of it in memory than that. */
async function readProgram(member: TarMember): Promise<KeptFile | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let isProgram = false;
  for await (const piece of member.content()) {
    const bytes = Buffer.concat([rest, piece]);
    if (!isProgram && bytes.length >= ELF.length && !bytes.subarray(0, ELF.length).equals(ELF)) return undefined;
    isProgram = bytes.length >= ELF.length;
    let at = findGoMark(bytes, 0);
    while (at !== undefined) {
      const found = readGoBuildInfo(bytes.subarray(at));
      if (found !== undefined) return { packages: found };
      if (bytes.length - at < GO_INFO_LIMIT_BYTES) break;
      at = findGoMark(bytes, at + 1);
    }
    // Keeps everything after a mark, or otherwise what could be the beginning of one.
    rest = bytes.subarray(at ?? Math.max(0, bytes.length - GO_MARK_BYTES + 1));
  }
  for (let at = findGoMark(rest, 0); at !== undefined; at = findGoMark(rest, at + 1)) {
    const found = readGoBuildInfo(rest.subarray(at));
    if (found !== undefined) return { packages: found };
  }
  return undefined;
}
