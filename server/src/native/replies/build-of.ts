import type { BuildRecord } from '#build/build.ts';
import { getBuildRecord } from '#build/build-store.ts';
import { buildLogExpired, buildRecordNotFound } from '#build/errors.ts';
import { refuseLostLog } from '#build/logs/log-id-store.ts';
import { isRepositoryThere } from '#repository/deletion-store.ts';
import type { NativeContext } from '../native-operation.ts';

/** The build with an id. Throws BUILD_RECORD_NOT_EXIST, also for a build of a repository that was deleted. */
export async function buildOf({ db, instanceId }: NativeContext, id: string): Promise<BuildRecord> {
  const record = await getBuildRecord(db, { instanceId, buildRecordId: id });
  if (!(await isRepositoryThere(db, record.repoId))) throw buildRecordNotFound();
  return record;
}

/**
 * Like `buildOf`, for operations that need the lines. Throws BUILD_LOG_EXPIRED if the log is no longer kept, and
 * BUILD_LOG_LOST if it is not on disk.
 */
export async function buildWithLog(context: NativeContext, id: string): Promise<BuildRecord> {
  const record = await buildOf(context, id);
  refuseExpired(record);
  if ((await context.logbook.open(record.buildRecordId)) === undefined)
    await refuseLostLog(context, record.buildRecordId);
  return record;
}

/** Throws BUILD_LOG_EXPIRED if a build's log is no longer kept. */
export function refuseExpired({ buildRecordId, logExpiredMs }: BuildRecord): void {
  if (logExpiredMs !== undefined) throw buildLogExpired(buildRecordId, logExpiredMs);
}
