import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';

/** Something that is kept for later builds. */
export type Kept = { path: string; sizeBytes: number; usedMs: number };

/** What must go, the one used longest ago first, until the rest takes no more than `limitBytes`; never what is in use. */
export function planRemoval(kept: readonly Kept[], limitBytes: number, inUse: (path: string) => boolean): string[] {
  let sizeBytes = kept.reduce((sum, each) => sum + each.sizeBytes, 0);
  const going: string[] = [];
  for (const each of kept.filter(({ path }) => !inUse(path)).toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (sizeBytes <= limitBytes) break;
    sizeBytes -= each.sizeBytes;
    going.push(each.path);
  }
  return going;
}

/** Notes that a repository's store is used now; `dropOldStores` goes by that. */
export function touchStore(folder: string, repositoryId: string, nowMs: number): void {
  utimesSync(`${folder}/${repositoryId}`, nowMs / 1000, nowMs / 1000);
}

/**
 * Removes stores that nobody uses, the one that was used longest ago first, until all of `folder` take no more than
 * `limitBytes` of the disk. A repository whose store is gone builds all its layers again. Gives what was removed.
 */
export function dropOldStores(folder: string, limitBytes: number, inUse: ReadonlySet<string>): string[] {
  const stores = readdirSync(folder).map((id) => ({ path: id, ...sizeOf(`${folder}/${id}`) }));
  const going = planRemoval(stores, limitBytes, (id) => inUse.has(id));
  for (const id of going) rmSync(`${folder}/${id}`, { recursive: true, force: true });
  return going;
}

/** What a store takes of the disk, and when it was used last: images are sparse. */
export function sizeOf(store: string): { sizeBytes: number; usedMs: number } {
  const blocks = readdirSync(store).map((name) => statSync(`${store}/${name}`, { throwIfNoEntry: false })?.blocks ?? 0);
  return { sizeBytes: blocks.reduce((sum, each) => sum + each, 0) * 512, usedMs: statSync(store).mtimeMs };
}
