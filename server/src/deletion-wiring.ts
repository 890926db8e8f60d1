import { finishDeletions } from '#build/delete-repository.ts';
import type { Database } from '#db/database.ts';
import { eraseRepository } from '#registry/contents/sweep.ts';
import type { ChildStorage } from '#registry/distribution/child-storage.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';

const LOOK_EVERY_MS = 1000;

/** Ends the deletions of repositories of a server until it is closed, those of an earlier life included. */
export function startDeletions(means: {
  db: Database;
  storage: ChildStorage;
  layerStores: Pick<Sandbox, 'listStores' | 'removeStore'>;
  report: (message: string, error: unknown) => void;
}): { close(): Promise<void> } {
  let looking = Promise.resolve();
  let isLooking = false;
  const look = (): void => {
    if (isLooking) return;
    isLooking = true;
    looking = finishDeletions(means.db, async (repository) => {
      const { repoId, namespaceName, name } = repository;
      await eraseRepository(means, { repoId, name: `${namespaceName}/${name}` });
      await removeLayers(means.layerStores, repoId);
    })
      .catch((error: unknown) => means.report('a repository could not be deleted yet', error))
      .finally(() => {
        isLooking = false;
      });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

/** The layers that builds of the repository kept. A machine that cannot build has none. */
async function removeLayers(stores: Pick<Sandbox, 'listStores' | 'removeStore'>, repoId: string): Promise<void> {
  for (const { id } of await stores.listStores())
    if (id === repoId || id.startsWith(`${repoId}-`)) await stores.removeStore(id);
}
