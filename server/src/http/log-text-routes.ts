import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { LogState, Seal } from '@slipway/logbook';
import { messagesAsLatin1 } from '@slipway/logbook/messages.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from '#rpc/api-error.ts';
import { boolean, readQuery } from './api-query.ts';
import { parseRange } from './byte-range.ts';
import { logReaderOf } from './log-reader.ts';
import type { BuildRequest, NativeApi } from './native-api.ts';

const TEXT_LINES_AT_ONCE = 500;
const READ_BYTES = 256 * 1024;
const NDJSON = 'application/x-ndjson; charset=utf-8';
const NO_LOG: LogState = { lineCount: 0, sizeBytes: 0, sealed: false };

/**
 * The whole log as a download, as far as it is when the request comes: `log.txt` (the messages, with `timestamps=true` each
 * after its time), `log.ndjson` (the stored lines, with Range) and `log.ndjson.gz` (one gzip member: the stored archive of a
 * sealed log, with Range, or what a running one has so far).
 */
export async function logTextRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { logbook } = api.means;

  app.get('/builds/:id/log.txt', async (request: BuildRequest, reply) => {
    const { record } = await logReaderOf(api, request);
    const { timestamps = false } = readQuery(request, { timestamps: boolean });
    const id = record.buildRecordId;
    const { lineCount } = logbook.state(id) ?? NO_LOG;
    const text = timestamps ? timedText(api, id, lineCount) : plainText(api, id, lineCount);
    return reply.type('text/plain; charset=utf-8').send(stream(text));
  });

  app.get('/builds/:id/log.ndjson', async (request: BuildRequest, reply) => {
    const { record } = await logReaderOf(api, request);
    readQuery(request, {});
    const id = record.buildRecordId;
    const state = logbook.state(id) ?? NO_LOG;
    reply.type(NDJSON).header('vary', 'Accept-Encoding');
    const { seal } = state;
    if (seal !== undefined && request.headers.range === undefined && acceptsGzip(request)) {
      return sendArchive(api, id, seal, request, reply.header('content-encoding', 'gzip'));
    }
    const [start, end] = rangeOf(request, reply, { etag: seal && `"${seal.sha256}"`, sizeBytes: state.sizeBytes });
    return reply.send(stream(storedText(api, id, start, end)));
  });

  app.get('/builds/:id/log.ndjson.gz', async (request: BuildRequest, reply) => {
    const { record } = await logReaderOf(api, request);
    readQuery(request, {});
    const id = record.buildRecordId;
    reply.header('vary', 'Accept-Encoding');
    // A client that undoes encodings, as `curl --compressed`, gets the text; any other the file.
    if (acceptsGzip(request)) reply.type(NDJSON).header('content-encoding', 'gzip');
    else reply.type('application/gzip').header('content-disposition', `attachment; filename="${id}.ndjson.gz"`);
    const { seal, sizeBytes } = logbook.state(id) ?? NO_LOG;
    if (seal !== undefined) return sendArchive(api, id, seal, request, reply);
    // What is compressed on the way differs from what will be stored: no part of it can be asked for.
    const archive = createGzip();
    pipeline(stream(storedText(api, id, 0, sizeBytes)), archive, () => undefined);
    return reply.header('accept-ranges', 'none').send(archive);
  });
}

function sendArchive(
  api: NativeApi,
  id: string,
  { sha256, archiveBytes }: Seal,
  request: BuildRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = api.means.logbook.archivePath(id);
  if (path === undefined) throw new Error(`the log of ${id} is sealed and has no archive`);
  const [start, end] = rangeOf(request, reply, { etag: `"${sha256}-gzip"`, sizeBytes: archiveBytes });
  return reply.send(createReadStream(path, { start, end: end - 1, highWaterMark: READ_BYTES }));
}

/**
 * The bytes that are asked for of what has this size, all where there is no range or If-Range names another tag, and the
 * headers that say so. What has no tag grows: its size in Content-Range is `*`. Throws 416 for a range behind the end.
 */
function rangeOf(
  request: BuildRequest,
  reply: FastifyReply,
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

function acceptsGzip(request: BuildRequest): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '').split(',');
  return accepted.some((coding) => {
    const [name, ...weights] = coding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !weights.some((weight) => /^q=0(\.0*)?$/.test(weight));
  });
}

function* storedText(api: NativeApi, id: string, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const part = api.means.logbook.text(id, at, Math.min(READ_BYTES, end - at));
    if (part.length === 0) throw new Error(`the log of ${id} ends at byte ${at}, before byte ${end}`);
    yield part;
    at += part.length;
  }
}

function* plainText(api: NativeApi, id: string, lineCount: number): Generator<Buffer> {
  for (let offset = 0; offset < lineCount; offset += TEXT_LINES_AT_ONCE) {
    const { bytes } = api.means.logbook.pageView(id, offset, Math.min(TEXT_LINES_AT_ONCE, lineCount - offset));
    yield Buffer.from(messagesAsLatin1(bytes), 'latin1');
  }
}

function* timedText(api: NativeApi, id: string, lineCount: number): Generator<Buffer> {
  for (let offset = 0; offset < lineCount; offset += TEXT_LINES_AT_ONCE) {
    const lines = api.means.logbook.lines(id, offset, Math.min(TEXT_LINES_AT_ONCE, lineCount - offset));
    yield Buffer.from(
      lines
        .map(({ timeMs, message }) => `${timeMs === undefined ? '-' : new Date(timeMs).toISOString()} ${message}\n`)
        .join(''),
    );
  }
}

/** Parts are made one by one, as the socket takes them. */
function stream(parts: Iterable<Buffer>): Readable {
  return Readable.from(parts, { objectMode: false, highWaterMark: READ_BYTES });
}
