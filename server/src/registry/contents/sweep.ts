import type { Database } from '#db/database.ts';
import { forgetManifest, forgetRepositoryContents, listSweptRepositories, markUnneeded } from '#image/sweep-store.ts';
import type { ChildRegistry } from '../distribution/child-registry.ts';
import type { RepositoryStorage } from '../distribution/image-storage.ts';

/** What sweeping works with. */
export interface SweepMeans {
  db: Database;
  child: Pick<ChildRegistry, 'deleteManifest'>;
  now(): number;
}

/**
 * Removes the manifests that nothing needs and nobody used within `keepMs`; their layers go when garbage is collected.
 * If it is killed, manifests marked for removal remain, and the next sweep removes them. Returns how many were removed.
 */
export async function sweepManifests(means: SweepMeans, keepMs: number): Promise<number> {
  let removed = 0;
  for (const repository of await listSweptRepositories(means.db))
    removed += await sweepRepository(means, repository, keepMs);
  return removed;
}

/** The same for one repository. */
export async function sweepRepository(
  { db, child, now }: SweepMeans,
  { repoId, name }: { repoId: string; name: string },
  keepMs: number,
): Promise<number> {
  const nowMs = now();
  const unneeded = await markUnneeded(db, repoId, nowMs - keepMs, { by: 'slipway', nowMs });
  for (const digest of unneeded) {
    await child.deleteManifest(name, digest);
    await forgetManifest(db, repoId, digest);
  }
  return unneeded.length;
}

/**
 * Removes distribution's data of a deleted repository, after `hideRepositoryContents`: then its name may be used again.
 * Its layers go when garbage is collected. May be repeated.
 */
export async function eraseRepository(
  { db, storage }: { db: Database; storage: Pick<RepositoryStorage, 'removeRepository'> },
  { repoId, name }: { repoId: string; name: string },
): Promise<void> {
  await storage.removeRepository(name);
  await forgetRepositoryContents(db, repoId);
}
