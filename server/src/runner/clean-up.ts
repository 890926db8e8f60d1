import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildRecord } from '#build/build.ts';
import { archiveIdsOf } from '#build/request/build-context.ts';
import type { Database } from '#db/database.ts';
import { type Sandbox, SandboxLost } from '#sandbox/client/sandbox.ts';
import { keepSourceArchives, removeSourceArchive } from '#source/source-store.ts';
import type { BuildMeans } from './stages/build-job.ts';

const TRIES = 50;
const PAUSE_MS = 200;
/** The command line sends a smaller folder as a whole. */
const KEPT_LEAST_BYTES = 256 * 1024;

/**
 * Removes a build's files: its working folder, and the folders that were sent for it, unless they are kept for what their
 * sender sends next.
 */
export async function cleanUpBuild(
  means: Pick<BuildMeans, 'sandbox' | 'blobs' | 'keepCache' | 'limits'> & { db: Database; now: () => number },
  record: BuildRecord,
): Promise<void> {
  await cleanUpPatiently(means.sandbox, record.buildRecordId);
  const archiveIds = archiveIdsOf(record);
  if (archiveIds.length === 0) return;
  for (const archiveId of await removedArchives(means, record, archiveIds))
    await means.blobs.remove(`sources/${archiveId}`);
}

/** Their rows are removed first: a sweep removes bytes without a row. */
async function removedArchives(
  { db, keepCache, limits, now }: Pick<BuildMeans, 'keepCache' | 'limits'> & { db: Database; now: () => number },
  { repoId, useCache }: BuildRecord,
  archiveIds: readonly string[],
): Promise<readonly string[]> {
  if (keepCache && useCache)
    return keepSourceArchives(db, archiveIds, {
      repoId,
      nowMs: now(),
      leastBytes: KEPT_LEAST_BYTES,
      limitBytes: limits.sourceBytes,
    });
  for (const archiveId of archiveIds) await removeSourceArchive(db, archiveId);
  return archiveIds;
}

/** Removes what programs outside the box left. A killed helper is restarted at once; until then it does not answer. */
export async function cleanUpPatiently(sandbox: Sandbox, buildRecordId: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await sandbox.cleanUp(buildRecordId);
    } catch (error) {
      if (!(error instanceof SandboxLost) || tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
