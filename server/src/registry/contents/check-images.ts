import type { Database } from '#db/database.ts';
import { listKnownManifests, listSweptRepositories } from '#image/sweep-store.ts';
import { listTagsOf } from '#image/tag-store.ts';
import type { RepositoryStorage } from '../distribution/image-storage.ts';

/** A manifest that the table has and the storage does not, or the reverse. */
export interface Difference {
  repository: string;
  digest: string;
  kind: 'missing' | 'unknown';
  tags: string[];
}

/** What was found; of very many differences, the first ones. */
export interface ImageCheck {
  manifests: number;
  differences: Difference[];
  more: boolean;
}

const DIFFERENCES_LIMIT = 1000;

/** Compares the table of images with distribution's storage. Pushes that run meanwhile may appear as differences. */
export async function checkImages(db: Database, storage: Pick<RepositoryStorage, 'manifests'>): Promise<ImageCheck> {
  const check: ImageCheck = { manifests: 0, differences: [], more: false };
  const add = (difference: Difference) => {
    if (check.differences.length < DIFFERENCES_LIMIT) check.differences.push(difference);
    else check.more = true;
  };
  for (const { repoId, name: repository } of await listSweptRepositories(db, 'all')) {
    const missing = new Set(await listKnownManifests(db, repoId));
    const unknown: string[] = [];
    check.manifests += missing.size;
    for await (const digest of storage.manifests(repository)) if (!missing.delete(digest)) unknown.push(digest);
    for (const digest of missing)
      add({ repository, digest, kind: 'missing', tags: await listTagsOf(db, repoId, digest) });
    for (const digest of unknown) add({ repository, digest, kind: 'unknown', tags: [] });
  }
  return check;
}
