import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { LogState } from '@slipway/logbook';
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
 * after its time), `log.ndjson` (the stored lines, with Range) and `log.ndjson.gz` (the stored archive of a sealed log).
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
    reply.type(NDJSON).header('accept-ranges', 'bytes').header('vary', 'Accept-Encoding');
    const etag = state.seal && `"${state.seal.sha256}"`;
    if (etag !== undefined) reply.header('etag', etag);
    const conditional = request.headers['if-range'];
    const isFresh = conditional === undefined || conditional === etag;
    const range = isFresh ? parseRange(request.headers.range, state.sizeBytes) : undefined;
    // Of a log that grows, the size is not known: it is `*` there.
    const size = state.sealed ? state.sizeBytes : '*';
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${state.sizeBytes}`);
      throw new ApiError('InvalidRange', 416, `The log has ${state.sizeBytes} bytes; the range begins after them.`);
    }
    if (range === undefined && state.sealed && acceptsGzip(request)) return sendArchive(api, id, reply);
    const [start, end] = range ?? [0, state.sizeBytes];
    if (range) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
    reply.header('content-length', end - start);
    return reply.send(stream(storedText(api, id, start, end)));
  });

  app.get('/builds/:id/log.ndjson.gz', async (request: BuildRequest, reply) => {
    const { record } = await logReaderOf(api, request);
    readQuery(request, {});
    const id = record.buildRecordId;
    if (logbook.state(id)?.sealed !== true) {
      throw new ApiError('BUILD_LOG_NOT_SEALED', 409, 'The build has not ended: its log is not sealed yet.');
    }
    reply.header('vary', 'Accept-Encoding').header('content-disposition', `attachment; filename="${id}.ndjson.gz"`);
    // A client that undoes encodings, as `curl --compressed`, gets the text; any other the file.
    if (acceptsGzip(request)) return sendArchive(api, id, reply.type(NDJSON).removeHeader('content-disposition'));
    return sendArchive(api, id, reply.type('application/gzip'), false);
  });
}

function sendArchive(api: NativeApi, id: string, reply: FastifyReply, asEncoding = true): FastifyReply {
  const path = api.means.logbook.archivePath(id);
  const sizeBytes = api.means.logbook.state(id)?.seal?.archiveBytes;
  if (path === undefined || sizeBytes === undefined) throw new Error(`the log of ${id} is sealed and has no archive`);
  if (asEncoding) reply.header('content-encoding', 'gzip');
  reply.header('content-length', sizeBytes);
  return reply.send(createReadStream(path, { highWaterMark: READ_BYTES }));
}

function acceptsGzip(request: BuildRequest): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '').split(',');
  return accepted.some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));
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
