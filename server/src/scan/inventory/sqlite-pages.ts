import { fstatSync, readSync } from 'node:fs';

/** The database is damaged, or not made as expected. The message says how; it is the end of a sentence. */
export class SqliteMistake extends Error {
  override readonly name = 'SqliteMistake';
}

const MAGIC = 'SQLite format 3\0';
/** The header of the file, at the beginning of page 1. */
export const FILE_HEADER_BYTES = 100;
const [PAGE_SIZE_AT, READ_VERSION_AT, RESERVED_AT, ENCODING_AT] = [16, 19, 20, 56] as const;
/** How the header writes the size that its two bytes cannot hold. */
const [LARGEST_PAGE, LARGEST_PAGE_BYTES] = [1, 65_536];
const UTF8 = 1;
const MAX_READ_VERSION = 2;
const MIN_USABLE_BYTES = 480;

/** The pages of a database. Each can be read once: nothing that is read by way of them takes longer than the file is large. */
export class SqlitePages {
  /** How many bytes of a page are used. */
  readonly usableBytes: number;
  readonly #fd: number;
  readonly #pageBytes: number;
  readonly #isRead: Uint8Array;

  /** Reads the header of the file. Throws SqliteMistake. */
  constructor(fd: number) {
    this.#fd = fd;
    const header = this.#bytes(0, FILE_HEADER_BYTES);
    if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new SqliteMistake('it is not an SQLite database');
    const size = header.readUInt16BE(PAGE_SIZE_AT);
    this.#pageBytes = size === LARGEST_PAGE ? LARGEST_PAGE_BYTES : size;
    this.usableBytes = this.#pageBytes - header.readUInt8(RESERVED_AT);
    const isPowerOfTwo = (this.#pageBytes & (this.#pageBytes - 1)) === 0;
    if (!isPowerOfTwo || this.usableBytes < MIN_USABLE_BYTES)
      throw new SqliteMistake(`its pages have ${this.usableBytes} of ${this.#pageBytes} bytes`);
    if (header.readUInt8(READ_VERSION_AT) > MAX_READ_VERSION)
      throw new SqliteMistake('it was written by a later version of SQLite');
    if (header.readUInt32BE(ENCODING_AT) !== UTF8) throw new SqliteMistake('its texts are not UTF-8');
    this.#isRead = new Uint8Array(Math.floor(fstatSync(fd).size / this.#pageBytes) + 1);
  }

  /** The used bytes of a page; they are numbered from 1. */
  read(page: number): Buffer {
    const last = this.#isRead.length - 1;
    if (!Number.isInteger(page) || page < 1 || page > last)
      throw new SqliteMistake(`it names page ${page}, and has ${last}`);
    if (this.#isRead[page] === 1) throw new SqliteMistake(`it uses page ${page} twice`);
    this.#isRead[page] = 1;
    return this.#bytes((page - 1) * this.#pageBytes, this.usableBytes);
  }

  #bytes(from: number, count: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(count);
    if (readSync(this.#fd, bytes, 0, count, from) < count) throw new SqliteMistake('it is cut off');
    return bytes;
  }
}

const LONGEST_VARINT_BYTES = 9;

/** Reads numbers and bytes one after the other. Throws SqliteMistake at the end of the bytes. */
export class SqliteBytes {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  get length(): number {
    return this.#bytes.length;
  }

  take(count: number): Buffer {
    const from = this.at;
    if (from + count > this.#bytes.length) throw new SqliteMistake('it has a number that leads out of its page or row');
    this.at += count;
    return this.#bytes.subarray(from, this.at);
  }

  unsigned(count: 1 | 2 | 4): number {
    return this.take(count).readUIntBE(0, count);
  }

  /** Seven bits per byte, and eight in the ninth. The result has no sign, and beyond 2^53 it is rounded. */
  varint(): number {
    let value = 0;
    for (let count = 1; ; count += 1) {
      const byte = this.unsigned(1);
      if (count === LONGEST_VARINT_BYTES) return value * 256 + byte;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }
}
