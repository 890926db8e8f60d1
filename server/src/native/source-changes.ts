import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { countJsonParts } from '#image/json-parts.ts';
import { type ApiError, invalidParameter } from '#rpc/errors/api-error.ts';
import { sourceArchiveDamaged } from '#source/errors.ts';
import type { SourceArchive } from '#source/source.ts';
import { nativeLimits } from './spec.gen.ts';

/*
 * What changed in a sent folder: a line with a JSON array, and then bytes. Each part of the array makes the next bytes of
 * the new archive: `[position, length]` takes them from the earlier one, and a number takes as many of those that follow
 * the line; no length is 0. Positions only grow, so that the earlier archive is read once, as a whole, and its checksum with it.
 */

type Part = number | readonly [position: number, length: number];

/** Changes whose line was read. */
export interface Changes {
  /** The size of the archive that they make. */
  sizeBytes: number;
  /** It is the earlier archive. */
  isSame: boolean;
  /**
   * The new archive. Ends with an error if the earlier one does not have its checksum any more, or if the body does not
   * have what its line says.
   */
  applyTo(earlier: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
}

const MOST_PARTS = nativeLimits.changedSourceParts;
/** Other requests have their turn after these: small parts are made without waiting for anything. */
const PARTS_AT_ONCE = 500;
const LINE_LIMIT_BYTES = 2 * 2 ** 20;
const NEWLINE = 10;
const WHERE = 'body';

/** Reads the line of a body with changes to `base`. Throws `InvalidParameter`. */
export async function readChanges(
  body: AsyncIterable<Buffer>,
  base: Pick<SourceArchive, 'sizeBytes' | 'sha256'>,
): Promise<Changes> {
  const bytes = new ByteReader(body, () => invalidParameter(WHERE, 'it is shorter than its first line says.'));
  const parts = parseParts(await bytes.line(), base.sizeBytes);
  const sizeBytes = parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? part : part[1]), 0);
  const [first] = parts;
  // Positions only grow, so one part has all of it.
  const isSame = parts.length === 1 && typeof first !== 'number' && first?.[1] === base.sizeBytes;
  return { sizeBytes, isSame, applyTo: (earlier) => apply(parts, bytes, earlier, base.sha256) };
}

async function* apply(
  parts: readonly Part[],
  sent: ByteReader,
  earlier: AsyncIterable<Buffer>,
  sha256: string,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const base = new ByteReader(hashed(earlier, hash), sourceArchiveDamaged);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (index % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) await setImmediate();
    if (typeof part === 'number') {
      for await (const chunk of sent.take(part)) yield chunk;
      continue;
    }
    const [position, length] = part;
    for await (const _ of base.take(position - at));
    for await (const chunk of base.take(length)) yield chunk;
    at = position + length;
  }
  await base.drain();
  if (hash.digest('hex') !== sha256) throw sourceArchiveDamaged();
  if ((await sent.drain()) > 0) throw invalidParameter(WHERE, 'it is longer than its first line says.');
}

/** Counts the parts before they are parsed, and checks that each is a number before it is used as one. */
function parseParts(line: Buffer, baseBytes: number): readonly Part[] {
  // A pair has a bracket, a comma, and another comma before the next part.
  if (countJsonParts(line) > 3 * MOST_PARTS) throw tooManyParts();
  let parts: unknown;
  try {
    parts = JSON.parse(line.toString());
  } catch {
    // JSON.parse throws only SyntaxError.
  }
  if (!Array.isArray(parts)) throw invalidParameter(WHERE, 'its first line is not a JSON array.');
  if (parts.length > MOST_PARTS) throw tooManyParts();
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (isLength(part)) continue;
    const end = endOf(part, at);
    if (end === undefined || end > baseBytes)
      throw invalidParameter(
        WHERE,
        `part ${index + 1} of its first line is neither a number of bytes nor [position, length] after the parts before it, within the ${baseBytes} bytes of the earlier source; no length is 0.`,
      );
    at = end;
  }
  return parts;
}

/** Where a `[position, length]` at or after `at` ends; undefined if it is none. */
function endOf(part: unknown, at: number): number | undefined {
  if (!Array.isArray(part) || part.length !== 2) return undefined;
  const [position, length] = part as unknown[];
  return Number.isSafeInteger(position) && (position as number) >= at && isLength(length)
    ? (position as number) + length
    : undefined;
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function tooManyParts(): ApiError {
  return invalidParameter(WHERE, `its first line has more than ${MOST_PARTS} parts; send the whole source.`);
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Reads a stream piece by piece. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #tooShort: () => Error;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>, tooShort: () => Error) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#tooShort = tooShort;
  }

  /** The bytes up to the first newline. */
  async line(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let read = 0; read <= LINE_LIMIT_BYTES; read += this.#chunk.length) {
      const end = this.#chunk.indexOf(NEWLINE);
      parts.push(this.#chunk.subarray(0, end < 0 ? this.#chunk.length : end));
      if (end >= 0) {
        this.#chunk = this.#chunk.subarray(end + 1);
        return Buffer.concat(parts);
      }
      if (!(await this.#next())) throw invalidParameter(WHERE, 'it has no first line.');
    }
    throw invalidParameter(WHERE, `its first line is longer than ${LINE_LIMIT_BYTES} bytes; send the whole source.`);
  }

  async *take(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#chunk.length === 0 && !(await this.#next())) throw this.#tooShort();
      const piece = this.#chunk.subarray(0, left);
      this.#chunk = this.#chunk.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Reads to the end, and returns how many bytes were left. */
  async drain(): Promise<number> {
    let count = this.#chunk.length;
    while (await this.#next()) count += this.#chunk.length;
    return count;
  }

  async #next(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    this.#chunk = done ? Buffer.alloc(0) : value;
    return !done;
  }
}
