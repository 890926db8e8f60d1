import type { BlobStore, StoredObject } from '#blob/blob.ts';
import type { Database } from '#db/database.ts';
import { listNamed } from './archive-ref-store.ts';
import { PREFIX, refOfKey } from './blob-archives.ts';

const AT_ONCE = 500;

/**
 * Removes objects below the prefix of sealed logs that are older than `beforeMs` and that no log names: those of a log that was removed or put
 * again while something was interrupted. Only for a store that belongs to this database alone (`takeOwnership`).
 */
export async function sweepArchives(
  { db, blobs }: { db: Database; blobs: BlobStore },
  { beforeMs, signal }: { beforeMs: number; signal: AbortSignal },
): Promise<void> {
  let old: StoredObject[] = [];
  for await (const object of blobs.list(PREFIX)) {
    if (signal.aborted) return;
    if (object.modifiedMs < beforeMs) old.push(object);
    if (old.length < AT_ONCE) continue;
    await removeUnnamed(db, blobs, old);
    old = [];
  }
  await removeUnnamed(db, blobs, old);
}

async function removeUnnamed(db: Database, blobs: BlobStore, objects: readonly StoredObject[]): Promise<void> {
  const named = await listNamed(db, [...new Set(objects.map(({ key }) => refOfKey(key)))]);
  for (const { key } of objects) if (!named.has(refOfKey(key))) await blobs.remove(key);
}
