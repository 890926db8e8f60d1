import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';

/** Something kept for later builds. */
export interface Kept {
  path: string;
  sizeBytes: number;
  usedMs: number;
}

/** What to remove, least recently used first, until the rest takes no more than `limitBytes`; never anything in use. */
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

/** Records that a repository's store is used now, for `dropOldStores`. */
export function touchStore(folder: string, repositoryId: string, nowMs: number): void {
  utimesSync(`${folder}/${repositoryId}`, nowMs / 1000, nowMs / 1000);
}

/**
 * Removes unused stores, least recently used first, until all of `folder` takes no more than `limitBytes` of disk. A
 * repository without its store builds all its layers again. Returns what was removed.
 */
export function dropOldStores(folder: string, limitBytes: number, inUse: ReadonlySet<string>): string[] {
  const stores = readdirSync(folder).map((id) => ({ path: id, ...sizeOf(`${folder}/${id}`) }));
  const going = planRemoval(stores, limitBytes, (id) => inUse.has(id));
  for (const id of going) rmSync(`${folder}/${id}`, { recursive: true, force: true });
  return going;
}

/** The disk space of a store, whose image is sparse, and when it was last used. */
export function sizeOf(store: string): { sizeBytes: number; usedMs: number } {
  const blocks = readdirSync(store).map((name) => statSync(`${store}/${name}`, { throwIfNoEntry: false })?.blocks ?? 0);
  return { sizeBytes: blocks.reduce((sum, each) => sum + each, 0) * 512, usedMs: statSync(store).mtimeMs };
}
