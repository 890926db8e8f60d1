import type { Database } from '#db/database.ts';
import { forgetManifest, forgetRepositoryContents, listSweptRepositories, markUnneeded } from '#image/sweep-store.ts';
import type { ChildRegistry } from '../distribution/child-registry.ts';
import type { ChildStorage } from '../distribution/child-storage.ts';

/** What sweeping works with. */
export interface SweepMeans {
  db: Database;
  child: Pick<ChildRegistry, 'deleteManifest'>;
  now(): number;
}

/**
 * Removes the manifests that nothing needs and that were not used within `keepMs`; their layers go when garbage is collected. Being killed
 * leaves manifests on their way out, which the next sweep removes. Gives how many went.
 */
export async function sweepManifests(means: SweepMeans, keepMs: number): Promise<number> {
  const { db, child, now } = means;
  let removed = 0;
  for (const { repoId, name } of await listSweptRepositories(db)) {
    const nowMs = now();
    for (const digest of await markUnneeded(db, repoId, nowMs - keepMs, { by: 'slipway', nowMs })) {
      await child.deleteManifest(name, digest);
      await forgetManifest(db, repoId, digest);
      removed += 1;
    }
  }
  return removed;
}

/**
 * Removes what distribution has of a repository that was deleted, after `hideRepositoryContents`: its name may be given again
 * afterwards. Its layers go when garbage is collected. May be repeated.
 */
export async function eraseRepository(
  { db, storage }: { db: Database; storage: Pick<ChildStorage, 'removeRepository'> },
  { repoId, name }: { repoId: string; name: string },
): Promise<void> {
  await storage.removeRepository(name);
  await forgetRepositoryContents(db, repoId);
}
