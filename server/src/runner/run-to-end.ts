import type { Logbook } from '@slipway/logbook';
import type { BuildRecord } from '#build/build.ts';
import { verdictOfUnsealed } from '#build/logs/log-verdict.ts';
import { endBuildRecord } from '#build/queue/queue-store.ts';
import { cleanUpBuild, removeSentFolders } from './clean-up.ts';
import type { DiskReserve } from './disk-reserve.ts';
import { LeaseLost } from './lease.ts';
import { Masker } from './mask/masker.ts';
import { BuildLog } from './output/build-log.ts';
import { type ClaimedRecord, type RecordMeans, runRecord } from './run-record.ts';
import { type BuildEnd, endOfLostLog, statusOf } from './stages/build-end.ts';

/** What a build needs until its log is sealed, in addition to what running its stages needs. */
export interface ToEndMeans extends RecordMeans {
  logbook: Logbook;
  monotonicMs: () => number;
  reserve: DiskReserve;
  /** The server's own secrets, which are masked in every log, whatever a build prints. */
  serverSecrets: readonly string[];
}

/** Runs a claimed record to its end: last line, final status, seal and clean-up. */
export async function runToEnd(means: ToEndMeans, claimed: Omit<ClaimedRecord, 'log'>): Promise<void> {
  const { db, logbook, now, monotonicMs, serverSecrets, reserve, report } = means;
  const { record, lease } = claimed;
  const { buildRecordId } = record;
  const writer = await logbook.create(buildRecordId, record.leaseEpoch);
  const log = new BuildLog(writer, { monotonicMs, masker: new Masker(serverSecrets), guard: () => lease.held() });
  try {
    const end: BuildEnd = await runRecord(means, { ...claimed, log });
    await log.committed().catch((error: unknown) => {
      report(`the log of build ${buildRecordId} could not be written`, error);
      Object.assign(end, endOfLostLog(error));
    });
    const { isShared } = await reported(means, record, cleanUpBuild(means, record));
    const final = { status: statusOf(end), endedMs: now(), ...end };
    const isEnded = await reserve.write(() => endBuildRecord(db, lease.holder, final));
    if (!isEnded) throw new LeaseLost(buildRecordId);
    // Two builds that end at the same time each leave a folder to the other: the last to end removes it here.
    if (isShared) await reported(means, record, removeSentFolders(means, record));
    await seal(means, log, buildRecordId, end);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    // The runner that now has the record ends it; this one only removes its own files.
    report(`build ${buildRecordId} was given up`, error);
    await writer.release();
    await reported(means, record, cleanUpBuild(means, record));
  }
}

/** Seals a log; a log damaged on disk while it was written is sealed as partial, up to the damage. */
async function seal(
  { reserve, report, logbook }: ToEndMeans,
  log: BuildLog,
  buildRecordId: string,
  { failure, lostLines }: BuildEnd,
): Promise<void> {
  try {
    await reserve.write(() => log.seal(lostLines));
  } catch (error) {
    report(`the log of build ${buildRecordId} could not be sealed as it is`, error);
    await logbook.repair(buildRecordId, verdictOfUnsealed({ failure, lostLines }));
  }
}

/** Awaits what cleans up after a build. If it fails, the build still ends, and the error is reported. */
async function reported(
  { report }: ToEndMeans,
  { buildRecordId }: BuildRecord,
  cleaning: Promise<{ isShared: boolean }>,
): Promise<{ isShared: boolean }> {
  return cleaning.catch((error: unknown) => {
    report(`build ${buildRecordId} could not be cleaned up`, error);
    return { isShared: false };
  });
}
