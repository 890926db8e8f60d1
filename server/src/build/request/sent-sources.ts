import { type BlobStore, sweepObjects } from '#blob/blob.ts';
import type { Database } from '#db/database.ts';
import { listSourceArchiveIds, removeSourceArchivesBefore, sumSourceArchivesBefore } from '#source/source-store.ts';
import { listUnfinishedSources } from '../build-store.ts';
import { archiveIdsOf } from './build-context.ts';

/**
 * Removes folders that were sent before a time and that no build needs, and leftovers of crashes. A folder's row is removed before
 * its bytes, in the same transaction that checks whether a build needs it. A build is queued only while the row exists.
 */
export async function sweepSentSources(
  { db, blobs }: { db: Database; blobs: BlobStore },
  beforeMs: number,
): Promise<void> {
  const removed = await db
    .transaction()
    .execute(async (transaction) =>
      removeSourceArchivesBefore(transaction, beforeMs, await neededArchives(transaction)),
    );
  for (const archiveId of removed) await blobs.remove(`sources/${archiveId}`);
  const known = new Set(await listSourceArchiveIds(db));
  await sweepObjects(blobs, { prefix: 'sources', beforeMs }, (key) => known.has(key.slice('sources/'.length)));
}

/** How much disk `sweepSentSources` would free. */
export async function sumUnneededSources(db: Database, beforeMs: number): Promise<number> {
  return sumSourceArchivesBefore(db, beforeMs, await neededArchives(db));
}

async function neededArchives(db: Database): Promise<Set<string>> {
  return new Set((await listUnfinishedSources(db)).flatMap(archiveIdsOf));
}
