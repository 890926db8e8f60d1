import type { Database } from '#db/database.ts';
import type { TaggedImage } from '#image/image.ts';
import { PUSHED_MANIFEST_LIMIT_BYTES } from '#image/manifest.ts';
import { writePlatforms } from '#image/platform-store.ts';
import { platformsOf } from '#image/platforms-of.ts';
import type { LayerStorage } from '../distribution/image-storage.ts';

/**
 * The platforms of images by their digests. What no list has read before is read from the registry's folder, and kept. An image whose
 * bytes are gone, or whose configuration is larger than a manifest may be, is left out.
 */
export async function readPlatforms(
  { db, storage }: { db: Database; storage: Pick<LayerStorage, 'readBlob'> },
  repoId: string,
  images: readonly Pick<TaggedImage, 'digest' | 'imageId' | 'platforms'>[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = new Map<string, readonly string[]>();
  const read = new Map<string, readonly string[]>();
  for (const { digest, imageId, platforms } of images) {
    if (platforms !== undefined) known.set(digest, platforms);
    if (platforms !== undefined || read.has(digest)) continue;
    const bytes = await storage.readBlob(imageId === '' ? digest : `sha256:${imageId}`, PUSHED_MANIFEST_LIMIT_BYTES);
    if (bytes !== undefined) read.set(digest, platformsOf(bytes));
  }
  if (read.size > 0) await writePlatforms(db, repoId, read);
  return new Map([...known, ...read]);
}
