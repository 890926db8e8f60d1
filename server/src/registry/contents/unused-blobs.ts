import type { BlobStore } from '#blob/blob.ts';
import type { Database } from '#db/database.ts';
import { ManifestMistake, readManifest } from '#image/manifest.ts';
import { listOpenPushes } from '#image/push-store.ts';
import { usedBlobs } from '#image/sweep-store.ts';
import { blobKey } from '../distribution/blob-storage.ts';
import type { ChildRegistry } from '../distribution/child-registry.ts';
import type { ImageStorage, LayerCollector, UnusedBlob } from '../distribution/image-storage.ts';

/** What finding unused blobs works with. */
interface BlobCollectorMeans {
  db: Database;
  blobs: Pick<BlobStore, 'remove'>;
  storage: Pick<ImageStorage, 'blobs'>;
  child: Pick<ChildRegistry, 'readManifest'>;
  /** A blob that is younger may belong to a push that goes on. */
  leastAgeMs: number;
  now(): number;
}

/**
 * Finds the blobs of a store that no manifest in the database names. Distribution's own collection would read every
 * manifest over the network, and would take for unused what the store does not list yet.
 */
export function blobCollector(means: BlobCollectorMeans): LayerCollector {
  /** What the last look found. Pushes that stop for the removal need not wait for another list of everything. */
  let found: UnusedBlob[] = [];
  const find = async () => {
    const used = await namedBlobs(means);
    const beforeMs = means.now() - means.leastAgeMs;
    const unused: UnusedBlob[] = [];
    for await (const { digest, sizeBytes, modifiedMs } of means.storage.blobs())
      if (!used.has(digest) && modifiedMs <= beforeMs) unused.push({ digest, sizeBytes });
    found = unused;
    return unused;
  };
  return {
    find,
    async remove() {
      const used = await namedBlobs(means);
      const unused = found.map(({ digest }) => digest).filter((digest) => !used.has(digest));
      for (const digest of unused) await means.blobs.remove(blobKey(digest));
      found = [];
      return unused;
    },
  };
}

/** A push that was not settled has its manifest only at distribution. */
async function namedBlobs({ db, child }: BlobCollectorMeans): Promise<Set<string>> {
  const used = new Set((await usedBlobs(db)).keys());
  for (const { repository, digest } of await listOpenPushes(db, Number.MAX_SAFE_INTEGER)) {
    used.add(digest);
    const manifest = await child.readManifest(repository, digest);
    if (manifest !== undefined) for (const blob of blobsOf(manifest)) used.add(blob);
  }
  return used;
}

function blobsOf({ bytes, mediaType }: { bytes: Buffer; mediaType: string }): string[] {
  try {
    const { blobs, children } = readManifest(bytes, mediaType);
    return [...blobs.map(([digest]) => digest), ...children];
  } catch (error) {
    if (!(error instanceof ManifestMistake)) throw error;
    return [];
  }
}
