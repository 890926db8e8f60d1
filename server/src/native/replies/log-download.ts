import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { LogState, Seal } from '@slipway/logbook';
import { messagesAsLatin1 } from '@slipway/logbook/search';
import { parseRange } from '#log/byte-range.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { Exchange, NativeContext } from '../native-operation.ts';

const TEXT_LINES_AT_ONCE = 500;
const READ_BYTES = 256 * 1024;
/** Content type of stored lines. */
export const NDJSON = 'application/x-ndjson; charset=utf-8';
/** The facts about a log that has not begun. */
export const NO_LOG: LogState = { lineCount: 0, sizeBytes: 0, sealed: false };

/** Sends the stored archive of a sealed log, or a range of its bytes. */
export function sendArchive(
  { logbook }: NativeContext,
  id: string,
  { sha256, archiveBytes }: Seal,
  { request, reply }: Exchange,
): void {
  const path = logbook.archivePath(id);
  if (path === undefined) throw new Error(`the log of ${id} is sealed and has no archive`);
  const [start, end] = rangeOf({ request, reply }, { etag: `"${sha256}-gzip"`, sizeBytes: archiveBytes });
  reply.send(createReadStream(path, { start, end: end - 1, highWaterMark: READ_BYTES }));
}

/**
 * The requested bytes of content of this size, and the headers that describe them; all bytes if there is no range, or
 * If-Range names another tag. Content without a tag is still growing: its size in Content-Range is `*`. Throws 416 for
 * a range past the end.
 */
export function rangeOf(
  { request, reply }: Exchange,
  { etag, sizeBytes }: { etag: string | undefined; sizeBytes: number },
): readonly [start: number, end: number] {
  reply.header('accept-ranges', 'bytes');
  if (etag !== undefined) reply.header('etag', etag);
  const conditional = request.headers['if-range'];
  const isFresh = conditional === undefined || conditional === etag;
  const range = isFresh ? parseRange(request.headers.range, sizeBytes) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${sizeBytes}`).removeHeader('content-encoding');
    throw new ApiError('InvalidRange', 416, `There are ${sizeBytes} bytes; the range begins after them.`);
  }
  const [start, end] = range ?? [0, sizeBytes];
  if (range)
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${etag === undefined ? '*' : sizeBytes}`);
  reply.header('content-length', end - start);
  return [start, end];
}

/** The stored lines from one byte to another. */
export function* storedText({ logbook }: NativeContext, id: string, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const part = logbook.text(id, at, Math.min(READ_BYTES, end - at));
    if (part.length === 0) throw new Error(`the log of ${id} ends at byte ${at}, before byte ${end}`);
    yield part;
    at += part.length;
  }
}

/** The messages, one per line. */
export function* plainText({ logbook }: NativeContext, id: string, lineCount: number): Generator<Buffer> {
  for (let offset = 0; offset < lineCount; offset += TEXT_LINES_AT_ONCE) {
    const { bytes } = logbook.pageView(id, offset, Math.min(TEXT_LINES_AT_ONCE, lineCount - offset));
    yield Buffer.from(messagesAsLatin1(bytes), 'latin1');
  }
}

/** The messages, each after its time. */
export function* timedText({ logbook }: NativeContext, id: string, lineCount: number): Generator<Buffer> {
  for (let offset = 0; offset < lineCount; offset += TEXT_LINES_AT_ONCE) {
    const lines = logbook.lines(id, offset, Math.min(TEXT_LINES_AT_ONCE, lineCount - offset));
    yield Buffer.from(
      lines
        .map(({ timeMs, message }) => `${timeMs === undefined ? '-' : new Date(timeMs).toISOString()} ${message}\n`)
        .join(''),
    );
  }
}

/** A stream of parts that are made one by one, as fast as the socket takes them. */
export function streamOf(parts: Iterable<Buffer>): Readable {
  return Readable.from(parts, { objectMode: false, highWaterMark: READ_BYTES });
}
