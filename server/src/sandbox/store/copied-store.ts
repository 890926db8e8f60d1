import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { HelperState } from '../box/helper-state.ts';
import { isMoreThanLeft } from '../folder/free-space.ts';
import type { LayerStore } from './layer-store.ts';
import { isClean, isNearlyFull } from './store-image.ts';
import { dropOldStores } from './store-limit.ts';
import { isTorn, markWritten } from './written-store.ts';

const run = promisify(execFile);

const NOT_COPIED = 'this build begins with an empty layer cache';

/**
 * Makes `store`, which does not exist yet, a copy of the store of `id`. Returns what the log says, or undefined if there is
 * nothing that could be copied. A build of `id` does not wait for the copy: it ends it. No step may use a copy before it was
 * emptied of what only the builds of `id` may read: see `isToEmpty`.
 */
export async function copyStore(
  state: Pick<HelperState, 'storesInUse' | 'storesWaiting' | 'cacheBytes'>,
  id: string,
  store: LayerStore,
  { sizeBytes, signal }: { sizeBytes: number; signal: AbortSignal },
): Promise<string | undefined> {
  const from = `stores/${id}/store.img`;
  if (!store.isShared || existsSync(store.path) || !existsSync(from)) return undefined;
  const hasNoRoom = await isMoreThanLeft(statSync(from).blocks * 512);
  // From here on until it is taken, nothing is awaited.
  if (state.storesInUse.has(id)) return `${NOT_COPIED}: another build is using that of the repository`;
  if (!existsSync(from) || !isWorthCopying(from, sizeBytes)) return undefined;
  if (hasNoRoom) return `${NOT_COPIED}: the disk has no room for a copy`;
  const ended = Promise.withResolvers<void>();
  const wanted = new AbortController();
  state.storesInUse.add(id);
  state.storesWaiting.set(id, () => {
    wanted.abort();
    return ended.promise;
  });
  // A helper that dies here removes it when it starts again (sweep.ts).
  const part = `run/${randomUUID()}.part`;
  try {
    // Before anything is written: after a power cut, what was copied may be a mix of old and new blocks.
    await markWritten(store.path);
    const options = ['--sparse=always', '--reflink=auto', '--', from, part];
    await run('cp', options, { signal: AbortSignal.any([signal, wanted.signal]) });
    writeFileSync(markOf(store), '');
    renameSync(part, store.path);
    dropOldStores('stores', state.cacheBytes, state.storesInUse);
    return 'the layer cache begins as a copy of the repository’s';
  } catch (error) {
    if (signal.aborted) return undefined;
    if (wanted.signal.aborted) return `${NOT_COPIED}: a build of the repository needs its own`;
    return `${NOT_COPIED}: that of the repository cannot be copied (${reasonOf(error)})`;
  } finally {
    rmSync(part, { force: true });
    state.storesInUse.delete(id);
    state.storesWaiting.delete(id);
    ended.resolve();
  }
}

/** Whether the builder must first remove what only builds of the repository may read: their cache mounts and sources. */
export function isToEmpty(store: LayerStore): boolean {
  return existsSync(markOf(store));
}

/** Records that the builder has removed it. */
export function noteEmptied(store: LayerStore): void {
  rmSync(markOf(store), { force: true });
}

/** Otherwise a build of the repository itself would begin with an empty store. */
function isWorthCopying(image: string, sizeBytes: number): boolean {
  return statSync(image).size === sizeBytes && isClean(image) && !isTorn(image) && !isNearlyFull(image);
}

/** The last line of `cp`, without the paths of this machine. */
function reasonOf(error: unknown): string {
  const { stderr = '', code } = error as { stderr?: string; code?: unknown };
  return stderr.trim().split('\n').at(-1)?.split(': ').at(-1) || `cp ended with ${String(code)}`;
}

function markOf({ path }: LayerStore): string {
  return `${path}.copied`;
}
