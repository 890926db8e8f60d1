import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';

/** Notes that a repository's store is used now; `dropOldStores` goes by that. */
export function touchStore(folder: string, repositoryId: string, nowMs: number): void {
  utimesSync(`${folder}/${repositoryId}`, nowMs / 1000, nowMs / 1000);
}

/**
 * Removes stores that nobody uses, the one that was used longest ago first, until all of `folder` take no more than
 * `limitBytes` of the disk. A repository whose store is gone builds all its layers again. Gives what was removed.
 */
export function dropOldStores(folder: string, limitBytes: number, inUse: ReadonlySet<string>): string[] {
  const stores = readdirSync(folder).map((id) => ({ id, ...sizeOf(`${folder}/${id}`) }));
  let sizeBytes = stores.reduce((sum, store) => sum + store.sizeBytes, 0);
  const removed: string[] = [];
  for (const store of stores.filter(({ id }) => !inUse.has(id)).toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (sizeBytes <= limitBytes) break;
    rmSync(`${folder}/${store.id}`, { recursive: true, force: true });
    sizeBytes -= store.sizeBytes;
    removed.push(store.id);
  }
  return removed;
}

/** What a store takes of the disk: its image is sparse. */
function sizeOf(store: string): { sizeBytes: number; usedMs: number } {
  const image = statSync(`${store}/store.img`, { throwIfNoEntry: false });
  return { sizeBytes: (image?.blocks ?? 0) * 512, usedMs: statSync(store).mtimeMs };
}
