import { Readable } from 'node:stream';
import { type BlobStore, removeObjects } from '#blob/blob.ts';
import { IMAGES } from '#blob/bucket-layout.ts';
import type { S3Store } from '#blob/s3/s3-store.ts';
import type { Database } from '#db/database.ts';
import { listNamed } from './archive-ref-store.ts';
import { PREFIX, refOfKey } from './blob-archives.ts';

interface SweepMeans {
  db: Database;
  blobs: BlobStore;
  report: (message: string, error: unknown) => void;
}

const UPLOAD_KEEP_MS = 8 * 24 * 3_600_000;
/** A bucket without a prefix may have other folders. */
const OWN = new Set([PREFIX, IMAGES, 'sources', 'charts']);
const AT_ONCE = 500;
/** Tells what time it is for the store, whose clock may be another. */
const CLOCK_KEY = 'owner/clock';

/**
 * Removes objects below the prefix of sealed logs that are older than `ageMs` and that no log names: those of a log that was removed or put
 * again while something was interrupted. Only for a store that belongs to this database alone (`takeOwnership`).
 */
export async function sweepArchives(
  means: SweepMeans,
  { ageMs, signal }: { ageMs: number; signal: AbortSignal },
): Promise<void> {
  const beforeMs = (await storeNowMs(means.blobs)) - ageMs;
  let old: string[] = [];
  for await (const { key, modifiedMs } of means.blobs.list(PREFIX)) {
    if (signal.aborted) return;
    // A store that does not say when it got an object says 0.
    if (modifiedMs > 0 && modifiedMs < beforeMs) old.push(key);
    if (old.length < AT_ONCE) continue;
    await removeUnnamed(means, old);
    old = [];
  }
  await removeUnnamed(means, old);
}

/**
 * Ends uploads of parts that were interrupted: they take space, and no list of objects has them. Clients may go on with an upload of a
 * layer for a week.
 */
export async function endOldUploads(bucket: S3Store): Promise<void> {
  const beforeMs = (await storeNowMs(bucket)) - UPLOAD_KEEP_MS;
  await bucket.endInterrupted('', (key) => OWN.has(key.slice(0, key.indexOf('/'))), beforeMs);
}

async function storeNowMs(blobs: BlobStore): Promise<number> {
  await blobs.put(CLOCK_KEY, Readable.from([Buffer.from('now')]), { limitBytes: 3 });
  return (await blobs.head(CLOCK_KEY))?.modifiedMs ?? 0;
}

async function removeUnnamed({ db, blobs, report }: SweepMeans, keys: readonly string[]): Promise<void> {
  const named = await listNamed(db, [...new Set(keys.map(refOfKey))]);
  const unnamed = keys.filter((key) => !named.has(refOfKey(key)));
  await removeObjects(blobs, unnamed, report);
}
