import { createWriteStream } from 'node:fs';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { readOsRelease } from './distribution-packages.ts';
import { findGoMark, GO_INFO_LIMIT_BYTES, GO_MARK_BYTES, readGoBuildInfo } from './go-build-info.ts';
import { type Distribution, type FoundPackage, ImageMistake } from './inventory.ts';
import { knownFile, OS_RELEASE_PATHS, OTHER_RPM_DATABASES, RPM_DATABASE, RPM_FOLDERS } from './known-files.ts';
import { layerBytes } from './layer-bytes.ts';

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

/** A member of an archive: its header, and its bytes to read. */
type Entry = Readable & { header: Header };

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
  const archive = extract();
  // The mistake of an entry; the streams end with errors of their own then.
  let mistake: unknown;
  const reading = async () => {
    for await (const entry of archive as AsyncIterable<Entry>) {
      try {
        left.entries -= 1;
        if (left.entries < 0) throw new ImageMistake('the image has more files than are looked at');
        await readEntry(layer, entry, means);
      } catch (error) {
        mistake ??= error;
        throw error;
      }
    }
  };
  try {
    await Promise.all([pipeline(counted(file, left), archive), reading()]);
  } catch (error) {
    const first = mistake ?? error;
    if (first instanceof ImageMistake || !isOfTar(first)) throw first;
    throw new ImageMistake(`a layer is not a tar archive (${String((first as Error).message).slice(0, 100)})`);
  } finally {
    archive.destroy();
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

function isOfTar(error: unknown): boolean {
  return /tar|Unexpected end of data|checksum/i.test((error as Error).message) && !(error instanceof ImageMistake);
}

async function readEntry(layer: Layer, entry: Entry, means: LayerMeans): Promise<void> {
  const { header } = entry;
  const path = posix.normalize(`/${header.name}`).slice(1).replace(/\/$/, '');
  const [folder, name] = [posix.dirname(path) === '.' ? '' : posix.dirname(path), posix.basename(path)];
  const remove = (removed: string) => (means.isHeld(removed) ? layer.removed.push(removed) : 0);
  if (name === EMPTIED) layer.emptied.push(folder);
  else if (name.startsWith(REMOVED)) remove(posix.join(folder, name.slice(REMOVED.length)));
  else if (header.type !== 'directory') {
    layer.files.delete(path);
    remove(path);
    if (header.type === 'link') noteLink(layer, path, posix.normalize(`/${header.linkname ?? ''}`).slice(1));
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    const kept = isFile ? await readFile(path, entry, means.scratch) : undefined;
    if (kept !== undefined) layer.files.set(path, kept);
  }
  entry.resume();
}

/** Another name of a known file is a file like it. */
function noteLink(layer: Layer, path: string, of: string): void {
  const linked = layer.files.get(of);
  if (linked !== undefined) layer.files.set(path, linked);
}

/** The content of a file; undefined for most. */
async function readFile(path: string, entry: Entry, scratch: string): Promise<KeptFile | undefined> {
  const { size = 0 } = entry.header;
  const known = knownFile(path);
  if (known !== undefined) {
    const { limitBytes, isCut, read } = known;
    if (size > limitBytes && !isCut) throw new ImageMistake(`${path.slice(0, 200)} is larger than ${limitBytes} bytes`);
    return { packages: read((await firstBytesOf(entry, limitBytes)).toString()) };
  }
  if (OS_RELEASE_PATHS.includes(path))
    return { packages: [], distribution: readOsRelease((await firstBytesOf(entry, OS_RELEASE_BYTES)).toString()) };
  const [folder, name] = [posix.dirname(path), posix.basename(path)];
  if (!RPM_FOLDERS.includes(folder)) return size < PROGRAM_BYTES ? undefined : readProgram(entry);
  if (OTHER_RPM_DATABASES.includes(name)) return { packages: [], isUnreadable: true };
  if (name === `${RPM_DATABASE}-wal` && size > 0) return { packages: [], isUnreadable: true };
  return name === RPM_DATABASE ? { packages: await readRpm(entry, size, scratch) } : undefined;
}

async function readRpm(entry: Entry, size: number, scratch: string): Promise<FoundPackage[]> {
  if (size > RPM_DATABASE_BYTES) throw new ImageMistake(`the RPM database is larger than ${RPM_DATABASE_BYTES} bytes`);
  const file = posix.join(scratch, RPM_DATABASE);
  await pipeline(entry, createWriteStream(file));
  // Other images have none of its packages, and do not need SQLite.
  const { readRpmDatabase } = await import('./rpm-database.ts');
  return readRpmDatabase(file);
}

async function firstBytesOf(entry: Entry, limitBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of entry as AsyncIterable<Buffer>) {
    if (bytes < limitBytes) pieces.push(piece.subarray(0, limitBytes - bytes));
    bytes += piece.length;
  }
  return Buffer.concat(pieces);
}

/** Searches a program for Go's data, without holding more of it in memory than that. */
async function readProgram(entry: Entry): Promise<KeptFile | undefined> {
  let [rest, isFirst, found]: [Buffer, boolean, FoundPackage[] | undefined] = [Buffer.alloc(0), true, undefined];
  let isProgram = true;
  for await (const piece of entry as AsyncIterable<Buffer>) {
    if (isFirst) isProgram = piece.subarray(0, ELF.length).equals(ELF);
    isFirst = false;
    if (!isProgram || found !== undefined) continue;
    const bytes = Buffer.concat([rest, piece]);
    let at = findGoMark(bytes, 0);
    while (at !== undefined && found === undefined) {
      found = readGoBuildInfo(bytes.subarray(at));
      if (found === undefined && bytes.length - at < GO_INFO_LIMIT_BYTES) break;
      if (found === undefined) at = findGoMark(bytes, at + 1);
    }
    // Keeps everything after a mark, or otherwise what could be the beginning of one.
    rest = bytes.subarray(at ?? Math.max(0, bytes.length - GO_MARK_BYTES + 1));
  }
  for (let at = findGoMark(rest, 0); at !== undefined && found === undefined; at = findGoMark(rest, at + 1))
    found = readGoBuildInfo(rest.subarray(at));
  return found === undefined ? undefined : { packages: found };
}
