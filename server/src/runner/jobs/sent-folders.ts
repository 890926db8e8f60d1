import type { BlobStore } from '#blob/blob.ts';
import type { BuildRecord } from '#build/build.ts';
import { archiveIdsOf } from '#build/request/build-context.ts';
import { neededArchives } from '#build/request/sent-sources.ts';
import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import { keepSourceArchives, removeSourceArchive } from '#source/source-store.ts';

/** The command line sends a smaller folder as a whole. */
const KEPT_LEAST_BYTES = 256 * 1024;

/** What removing sent folders needs. */
export interface SentFolderMeans {
  db: Database;
  blobs: BlobStore;
  keepCache: boolean;
  limits: { sourceBytes: number };
  now: () => number;
}

/**
 * Removes the folders that were sent for a build, unless they are kept for what their sender sends next, or another build
 * waits for them or uses them: then they are shared. Their rows are removed first, in the same transaction that checks
 * whether a build needs them: a build is queued only while the row exists, and a sweep removes bytes without a row.
 */
export async function removeSentFolders(
  { db, blobs, keepCache, limits, now }: SentFolderMeans,
  record: BuildRecord,
): Promise<{ isShared: boolean }> {
  const archiveIds = archiveIdsOf(record);
  if (archiveIds.length === 0) return { isShared: false };
  const { removed, isShared } = await transaction(db, async (transaction) => {
    const needed = await neededArchives(transaction, record.buildRecordId);
    const own = archiveIds.filter((archiveId) => !needed.has(archiveId));
    const isShared = own.length < archiveIds.length;
    if (keepCache && record.useCache) {
      const kept = {
        repoId: record.repoId,
        nowMs: now(),
        leastBytes: KEPT_LEAST_BYTES,
        limitBytes: limits.sourceBytes,
      };
      return { removed: await keepSourceArchives(transaction, own, { ...kept, needed }), isShared };
    }
    for (const archiveId of own) await removeSourceArchive(transaction, archiveId);
    return { removed: own, isShared };
  });
  for (const archiveId of removed) await blobs.remove(`sources/${archiveId}`);
  return { isShared };
}
