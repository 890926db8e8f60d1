import { randomUUID } from 'node:crypto';
import type { Logbook, LogWriter } from '@slipway/logbook';
import { type BuildRecord, isFinalStatus, type Stage } from '#build/build.ts';
import { findBuildRecord } from '#build/build-store.ts';
import type { LeaseHolder } from '#build/lease-holder.ts';
import { verdictOfUnsealed } from '#build/logs/log-verdict.ts';
import { endBuildRecord, listHeldBuilds, takeOverLostRecord, takeOverRecord } from '#build/queue/queue-store.ts';
import { endOpenSteps } from '#build/step-store.ts';
import type { Database } from '#db/database.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import { BUILD_LEASE_MS } from './lease.ts';
import { BuildLog } from './output/build-log.ts';
import { headerLine } from './output/header-line.ts';

/** What recovery needs. */
export interface RecoveryMeans {
  /** The id of this node, with which the owners of its leases begin. */
  nodeId: string;
  db: Database;
  logbook: Logbook;
  sandbox: Sandbox;
  version: string;
  now: () => number;
  report: (message: string, error: unknown) => void;
}

const ENDED = { kind: 'server-ended', message: 'the server ended while the build ran' } as const;
/** Why the builds of another node are ended. */
export const WORKER_LOST = { kind: 'worker-lost', message: 'the worker that ran the build was lost' } as const;
/** Why a build lost its runner. */
interface LostReason {
  kind: 'server-ended' | 'worker-lost';
  message: string;
}

/** How long after its end a lease is taken over, because the answer to a renewal may be late. */
export const TAKE_OVER_MS = 10_000;
const STAGE_CLOSED = /^(fetch|build|push) stage (end|failed|cancelled) after [\d.]+ s$/;

/**
 * Ends builds that an earlier server of this node left running: each record becomes FAILED, or SUCCESS if its image
 * was already pushed; its log keeps every acknowledged line, says why it ends, and is sealed `partial`. A record that cannot be ended now does not delay
 * others, and is retried. Runs before the server reports that it is ready; nobody else can hold these records, so their
 * leases are not waited for. A record of another node, as a restored or copied database has them, is ended once its lease is over.
 */
export async function recoverBuilds(means: RecoveryMeans): Promise<void> {
  const unsealed = new Set(await means.logbook.unsealed());
  const owner = `${means.nodeId}/recovery-${randomUUID()}`;
  const claim = () => ({ owner, nowMs: means.now(), leaseMs: BUILD_LEASE_MS });
  const end = async (record: BuildRecord, from: string, reason: LostReason) => {
    const { buildRecordId, leaseEpoch: epoch } = record;
    const ended = endLostBuild(means, { record, from, holder: { buildRecordId, owner, epoch }, reason });
    await ended.catch((error: unknown) => means.report(`build ${buildRecordId} could not be ended`, error));
    unsealed.delete(buildRecordId);
  };
  for (const buildRecordId of await listHeldBuilds(means.db, `${means.nodeId}/`)) {
    const record = await takeOverRecord(means.db, claim(), buildRecordId);
    if (record) await end(record, owner, ENDED);
  }
  // Only this server has the database open, so no outage has kept a living node from renewing its leases.
  for (;;) {
    const lost = await takeOverLostRecord(means.db, claim(), TAKE_OVER_MS, []);
    if (!lost) break;
    await end(lost.record, lost.from, WORKER_LOST);
  }
  for (const buildRecordId of unsealed) {
    const sealed = sealFinished(means, buildRecordId);
    await sealed.catch((error: unknown) =>
      means.report(`the log of build ${buildRecordId} could not be sealed`, error),
    );
  }
}

/** A record that was taken over from a holder that is gone. */
interface LostBuild {
  record: BuildRecord;
  /** The owner who had it. */
  from: string;
  /** Who has it now. */
  holder: LeaseHolder;
  reason: LostReason;
}

/** Ends a lost build: as FAILED, or as SUCCESS if its image was already pushed. */
export async function endLostBuild(means: RecoveryMeans, lost: LostBuild): Promise<void> {
  const { record, holder } = lost;
  const { kind, message } = lost.reason;
  const { buildRecordId } = record;
  const log = (await hasOpenLog(means, lost)) ? await continueLog(means, record) : undefined;
  // Everyone may pull it already.
  const { imageDigest } = record;
  if (imageDigest === undefined) await log?.fail(message);
  else await log?.succeed(`${message}, after it had pushed its image, digest ${imageDigest}`);
  await log?.committed();
  await means.sandbox
    .cleanUp(buildRecordId)
    .catch((error: unknown) => means.report(`build ${buildRecordId} could not be cleaned up`, error));
  await endOpenSteps(means.db, buildRecordId, means.now());
  const failure = { fault: 'machine' as const, kind, message, line: log?.reasonLine };
  const end =
    imageDigest === undefined ? { status: 'FAILED' as const, failure } : { status: 'SUCCESS' as const, imageDigest };
  await endBuildRecord(means.db, holder, { ...end, endedMs: means.now(), lostLines: message });
  await log?.seal(message);
}

/**
 * Whether the build has a log that may be continued, or never had one. If the log is not here although it was begun, its lines are
 * elsewhere or lost: a new one with the same id would show other lines than readers have seen.
 */
async function hasOpenLog({ logbook, nodeId }: RecoveryMeans, { record, from }: LostBuild): Promise<boolean> {
  const state = await logbook.reach(record.buildRecordId);
  if (state !== undefined) return !state.sealed;
  // The first line comes before the commit and the base images are known.
  return from.startsWith(`${nodeId}/`) && record.commitId === undefined && record.baseImages === undefined;
}

/** Opens the log at its end; if it lacks its first lines, it gets them. */
async function continueLog(means: RecoveryMeans, record: BuildRecord): Promise<BuildLog> {
  const { logbook, now } = means;
  const id = record.buildRecordId;
  const writer = await ((await logbook.open(id))
    ? logbook.resume(id, record.leaseEpoch)
    : logbook.create(id, record.leaseEpoch));
  const log = new BuildLog(writer, { monotonicMs: now });
  if (writer.lineCount === 0) {
    const { namespaceName, name } = await getStoredRepository(means.db, record.instanceId, record.repoId);
    await log.header(headerLine(means.version, record, `${namespaceName}/${name}`));
  }
  if (writer.lineCount < 2) await log.begin('GIT_CLONE');
  else log.resume(await openStage(logbook, writer, now()));
  return log;
}

/**
 * The stage of the last line, unless that line ended it, and when it started: stages are consecutive, so a binary
 * search finds it.
 */
async function openStage(
  logbook: Logbook,
  writer: LogWriter,
  nowMs: number,
): Promise<{ stage: Stage; startedMs: number } | undefined> {
  const line = async (offset: number) => (await logbook.lines(writer.logId, offset, 1))[0];
  const last = await line(writer.lineCount - 1);
  // A step may print such a line too.
  if (!last || (last.step === 0 && STAGE_CLOSED.test(last.message))) return undefined;
  let before = 0;
  let inside = writer.lineCount - 1;
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2);
    if ((await line(middle))?.stage === last.stage) inside = middle;
    else before = middle;
  }
  return { stage: last.stage as Stage, startedMs: (await line(inside))?.timeMs ?? nowMs };
}

/** Seals the log of a record that was already final, or is unknown. The log of any other stays open for its runner, or who ends it as lost. */
async function sealFinished(means: RecoveryMeans, buildRecordId: string): Promise<void> {
  const record = await findBuildRecord(means.db, buildRecordId);
  if (record !== undefined && !isFinalStatus(record.status)) return;
  const writer = await means.logbook.resume(buildRecordId);
  await writer.seal(verdictOfUnsealed(record));
}
