import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import { adoptTag, listUnadopted, noteAdopted } from '#image/adopted-store.ts';
import {
  type Manifest,
  ManifestMistake,
  PUSHED_MANIFEST_LIMIT_BYTES,
  parseManifestObject,
  readManifest,
} from '#image/manifest.ts';
import { keepManifest } from '#image/manifest-store.ts';
import type { ImageStorage } from '../distribution/image-storage.ts';

/** A manifest in distribution's folder. */
interface Found {
  digest: string;
  sizeBytes: number;
  manifest: Manifest;
}

/**
 * Takes over the tags and manifests that distribution kept itself, once for each repository: those from versions in
 * which this server had no tables of its own. Each repository is taken over in one transaction, so an interruption
 * loses only that repository's work.
 */
export async function adoptTags(
  db: Database,
  storage: ImageStorage,
  nowMs: number,
  say: (repository: string, tags: number) => void,
): Promise<void> {
  for (const { repoId, name } of await listUnadopted(db)) {
    const manifests: Found[] = [];
    for await (const digest of storage.manifests(name)) {
      const found = await readFound(storage, digest);
      if (found !== undefined) manifests.push(found);
    }
    const known = new Set(manifests.map(({ digest }) => digest));
    const tags = await transaction(db, async (db) => {
      let adopted = 0;
      for (const { digest, sizeBytes, manifest } of childrenFirst(manifests))
        await keepManifest(db, { repoId, digest, sizeBytes, manifest }, nowMs);
      for await (const { tag, digest, setMs } of storage.tags(name)) {
        if (!known.has(digest)) continue;
        await adoptTag(db, { repoId, name: tag, digest, setMs });
        adopted += 1;
      }
      await noteAdopted(db, repoId);
      return adopted;
    });
    if (tags > 0) say(name, tags);
  }
}

/** The size of an index's manifest is known after those that it lists. */
function childrenFirst(manifests: readonly Found[]): Found[] {
  return [...manifests].sort((a, b) => Math.sign(a.manifest.children.length) - Math.sign(b.manifest.children.length));
}

/** Undefined for a manifest that is not served, such as one of the oldest kind. */
async function readFound(storage: ImageStorage, digest: string): Promise<Found | undefined> {
  const bytes = await storage.readBlob(digest, PUSHED_MANIFEST_LIMIT_BYTES);
  if (bytes === undefined) return undefined;
  try {
    const object = parseManifestObject(bytes, PUSHED_MANIFEST_LIMIT_BYTES);
    return { digest, sizeBytes: bytes.length, manifest: readManifest(bytes, mediaTypeOf(object)) };
  } catch (error) {
    if (!(error instanceof ManifestMistake)) throw error;
    return undefined;
  }
}

/**
 * A manifest of Docker's says its type; an OCI manifest may omit it:
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md
 */
function mediaTypeOf({ mediaType, manifests }: Record<string, unknown>): string {
  if (typeof mediaType === 'string') return mediaType;
  return `application/vnd.oci.image.${Array.isArray(manifests) ? 'index' : 'manifest'}.v1+json`;
}
