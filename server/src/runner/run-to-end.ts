import type { Logbook } from '@slipway/logbook';
import { verdictOfUnsealed } from '#build/logs/log-verdict.ts';
import { cleanUpPatiently } from './clean-up.ts';
import type { DiskReserve } from './disk-reserve.ts';
import { LeaseLost } from './lease.ts';
import { Masker } from './mask/masker.ts';
import { BuildLog } from './output/build-log.ts';
import { type ClaimedBuild, type RecordMeans, runRecord } from './run-record.ts';
import { type BuildEnd, endOfLostLog, statusOf } from './stages/build-end.ts';

/** What a build needs until its log is sealed, in addition to what running its stages needs. */
export interface ToEndMeans extends RecordMeans {
  logbook: Logbook;
  monotonicMs: () => number;
  reserve: DiskReserve;
  /** The server's own secrets, which are masked in every log, whatever a build prints. */
  serverSecrets: readonly string[];
}

/** Runs a claimed record to its end: last line, final status, seal and clean-up. Returns false if it was given up, because another runner has it. */
export async function runToEnd(means: ToEndMeans, claimed: Omit<ClaimedBuild, 'log'>): Promise<boolean> {
  const { jobs, logbook, monotonicMs, serverSecrets, report } = means;
  const { job, lease } = claimed;
  const { record } = job;
  const { buildRecordId } = record;
  const writer = await logbook.create(buildRecordId, record.leaseEpoch);
  const log = new BuildLog(writer, { monotonicMs, masker: new Masker(serverSecrets), guard: () => lease.held() });
  try {
    const end: BuildEnd = await runRecord(means, { ...claimed, log });
    await log.committed().catch((error: unknown) => {
      report(`the log of build ${buildRecordId} could not be written`, error);
      Object.assign(end, endOfLostLog(error));
    });
    await cleanUp(means, buildRecordId);
    lease.close();
    if (!(await jobs.end(job, { status: statusOf(end), ...end }))) throw new LeaseLost(buildRecordId);
    await seal(means, log, buildRecordId, end);
    return true;
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    // The runner that now has the record ends it; this one only removes its own files.
    report(`build ${buildRecordId} was given up`, error);
    await writer.release();
    await cleanUp(means, buildRecordId);
    return false;
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

/** Removes a build's files. If that fails, the build still ends, and the error is reported. */
async function cleanUp({ sandbox, report }: ToEndMeans, buildRecordId: string): Promise<void> {
  await cleanUpPatiently(sandbox, buildRecordId).catch((error: unknown) =>
    report(`build ${buildRecordId} could not be cleaned up`, error),
  );
}
