import { setTimeout as sleep } from 'node:timers/promises';
import type { FollowEvent, Logbook } from '@slipway/logbook';
import { damageOf } from '@slipway/logbook/damaged-log.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findBuildRecord } from '#build/build-store.ts';
import { buildLogDamaged } from '#build/errors.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { integer, readQuery } from './api-query.ts';
import { CatchUpGate } from './catch-up-gate.ts';
import type { Follower } from './follower.ts';
import type { Followers } from './followers.ts';
import { FILTER_QUERY, filteredLines, filterOf, isWanted, type LineFilter } from './line-filter.ts';
import { logReaderOf } from './log-reader.ts';
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
  const frames = new FrameCache(api.means.logbook);
  const gate = new CatchUpGate();
  app.get('/builds/:id/log/stream', { exposeHeadRoute: false }, async (request: BuildRequest, reply) => {
    const { principal, record } = await logReaderOf(api, request);
    const query = readQuery(request, STREAM_QUERY);
    if (query.from !== undefined && query.tail !== undefined) throw invalidParameter('tail', 'from is given too.');
    const lastSeen = lastEventId(request);
    const origin = { caller: principal.arn, address: principal.call?.sourceIp ?? request.ip };
    followers.admit(origin);
    writeNote(request, api);
    reply.hijack();
    const follower = followers.open(reply.raw, origin, request.id, () =>
      request.log.warn({ requestId: request.id, ...origin }, 'a follower of a log was dropped, since it did not read'),
    );
    const from = lastSeen === undefined ? query.from : lastSeen + 1;
    const start = { from, tail: query.tail, filter: filterOf(query) };
    try {
      await followBuild(api, { frames, gate }, record.buildRecordId, start, follower);
    } catch (error) {
      request.log.error({ requestId: request.id, err: error }, 'a stream of a log failed');
      follower.end(failureFrame(request.id, error));
    }
  });
}

/** The frame of each event, made once for all followers that get it. */
class FrameCache {
  readonly #logbook: Logbook;
  // Followers at the same place of a log get the same buffer, which is what an event's frame is found by.
  readonly #frames = new WeakMap<Buffer, Buffer>();

  constructor(logbook: Logbook) {
    this.#logbook = logbook;
  }

  /** Undefined for an event without lines. */
  frameOf(logId: string, event: FollowEvent): Buffer | undefined {
    if (event.lineCount === 0) return undefined;
    const known = this.#frames.get(event.bytes);
    if (known !== undefined) return known;
    const lines = this.#logbook.lines(logId, event.firstLine - 1, event.lineCount);
    const frame = linesFrame(lines, lastLineOf(event));
    this.#frames.set(event.bytes, frame);
    return frame;
  }
}

async function followBuild(
  api: NativeApi,
  { frames, gate }: { frames: FrameCache; gate: CatchUpGate },
  id: string,
  start: StreamStart,
  follower: Follower,
): Promise<void> {
  const { logbook } = api.means;
  while (logbook.state(id) === undefined) {
    if (await isOver(api, id)) return follower.end(await endFrame(api, id));
    await sleep(PENDING_POLL_MS);
    if (follower.signal.aborted) return;
  }
  const lineCount = logbook.state(id)?.lineCount ?? 0;
  let from = start.from ?? (start.tail === undefined ? 1 : Math.max(1, lineCount - start.tail + 1));
  const { filter } = start;
  if (filter !== undefined) from = await catchUp(logbook, gate, id, from, filter, follower);
  await follower.send(positionFrame(from - 1));
  for await (const event of logbook.follow(id, from, { signal: follower.signal })) {
    const frame = filter === undefined ? frames.frameOf(id, event) : filteredFrame(logbook, id, event, filter);
    if (frame !== undefined) await follower.send(frame);
    if (lastLineOf(event) < (logbook.state(id)?.lineCount ?? 0)) await gate.turn();
    if (event.sealed) return follower.end(await endFrame(api, id));
  }
  follower.end(eventFrame('reconnect', { Reason: 'the log was closed' }));
}

/** Sends the wanted lines that are there by the index, which spares reading the others; gives the line to follow from. */
async function catchUp(
  logbook: Logbook,
  gate: CatchUpGate,
  id: string,
  fromLine: number,
  filter: LineFilter,
  follower: Follower,
): Promise<number> {
  let next = fromLine;
  while (next <= (logbook.state(id)?.lineCount ?? 0) && !follower.signal.aborted) {
    const { lines, nextLine } = await filteredLines(logbook, id, next, filter, FILTERED_EVENT_LINES);
    if (lines.length > 0) await follower.send(linesFrame(lines, nextLine - 1));
    next = nextLine;
    await gate.turn();
  }
  return next;
}

function filteredFrame(logbook: Logbook, id: string, event: FollowEvent, filter: LineFilter): Buffer | undefined {
  const lines = logbook.lines(id, event.firstLine - 1, event.lineCount).filter((line) => isWanted(line, filter));
  return lines.length === 0 ? undefined : linesFrame(lines, lastLineOf(event));
}

function lastLineOf({ firstLine, lineCount }: FollowEvent): number {
  return firstLine + lineCount - 1;
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
