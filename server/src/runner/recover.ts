import { randomUUID } from 'node:crypto';
import type { Logbook, LogWriter } from '@slipway/logbook';
import type { BuildRecord, Stage } from '#build/build.ts';
import { findBuildRecord } from '#build/build-store.ts';
import type { LeaseHolder } from '#build/lease-holder.ts';
import { verdictOfUnsealed } from '#build/logs/log-verdict.ts';
import { endBuildRecord, listRunningBuildRecords, takeOverRecord } from '#build/queue/queue-store.ts';
import { endOpenSteps } from '#build/step-store.ts';
import type { Database } from '#db/database.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import { BuildLog } from './output/build-log.ts';
import { headerLine } from './output/header-line.ts';

/** What recovery needs. */
export interface RecoveryMeans {
  db: Database;
  logbook: Logbook;
  sandbox: Sandbox;
  version: string;
  now: () => number;
  report: (message: string, error: unknown) => void;
}

const ENDED = { kind: 'server-ended', message: 'the server ended while the build ran' } as const;
/** Why a build lost its runner. */
export interface LostReason {
  kind: 'server-ended' | 'worker-lost';
  message: string;
}

const LEASE_MS = 60_000;
const STAGE_CLOSED = /^(fetch|build|push) stage (end|failed) after [\d.]+ s$/;

/**
 * Ends builds that an earlier server of this data folder left running: each record becomes FAILED, or SUCCESS if its image
 * was already pushed; its log keeps every acknowledged line, says why it ends, and is sealed `partial`. A record that cannot be ended now does not delay
 * others, and is retried. Runs before the server reports that it is ready; nobody else can hold these records, so their
 * leases are not waited for.
 */
export async function recoverBuilds(means: RecoveryMeans): Promise<void> {
  const unsealed = new Set(await means.logbook.unsealed());
  const owner = `recovery-${randomUUID()}`;
  for (const { buildRecordId } of await listRunningBuildRecords(means.db)) {
    const nowMs = means.now();
    const record = await takeOverRecord(means.db, { owner, nowMs, untilMs: nowMs + LEASE_MS }, buildRecordId);
    if (!record) continue;
    const ended = endLostBuild(means, record, { buildRecordId, owner, epoch: record.leaseEpoch }, ENDED);
    await ended.catch((error: unknown) => means.report(`build ${buildRecordId} could not be ended`, error));
    unsealed.delete(buildRecordId);
  }
  for (const buildRecordId of unsealed) {
    const sealed = sealFinished(means, buildRecordId);
    await sealed.catch((error: unknown) =>
      means.report(`the log of build ${buildRecordId} could not be sealed`, error),
    );
  }
}

/** Ends a record taken over from a holder that is gone: as FAILED, or as SUCCESS if its image was already pushed. */
export async function endLostBuild(
  means: RecoveryMeans,
  record: BuildRecord,
  holder: LeaseHolder,
  { kind, message }: LostReason,
): Promise<void> {
  const { buildRecordId } = record;
  const log = means.logbook.state(buildRecordId)?.sealed ? undefined : await continueLog(means, record);
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

/** Opens the log at its end; if it lacks its first lines, it gets them. */
async function continueLog(means: RecoveryMeans, record: BuildRecord): Promise<BuildLog> {
  const { logbook, now } = means;
  const id = record.buildRecordId;
  const writer = await (logbook.state(id)
    ? logbook.resume(id, record.leaseEpoch)
    : logbook.create(id, record.leaseEpoch));
  const log = new BuildLog(writer, { monotonicMs: now });
  if (writer.lineCount === 0) {
    const { namespaceName, name } = await getStoredRepository(means.db, record.instanceId, record.repoId);
    await log.header(headerLine(means.version, record, `${namespaceName}/${name}`));
  }
  if (writer.lineCount < 2) await log.begin('GIT_CLONE');
  else log.resume(openStage(logbook, writer, now()));
  return log;
}

/**
 * The stage of the last line, unless that line ended it, and when it started: stages are consecutive, so a binary
 * search finds it.
 */
function openStage(
  logbook: Logbook,
  writer: LogWriter,
  nowMs: number,
): { stage: Stage; startedMs: number } | undefined {
  const line = (offset: number) => logbook.lines(writer.logId, offset, 1)[0];
  const last = line(writer.lineCount - 1);
  // A step may print such a line too.
  if (!last || (last.step === 0 && STAGE_CLOSED.test(last.message))) return undefined;
  let before = 0;
  let inside = writer.lineCount - 1;
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2);
    if (line(middle)?.stage === last.stage) inside = middle;
    else before = middle;
  }
  return { stage: last.stage as Stage, startedMs: line(inside)?.timeMs ?? nowMs };
}

/** The record was already final; only the seal was missing. */
async function sealFinished(means: RecoveryMeans, buildRecordId: string): Promise<void> {
  const record = await findBuildRecord(means.db, buildRecordId);
  const writer = await means.logbook.resume(buildRecordId);
  await writer.seal(verdictOfUnsealed(record));
}
