import { type BlobStore, sweepObjects } from '#blob/blob.ts';
import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import {
  listSourceArchiveIds,
  type OldSources,
  removeOldSourceArchives,
  sumOldSourceArchives,
} from '#source/source-store.ts';
import { listUnfinishedSources } from '../build-store.ts';
import { archiveIdsOf } from './build-context.ts';

/**
 * Removes old folders that no build needs, and leftovers of crashes, and returns the number of folders. A folder's row is
 * removed before its bytes, in the same transaction that checks whether a build needs it. A build is queued only while the
 * row exists.
 */
export async function sweepSentSources(
  { db, blobs }: { db: Database; blobs: BlobStore },
  old: OldSources,
): Promise<number> {
  const removed = await transaction(db, async (transaction) =>
    removeOldSourceArchives(transaction, old, await neededArchives(transaction)),
  );
  for (const archiveId of removed) await blobs.remove(`sources/${archiveId}`);
  const known = new Set(await listSourceArchiveIds(db));
  await sweepObjects(blobs, { prefix: 'sources', beforeMs: old.sentBeforeMs }, (key) =>
    known.has(key.slice('sources/'.length)),
  );
  return removed.length;
}

/** How much disk `sweepSentSources` would free. */
export async function sumUnneededSources(db: Database, old: OldSources): Promise<number> {
  return sumOldSourceArchives(db, old, await neededArchives(db));
}

/** The folders that builds wait for or use; except those that only this build does. */
export async function neededArchives(db: Database, exceptBuildRecordId?: string): Promise<Set<string>> {
  return new Set((await listUnfinishedSources(db, exceptBuildRecordId)).flatMap(archiveIdsOf));
}
