import { Readable } from 'node:stream';
import { type LogBytes, type LogReader, type LogState, readLines, type Seal } from '@slipway/logbook';
import { messagesAsLatin1 } from '@slipway/logbook/search';
import { parseRange } from '#log/byte-range.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { Exchange } from '../native-operation.ts';

const TEXT_LINES_AT_ONCE = 500;
const READ_BYTES = 256 * 1024;
/** Content type of stored lines. */
export const NDJSON = 'application/x-ndjson; charset=utf-8';
/** The facts about a log that has not begun. */
export const NO_LOG: LogState = { lineCount: 0, sizeBytes: 0, sealed: false };

/** Sends the stored archive of a sealed log, or a range of its bytes. */
export function sendArchive(log: LogBytes, { sha256, archiveBytes }: Seal, { request, reply }: Exchange): void {
  const [start, end] = rangeOf({ request, reply }, { etag: `"${sha256}-gzip"`, sizeBytes: archiveBytes });
  reply.send(log.archive(start, end));
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

/** The messages, one per line. */
export async function* plainText(log: LogReader, lineCount: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < lineCount; offset += TEXT_LINES_AT_ONCE) {
    const { latin1 } = await log.page(offset, Math.min(TEXT_LINES_AT_ONCE, lineCount - offset));
    yield Buffer.from(messagesAsLatin1(latin1), 'latin1');
  }
}

/** The messages, each after its time. */
export async function* timedText(log: LogReader, lineCount: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < lineCount; offset += TEXT_LINES_AT_ONCE) {
    const lines = await readLines(log, offset, Math.min(TEXT_LINES_AT_ONCE, lineCount - offset));
    yield Buffer.from(
      lines
        .map(({ timeMs, message }) => `${timeMs === undefined ? '-' : new Date(timeMs).toISOString()} ${message}\n`)
        .join(''),
    );
  }
}

/** A stream of parts that are made one by one, as fast as the socket takes them; empty if there is no log. */
export function streamOf(parts: AsyncIterable<Buffer> = Readable.from([])): Readable {
  return Readable.from(parts, { objectMode: false, highWaterMark: READ_BYTES });
}
