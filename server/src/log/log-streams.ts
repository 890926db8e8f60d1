import { setTimeout as sleep } from 'node:timers/promises';
import { damageOf, type LogReader } from '@slipway/logbook';
import { findBuildRecord } from '#build/build-store.ts';
import { buildLogDamaged } from '#build/errors.ts';
import type { Means } from '#rpc/context.ts';
import type { EndEvent } from '#rpc/native-types.gen.ts';
import { CatchUpGate } from './catch-up-gate.ts';
import { failureReply } from './failure-reply.ts';
import type { Follower } from './follower.ts';
import { FrameCache } from './frame-cache.ts';
import { filteredLines, type LineFilter } from './line-filter.ts';
import { LogStream, type StreamMeans } from './log-stream.ts';
import { eventFrame, linesFrame, positionFrame } from './stream-frames.ts';

const PENDING_POLL_MS = 100;
const FILTERED_EVENT_LINES = 128;

/** What the streams of all logs use. */
export interface LogStreams extends StreamMeans, Pick<Means, 'db' | 'logbook'> {}

/** Where a stream starts, and which lines it gives. */
export interface StreamStart {
  readonly from: number | undefined;
  readonly tail: number | undefined;
  readonly filter: LineFilter | undefined;
}

/** Created once per server. `report` is called for each stream that fails. */
export function openLogStreams(
  means: Pick<Means, 'db' | 'logbook'>,
  report: (requestId: string, error: unknown) => void,
): LogStreams {
  const { db, logbook } = means;
  return {
    db,
    logbook,
    frames: new FrameCache(logbook),
    gate: new CatchUpGate(),
    endFrame: (id) => endFrame(means, id),
    fail: (follower, error) => {
      const { requestId } = follower;
      report(requestId, error);
      follower.end(failureFrame(requestId, error));
    },
  };
}

/** Waits until the log exists, then sends it from the stream's start. */
export async function beginStream(
  means: LogStreams,
  id: string,
  start: StreamStart,
  follower: Follower,
): Promise<void> {
  const { logbook } = means;
  let log = await logbook.open(id);
  while (log === undefined) {
    if (await isOver(means, id)) return follower.end(await means.endFrame(id));
    await sleep(PENDING_POLL_MS);
    if (follower.isOver) return;
    log = await logbook.open(id);
  }
  const { lineCount } = await log.reach();
  let from = start.from ?? (start.tail === undefined ? 1 : Math.max(1, lineCount - start.tail + 1));
  const { filter } = start;
  if (filter !== undefined) from = await catchUp(means, log, from, filter, follower);
  if (follower.isOver) return;
  new LogStream(means, follower, { id, from, filter }).begin(positionFrame(from - 1));
}

/** Sends the existing lines that match, skipping others by the index. Returns the line to follow from. */
async function catchUp(
  { gate }: StreamMeans,
  log: LogReader,
  fromLine: number,
  filter: LineFilter,
  follower: Follower,
): Promise<number> {
  let nextLine = fromLine;
  while (nextLine <= (await log.reach()).lineCount && !follower.isOver) {
    const { lines, nextLine: after } = await filteredLines(log, nextLine, filter, FILTERED_EVENT_LINES);
    if (lines.length > 0) await new Promise<void>((resolve) => follower.send(linesFrame(lines, after - 1), resolve));
    nextLine = after;
    await new Promise<void>((resolve) => gate.next(resolve));
  }
  return nextLine;
}

/** Whether the build has ended without a log, so that there is nothing to wait for. */
async function isOver({ db, logbook }: LogStreams, id: string): Promise<boolean> {
  const record = await findBuildRecord(db, id);
  return record?.endedMs !== undefined && (await logbook.open(id)) === undefined;
}

async function endFrame({ db, logbook }: Pick<Means, 'db' | 'logbook'>, id: string): Promise<Buffer> {
  const record = await findBuildRecord(db, id);
  const state = await logbook.reach(id);
  const end: EndEvent = {
    Status: record?.status,
    Failure: failureReply(record?.failure),
    TotalCount: state?.lineCount ?? 0,
    Seal: state?.seal,
  };
  return eventFrame('end', end);
}

/** A follower should reconnect after a temporary failure. A log damaged on disk would only fail again. */
function failureFrame(requestId: string, error: unknown): Buffer {
  const damage = damageOf(error);
  if (damage === undefined) return eventFrame('reconnect', { Reason: 'the server failed', RequestId: requestId });
  const { code, message } = buildLogDamaged(damage.message);
  return eventFrame('failed', { RequestId: requestId, Code: code, Message: message });
}
