import { finishDeletions } from '#build/delete-repository.ts';
import type { Database } from '#db/database.ts';
import { eraseRepository } from '#registry/contents/sweep.ts';
import type { ChildStorage } from '#registry/distribution/child-storage.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';

const LOOK_EVERY_MS = 1000;
/** The wait after a fault of the disk or the database. */
const REST_MS = 60_000;

/** Finishes the deletions of a server's repositories until it is closed, including those of an earlier run. */
export function startDeletions(means: {
  db: Database;
  storage: ChildStorage;
  layerStores: Pick<Sandbox, 'listStores' | 'removeStore'>;
  report: (message: string, error: unknown) => void;
}): { close(): Promise<void> } {
  let looking = Promise.resolve();
  let isLooking = false;
  let restsUntilMs = 0;
  let isFirst = true;
  const look = (): void => {
    if (isLooking || performance.now() < restsUntilMs) return;
    isLooking = true;
    looking = finishDeletions(
      means.db,
      async (repository) => {
        const { repoId, namespaceName, name } = repository;
        await eraseRepository(means, { repoId, name: `${namespaceName}/${name}` });
        // A machine that cannot build has no helper to ask. What stays is removed when space is needed.
        await removeLayers(means.layerStores, repoId).catch((error: unknown) =>
          means.report('the layers of a deleted repository could not be removed yet', error),
        );
      },
      isFirst,
    )
      .catch((error: unknown) => {
        restsUntilMs = performance.now() + REST_MS;
        means.report('a repository could not be deleted yet', error);
      })
      .finally(() => {
        isFirst = false;
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

/** The layers that builds of the repository kept. */
async function removeLayers(stores: Pick<Sandbox, 'listStores' | 'removeStore'>, repoId: string): Promise<void> {
  for (const { id } of await stores.listStores())
    if (id === repoId || id.startsWith(`${repoId}-`)) await stores.removeStore(id);
}
