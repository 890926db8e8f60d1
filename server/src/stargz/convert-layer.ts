import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { headerBlock } from '#tar/header-block.ts';
import { TarMistake } from '#tar/tar-mistake.ts';
import { paddingOf, readTar, type TarMember } from '#tar/tar-reader.ts';
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK, TOC_NAME, type TocEntry, tocEntryOf } from './toc.ts';

/*
 * eStargz (https://github.com/containerd/stargz-snapshotter, docs/estargz.md): an ordinary gzipped tar archive that any runtime can
 * unpack, and that a runtime which knows the format can also read file by file, before it has downloaded all of it. Each chunk of a file's
 * content is a gzip member of its own. The member before the last is a file of the archive, `stargz.index.json`, which says where
 * each chunk is. The last is empty, 51 bytes long, and says where that table begins.
 */

/** A layer after its conversion. */
export interface ConvertedLayer {
  readonly digest: string;
  readonly sizeBytes: number;
  /** Digest of the archive without its compression, for the image's configuration. */
  readonly diffId: string;
  readonly unpackedBytes: number;
  /** Digest of the table of contents, for the annotation of the layer. */
  readonly tocDigest: string;
  readonly files: number;
}

/** Where a converted layer goes, and the table of contents while it grows. */
export interface LayerOutput {
  write(bytes: Buffer): Promise<void>;
  /** Appends to the table of contents. */
  writeToc(bytes: Buffer): Promise<void>;
  /** Reads the table from its beginning, once it is complete. */
  readToc(): AsyncIterable<Buffer>;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
/** Headers without content between them are compressed together, up to this size. */
const HEADERS_BYTES = 1024 * 1024;
const PATH_LIMIT_CHARS = 4096;
const ENTRIES_LIMIT = 1_000_000;
const LANDMARK_CONTENT = Buffer.from([0x0f]);
const OWN_NAMES = new Set([TOC_NAME, PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK]);
const END_OF_ARCHIVE = Buffer.alloc(1024);
const compress = promisify(gzip);

/**
 * Converts a layer. `open` returns a new stream of its decompressed archive: it is read once, or three times if some files come
 * first. It needs memory for some chunks and for `first`. The result depends only on the archive, `first` and zlib. Throws
 * `TarMistake`, also for a member that no image can hold.
 */
export async function convertLayer(
  open: () => Promise<AsyncIterable<Buffer>>,
  output: LayerOutput,
  first: readonly string[] = [],
): Promise<ConvertedLayer> {
  const writer = new LayerWriter(output);
  const wanted = first.length === 0 ? new Set<string>() : await findWanted(open, first);
  if (wanted.size > 0)
    for await (const member of readTar(await open()))
      if (wanted.has(plainName(member.header.name))) await writer.add(member);
  await writer.addOwn(wanted.size > 0 ? PREFETCH_LANDMARK : NO_PREFETCH_LANDMARK, LANDMARK_CONTENT);
  for await (const member of readTar(await open()))
    if (!wanted.has(plainName(member.header.name))) await writer.add(member);
  return writer.end();
}

/**
 * The names of the requested files that an archive contains (a path that ends with / means everything in a folder), of the folders above
 * them, and of the targets of hard links among them.
 */
async function findWanted(open: () => Promise<AsyncIterable<Buffer>>, first: readonly string[]): Promise<Set<string>> {
  const asked = new Set(first.map(plainName).filter((name) => name !== ''));
  const folders = new Set(first.filter((path) => path.endsWith('/')).map(plainName));
  const found = new Set<string>();
  for await (const { header } of readTar(await open())) {
    const name = plainName(header.name);
    if (!asked.has(name) && !parentsOf(name).some((parent) => folders.has(parent))) continue;
    const linked = header.type === '1' ? [plainName(header.linkName)] : [];
    for (const each of [name, ...linked]) for (const path of [each, ...parentsOf(each)]) found.add(path);
  }
  return found;
}

/** The folders above a path; none for a path that is longer than any system allows. */
function parentsOf(path: string): string[] {
  if (path.length > PATH_LIMIT_CHARS) return [];
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function plainName(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** Writes the members of a layer, one gzip member for each chunk of content, and the table of contents. */
class LayerWriter {
  readonly #output: LayerOutput;
  readonly #compressed = createHash('sha256');
  readonly #unpacked = createHash('sha256');
  readonly #toc = createHash('sha256');
  #offset = 0;
  #unpackedBytes = 0;
  #tocBytes = 0;
  #entries = 0;
  /** Headers and padding that have not been compressed yet. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(output: LayerOutput) {
    this.#output = output;
  }

  async add({ header, rawHeader, content }: TarMember): Promise<void> {
    if (OWN_NAMES.has(plainName(header.name))) return;
    const entry = tocEntryOf(header);
    const isSparse = [...header.records.keys()].some((key) => key.startsWith('GNU.sparse.'));
    if (entry === undefined || isSparse)
      throw new TarMistake(`${JSON.stringify(header.name.slice(0, 200))} is of a kind that cannot be converted`);
    await this.#addMember(entry, rawHeader, header.sizeBytes, content());
  }

  /** A file that belongs to the format. */
  async addOwn(name: string, content: Buffer): Promise<void> {
    const entry: TocEntry = { name, type: 'reg', size: content.length, modtime: '1970-01-01T00:00:00Z', mode: 0o644 };
    const header = headerBlock({ name, sizeBytes: content.length });
    await this.#addMember(entry, header, content.length, [content]);
  }

  async #addMember(
    entry: TocEntry,
    header: Buffer,
    sizeBytes: number,
    content: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> {
    await this.#hold(header);
    if (entry.type !== 'reg') return this.#list(entry);
    const hash = createHash('sha256');
    const chunks: TocEntry[] = [];
    if (sizeBytes > 0) await this.#flush();
    for await (const chunk of chunksOf(content)) {
      hash.update(chunk);
      const isLast = chunks.length * CHUNK_BYTES + chunk.length === sizeBytes;
      chunks.push({
        ...(chunks.length === 0 ? entry : { name: entry.name, type: 'chunk' }),
        offset: this.#offset,
        ...(chunks.length === 0 ? {} : { chunkOffset: chunks.length * CHUNK_BYTES }),
        ...(isLast ? {} : { chunkSize: chunk.length }),
        chunkDigest: sha256Of(chunk),
      });
      await this.#writeMember(chunk);
    }
    const [own = entry, ...more] = chunks;
    await this.#list({ ...own, digest: `sha256:${hash.digest('hex')}` });
    for (const each of more) await this.#list(each);
    await this.#hold(Buffer.alloc(paddingOf(sizeBytes)));
  }

  async end(): Promise<ConvertedLayer> {
    await this.#flush();
    await this.#writeToc(this.#entries === 0 ? '{"version":1,"entries":[]}' : ']}');
    const tocOffset = this.#offset;
    const tocDigest = `sha256:${this.#toc.digest('hex')}`;
    const table = pipeline(Readable.from(this.#tocParts(), { objectMode: false }), createGzip(), () => undefined);
    for await (const part of table) await this.#write(part as Buffer);
    await this.#write(footerOf(tocOffset));
    return {
      digest: `sha256:${this.#compressed.digest('hex')}`,
      sizeBytes: this.#offset,
      diffId: `sha256:${this.#unpacked.digest('hex')}`,
      unpackedBytes: this.#unpackedBytes,
      tocDigest,
      files: this.#entries,
    };
  }

  /** The table of contents as the last member of the archive, and the end of the archive. */
  async *#tocParts(): AsyncGenerator<Buffer> {
    const sizeBytes = this.#tocBytes;
    yield this.#noted(headerBlock({ name: TOC_NAME, sizeBytes }));
    for await (const part of this.#output.readToc()) yield this.#noted(part);
    yield this.#noted(Buffer.concat([Buffer.alloc(paddingOf(sizeBytes)), END_OF_ARCHIVE]));
  }

  async #list(entry: TocEntry): Promise<void> {
    if (++this.#entries > ENTRIES_LIMIT) throw new TarMistake(`it has more than ${ENTRIES_LIMIT} files and chunks`);
    await this.#writeToc(`${this.#entries === 1 ? '{"version":1,"entries":[' : ','}${JSON.stringify(entry)}`);
  }

  async #writeToc(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#toc.update(bytes);
    this.#tocBytes += bytes.length;
    await this.#output.writeToc(bytes);
  }

  async #hold(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    this.#pending.push(Buffer.from(bytes));
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > HEADERS_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    const held = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#writeMember(held);
  }

  async #writeMember(bytes: Buffer): Promise<void> {
    await this.#write(await compress(this.#noted(bytes)));
  }

  #noted(bytes: Buffer): Buffer {
    this.#unpacked.update(bytes);
    this.#unpackedBytes += bytes.length;
    return bytes;
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#compressed.update(bytes);
    this.#offset += bytes.length;
    await this.#output.write(bytes);
  }
}

/** The same bytes in pieces of chunk size; the last one may be shorter. */
async function* chunksOf(content: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of content) {
    for (let rest = part; rest.length > 0; ) {
      const taken = rest.subarray(0, CHUNK_BYTES - bytes);
      // A piece of the source may be a view of a much larger buffer.
      parts.push(Buffer.from(taken));
      bytes += taken.length;
      rest = rest.subarray(taken.length);
      if (bytes < CHUNK_BYTES) continue;
      yield Buffer.concat(parts);
      [parts, bytes] = [[], 0];
    }
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** An empty gzip member that says in its extra field where the table of contents begins. */
function footerOf(tocOffset: number): Buffer {
  const place = Buffer.from(`${tocOffset.toString(16).padStart(16, '0')}STARGZ`, 'latin1');
  const footer = Buffer.alloc(51);
  // Magic, deflate, an extra field, no time, no system; the field: its length, its name and the length of its content.
  footer.set([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 26, 0, 0x53, 0x47, 22, 0]);
  place.copy(footer, 16);
  // One stored block without content; check sum and length are 0.
  footer.set([1, 0, 0, 0xff, 0xff], 38);
  return footer;
}

function sha256Of(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
