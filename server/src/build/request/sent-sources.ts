import type { BlobStore } from '#blob/blob.ts';
import type { Database } from '#db/database.ts';
import { listSourceArchiveIds, removeSourceArchivesBefore } from '#source/source-store.ts';
import { sourcesFromRow } from '../build-store.ts';
import { archiveIdsOf } from './build-context.ts';

/**
 * Removes the folders that were sent before a time and that no build waits for or uses, and what a crash left of others. A folder is
 * forgotten before its bytes go, in one transaction with the question who needs it: a build is queued only while it is known.
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
  await blobs.sweep('sources', beforeMs, (key) => known.has(key.slice('sources/'.length)));
}

async function neededArchives(db: Database): Promise<Set<string>> {
  const rows = await db
    .selectFrom('build_record')
    .select(['source', 'options'])
    .where('status', 'in', ['PENDING', 'BUILDING'])
    .execute();
  return new Set(rows.flatMap((row) => archiveIdsOf(sourcesFromRow(row))));
}
