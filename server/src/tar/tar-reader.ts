import { parseTarNumber, type TarHeader, withRecords } from './tar-header.ts';
import { TarMistake } from './tar-mistake.ts';

/** A member of an archive. Read its content before asking for the next member; unread content is skipped. */
export interface TarMember {
  readonly header: TarHeader;
  /** Every block of its header unchanged: extensions for long names and attributes, and its own. */
  readonly rawHeader: Buffer;
  content(): AsyncGenerator<Buffer>;
}

const BLOCK_BYTES = 512;
/** The limit for all extensions of one header: long names, extended attributes. */
const EXTENSIONS_LIMIT_BYTES = 1024 * 1024;

/**
 * Reads a tar archive in the formats that occur in practice: ustar, pax and GNU. Holds one header at a time. Reads the
 * source to its end, even past the end of the archive, so that its compression is checked. Throws `TarMistake` if it is
 * not an archive.
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarMember> {
  const bytes = new ByteReader(source);
  try {
    yield* readMembers(bytes);
  } finally {
    await bytes.close();
  }
}

async function* readMembers(bytes: ByteReader): AsyncGenerator<TarMember> {
  let extensions: Extensions = NO_EXTENSIONS;
  for (;;) {
    const block = await bytes.take(BLOCK_BYTES);
    if (block.length === 0 || block.every((byte) => byte === 0)) break;
    if (block.length < BLOCK_BYTES) throw new TarMistake('it ends within a header');
    const own = parseBlock(block);
    if (EXTENSION_TYPES.includes(own.type)) {
      extensions = extend(extensions, own.type, block, await readExtension(bytes, own.sizeBytes, extensions));
      continue;
    }
    const header = withRecords({ ...own, ...extensions.names }, extensions.records);
    const rawHeader = Buffer.concat([...extensions.raw, block]);
    extensions = NO_EXTENSIONS;
    // The size in the header of a link or a folder describes content that is not in the archive.
    const hasContent = !'123456'.includes(header.type);
    let leftBytes = hasContent ? header.sizeBytes : 0;
    const paddingBytes = paddingOf(leftBytes);
    const content = async function* () {
      while (leftBytes > 0) {
        const part = await bytes.some(leftBytes);
        if (part.length === 0) throw new TarMistake(`it ends within ${JSON.stringify(header.name.slice(0, 200))}`);
        leftBytes -= part.length;
        yield part;
      }
    };
    yield { header: hasContent ? header : { ...header, sizeBytes: 0 }, rawHeader, content };
    for await (const _ of content());
    await bytes.take(paddingBytes);
  }
  if (extensions !== NO_EXTENSIONS) throw new TarMistake('it ends after an extension of a header');
  while ((await bytes.some(Number.MAX_SAFE_INTEGER)).length > 0);
}

/** How many zeros follow content of a given size. */
export function paddingOf(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** pax for one member and for all that follow, and GNU's long name and long link. */
const EXTENSION_TYPES = ['x', 'g', 'L', 'K'];

interface Extensions {
  readonly records: ReadonlyMap<string, string>;
  readonly names: { name?: string; linkName?: string };
  readonly raw: readonly Buffer[];
  readonly rawBytes: number;
}

const NO_EXTENSIONS: Extensions = { records: new Map(), names: {}, raw: [], rawBytes: 0 };

async function readExtension(bytes: ByteReader, sizeBytes: number, before: Extensions): Promise<Buffer> {
  if (before.rawBytes + sizeBytes > EXTENSIONS_LIMIT_BYTES)
    throw new TarMistake(`the extensions of a header have more than ${EXTENSIONS_LIMIT_BYTES} bytes`);
  const stored = await bytes.take(sizeBytes + paddingOf(sizeBytes));
  if (stored.length < sizeBytes) throw new TarMistake('it ends within an extension of a header');
  return stored;
}

function extend(before: Extensions, type: string, block: Buffer, stored: Buffer): Extensions {
  // In archives that occur in practice, a record for all following members is only a comment (git's commit).
  if (type === 'g') return before;
  const raw = [...before.raw, block, stored];
  const rawBytes = before.rawBytes + BLOCK_BYTES + stored.length;
  const text = stored.subarray(0, parseTarNumber(block.subarray(124, 136)));
  if (type === 'x') return { ...before, records: parseRecords(text), raw, rawBytes };
  const name = textOf(text);
  return { ...before, names: { ...before.names, ...(type === 'L' ? { name } : { linkName: name }) }, raw, rawBytes };
}

/** `LENGTH KEY=VALUE\n`, one after the other; the length includes itself (pax, "Extended Header"). */
function parseRecords(text: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(' ', at);
    const length = Number(text.toString('latin1', at, Math.min(space, at + 10)));
    const end = at + length;
    const equals = text.indexOf('=', space);
    const isWhole = space > at && Number.isSafeInteger(length) && equals > space && equals < end && end <= text.length;
    if (!isWhole) throw new TarMistake('an extension of a header is malformed');
    records.set(text.toString('utf8', space + 1, equals), text.toString('latin1', equals + 1, end - 1));
    at = end;
  }
  return records;
}

function parseBlock(block: Buffer): TarHeader {
  const sum = parseTarNumber(block.subarray(148, 156));
  let signed = 0;
  let unsigned = 0;
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  if (sum !== unsigned && sum !== signed) throw new TarMistake('it is not a tar archive, or is damaged');
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textOf(block.subarray(345, 500)) : '';
  const name = textOf(block.subarray(0, 100));
  const type = String.fromCharCode(block[156] || 0x30);
  const sizeBytes = parseTarNumber(block.subarray(124, 136));
  if (sizeBytes < 0 || !Number.isSafeInteger(sizeBytes)) throw new TarMistake('a size in it is not valid');
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textOf(block.subarray(157, 257)),
    // A regular file of the oldest archives, and one that asks for contiguous storage.
    type: type === '7' ? '0' : type,
    sizeBytes,
    mode: parseTarNumber(block.subarray(100, 108)),
    userId: parseTarNumber(block.subarray(108, 116)),
    groupId: parseTarNumber(block.subarray(116, 124)),
    modifiedS: parseTarNumber(block.subarray(136, 148)),
    userName: textOf(block.subarray(265, 297)),
    groupName: textOf(block.subarray(297, 329)),
    deviceMajor: parseTarNumber(block.subarray(329, 337)),
    deviceMinor: parseTarNumber(block.subarray(337, 345)),
    records: new Map(),
  };
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** Reads a stream in pieces of chosen sizes. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** At least one byte and at most `limitBytes`; none at the end. */
  async some(limitBytes: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#source.next();
      if (done) return this.#rest;
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, limitBytes);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  /** `sizeBytes` bytes, or fewer if the source ends. */
  async take(sizeBytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = sizeBytes; left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) break;
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }
}
