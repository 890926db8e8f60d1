import { setTimeout as sleep } from 'node:timers/promises';
import { damageOf } from '@slipway/logbook/damaged-log.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findBuildRecord } from '#build/build-store.ts';
import { buildLogDamaged } from '#build/errors.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { integer, readQuery } from './api-query.ts';
import { CatchUpGate } from './catch-up-gate.ts';
import type { Follower } from './follower.ts';
import type { Followers } from './followers.ts';
import { FrameCache } from './frame-cache.ts';
import { FILTER_QUERY, filteredLines, filterOf, type LineFilter } from './line-filter.ts';
import { logReaderOf } from './log-reader.ts';
import { LogStream, type StreamMeans } from './log-stream.ts';
import type { BuildRequest, NativeApi } from './native-api.ts';
import { writeNote } from './request-note.ts';
import { eventFrame, linesFrame, positionFrame } from './stream-frames.ts';

const lineNumber = integer(1, Number.MAX_SAFE_INTEGER);
const STREAM_QUERY = { from: lineNumber, tail: integer(0, Number.MAX_SAFE_INTEGER), ...FILTER_QUERY };
const PENDING_POLL_MS = 100;
const FILTERED_EVENT_LINES = 128;

/** Where a stream begins, and what of the log it gives. */
interface StreamStart {
  readonly from: number | undefined;
  readonly tail: number | undefined;
  readonly filter: LineFilter | undefined;
}

/**
 * `GET /builds/ID/log/stream`: the log as server-sent events, from line `from` on or from the last `tail` lines on, or after
 * the line of `Last-Event-ID`; then what comes, as it is committed; then `event: end` with how the build ended.
 */
export async function logStreamRoute(
  app: FastifyInstance,
  { api, followers }: { api: NativeApi; followers: Followers },
): Promise<void> {
  const { logbook } = api.means;
  const means: StreamMeans = {
    logbook,
    frames: new FrameCache(logbook),
    gate: new CatchUpGate(),
    endFrame: (id) => endFrame(api, id),
    fail: (follower, error) => {
      const { requestId } = follower;
      app.log.error({ requestId, err: error }, 'a stream of a log failed');
      follower.end(failureFrame(requestId, error));
    },
  };
  app.get('/builds/:id/log/stream', { exposeHeadRoute: false }, async (request: BuildRequest, reply) => {
    const { principal, record } = await logReaderOf(api, request);
    const query = readQuery(request, STREAM_QUERY);
    if (query.from !== undefined && query.tail !== undefined) throw invalidParameter('tail', 'from is given too.');
    const lastSeen = lastEventId(request);
    const origin = { caller: principal.arn, address: principal.call?.sourceIp ?? request.ip };
    followers.admit(origin);
    writeNote(request, api);
    reply.hijack();
    const follower = followers.open(reply.raw, origin, request.id);
    const from = lastSeen === undefined ? query.from : lastSeen + 1;
    const start = { from, tail: query.tail, filter: filterOf(query) };
    // Not awaited: what waits here for the end of a build is the request with all that was read of it.
    void beginStream(api, means, record.buildRecordId, start, follower).catch((error) => means.fail(follower, error));
  });
}

/** Waits for the log, and sends from where the stream begins on. */
async function beginStream(
  api: NativeApi,
  means: StreamMeans,
  id: string,
  start: StreamStart,
  follower: Follower,
): Promise<void> {
  const { logbook } = means;
  while (logbook.state(id) === undefined) {
    if (await isOver(api, id)) return follower.end(await endFrame(api, id));
    await sleep(PENDING_POLL_MS);
    if (follower.isOver) return;
  }
  const lineCount = logbook.state(id)?.lineCount ?? 0;
  let from = start.from ?? (start.tail === undefined ? 1 : Math.max(1, lineCount - start.tail + 1));
  const { filter } = start;
  if (filter !== undefined) from = await catchUp(means, id, from, filter, follower);
  if (follower.isOver) return;
  new LogStream(means, follower, { id, from, filter }).begin(positionFrame(from - 1));
}

/** Sends the wanted lines that are there by the index, which spares reading the others; gives the line to follow from. */
async function catchUp(
  { logbook, gate }: StreamMeans,
  id: string,
  fromLine: number,
  filter: LineFilter,
  follower: Follower,
): Promise<number> {
  let nextLine = fromLine;
  while (nextLine <= (logbook.state(id)?.lineCount ?? 0) && !follower.isOver) {
    const { lines, nextLine: after } = await filteredLines(logbook, id, nextLine, filter, FILTERED_EVENT_LINES);
    if (lines.length > 0) await new Promise<void>((resolve) => follower.send(linesFrame(lines, after - 1), resolve));
    nextLine = after;
    await new Promise<void>((resolve) => gate.next(resolve));
  }
  return nextLine;
}

/** A record that ended without a log has none to wait for. */
async function isOver(api: NativeApi, id: string): Promise<boolean> {
  const record = await findBuildRecord(api.means.db, id);
  return record?.endedMs !== undefined && api.means.logbook.state(id) === undefined;
}

async function endFrame(api: NativeApi, id: string): Promise<Buffer> {
  const record = await findBuildRecord(api.means.db, id);
  const state = api.means.logbook.state(id);
  return eventFrame('end', {
    Status: record?.status,
    Failure: record?.failure && { Fault: record.failure.fault, Message: record.failure.message },
    TotalCount: state?.lineCount ?? 0,
    Seal: state?.seal,
  });
}

/** A follower comes back after what may pass; a log that is damaged on disk would only fail it again. */
function failureFrame(requestId: string, error: unknown): Buffer {
  const damage = damageOf(error);
  if (damage === undefined) return eventFrame('reconnect', { Reason: 'the server failed', RequestId: requestId });
  const { code, message } = buildLogDamaged(damage.message);
  return eventFrame('failed', { RequestId: requestId, Code: code, Message: message });
}

function lastEventId(request: FastifyRequest): number | undefined {
  const value = request.headers['last-event-id'];
  if (value === undefined || value === '') return undefined;
  return integer(0, Number.MAX_SAFE_INTEGER - 1)(String(value), 'Last-Event-ID');
}
