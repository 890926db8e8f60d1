import type { Removals } from '#backup/backup-lock.ts';
import { finishDeletions, type LeavingRepository } from '#build/delete-repository.ts';
import { isStoreOf } from '#build/layer-store.ts';
import type { Database } from '#db/database.ts';
import { eraseRepository } from '#registry/contents/sweep.ts';
import type { RepositoryStorage } from '#registry/distribution/image-storage.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';

const LOOK_EVERY_MS = 1000;
/** The wait after a fault of the disk or the database. */
const REST_MS = 60_000;
const ALL = '';

/**
 * Finishes the deletions of a server's repositories until it is closed, including those of an earlier run. `looked` waits for the
 * current look.
 */
export function startDeletions(means: {
  db: Database;
  storage: Pick<RepositoryStorage, 'removeRepository'>;
  layerStores: Pick<Sandbox, 'listStores' | 'removeStore'>;
  unlessBackup: Removals['unlessBackup'];
  report: (message: string, error: unknown) => void;
}): { looked(): Promise<void>; close(): Promise<void> } {
  let looking = Promise.resolve();
  let isLooking = false;
  let isFirst = true;
  /** Until when a repository, or with no id the whole, is left alone after a fault. */
  const restsUntilMs = new Map<string, number>();
  const rests = (repoId: string) => performance.now() < (restsUntilMs.get(repoId) ?? 0);
  const letRest = (repoId: string, error: unknown) => {
    for (const [id, untilMs] of restsUntilMs) if (untilMs < performance.now()) restsUntilMs.delete(id);
    restsUntilMs.set(repoId, performance.now() + REST_MS);
    means.report('a repository could not be deleted yet', error);
  };
  const removeContents = async ({ repoId, namespaceName, name }: LeavingRepository) => {
    const erase = async () => {
      await eraseRepository(means, { repoId, name: `${namespaceName}/${name}` });
      return true;
    };
    if (!(await means.unlessBackup(erase))) throw new Error('a backup is being made');
    // A machine that cannot build has no helper to ask. What stays is removed when space is needed.
    await removeLayers(means.layerStores, repoId).catch((error: unknown) =>
      means.report('the layers of a deleted repository could not be removed yet', error),
    );
  };
  const look = (): void => {
    if (isLooking || rests(ALL)) return;
    isLooking = true;
    looking = finishDeletions(means.db, removeContents, { isFirst, rests })
      .then((faults) => {
        for (const { repository, error } of faults) letRest(repository.repoId, error);
      })
      .catch((error: unknown) => letRest(ALL, error))
      .finally(() => {
        isFirst = false;
        isLooking = false;
      });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    looked: () => looking,
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

/** The layers that builds of the repository kept. */
async function removeLayers(stores: Pick<Sandbox, 'listStores' | 'removeStore'>, repoId: string): Promise<void> {
  for (const { id } of await stores.listStores()) if (isStoreOf(id, repoId)) await stores.removeStore(id);
}
