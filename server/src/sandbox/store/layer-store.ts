import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HelperState } from '../box/helper-state.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { removeTree } from '../folder/owner-folder.ts';
import type { StoreFacts } from '../protocol/reply.ts';
import { prepareStoreImage, type StoreState } from './store-image.ts';
import { dropOldStores, sizeOf, touchStore } from './store-limit.ts';
import { markWritten, writeLater } from './written-store.ts';

/** The disk of a build, an image file: its layers and everything it writes. */
export interface LayerStore {
  path: string;
  /** Whether it is the repository's own, kept for its next build. */
  isShared: boolean;
  /** What the log says about it, if something is unusual. */
  sentence: string | undefined;
  release(): void;
}

const WAIT_STEP_MS = 50;

/** The builder whose layers a store has: another builder cannot read them. */
const BUILDER = 'buildkit';

/** Waits until no build has the store of a repository, at most this long or until `signal` aborts. */
export async function waitForStore(
  { storesInUse }: Pick<HelperState, 'storesInUse'>,
  id: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (storesInUse.has(id) && !signal.aborted && performance.now() < endMs) await sleep(WAIT_STEP_MS);
}

/**
 * Gives a repository's store to one build at a time; other builds, and builds without cache, get a store of their own.
 */
export function takeLayerStore(
  state: Pick<HelperState, 'storesInUse' | 'cacheBytes'>,
  build: { buildId: string; repositoryId: string; cache: boolean },
): LayerStore {
  const id = build.repositoryId;
  if (!build.cache || state.storesInUse.has(id)) {
    const release = () => undefined;
    const sentence = build.cache
      ? 'the layer cache is in use by another build of the repository: this build runs every step (setting build-cache-wait-seconds)'
      : undefined;
    return { path: `run/${build.buildId}/store.img`, isShared: false, sentence, release };
  }
  const folder = `stores/${id}`;
  makeFolder(folder, 0o700);
  touchStore('stores', id, Date.now());
  dropOldStores('stores', state.cacheBytes, new Set([...state.storesInUse, id]));
  state.storesInUse.add(id);
  const [path, mark] = [`${folder}/store.img`, `${folder}/${BUILDER}`];
  // The helper died while a build tried another store.
  if (existsSync(asidePath(path))) renameSync(asidePath(path), path);
  const isForeign = existsSync(path) && !existsSync(mark);
  if (isForeign) rmSync(path);
  writeFileSync(mark, '');
  const sentence = isForeign ? 'the layer cache of an earlier version of Slipway was removed' : undefined;
  const release = (): void => {
    state.storesInUse.delete(id);
    writeLater(path);
  };
  return { path, isShared: true, sentence, release };
}

/**
 * Makes a build's own store the one of its repository, if that has none yet. Returns whether it is. The image keeps its first
 * name beside the new one, because a box may be about to mount it.
 */
export async function keepOwnStore(
  state: Pick<HelperState, 'storesInUse' | 'cacheBytes'>,
  own: LayerStore,
  build: { buildId: string; repositoryId: string; cache: boolean },
): Promise<boolean> {
  const id = build.repositoryId;
  if (!build.cache || state.storesInUse.has(id) || existsSync(`stores/${id}`)) return false;
  const store = takeLayerStore(state, build);
  try {
    await markWritten(store.path);
    linkSync(own.path, store.path);
  } catch (error) {
    store.release();
    throw error;
  }
  Object.assign(own, store);
  return true;
}

/**
 * Guesses the store that a build of a repository will use, before its bases are known: the one that was used last. There
 * are several if its builds start from private bases, named after it.
 */
export function findLastStore(repositoryId: string): string | undefined {
  const ids = existsSync('stores') ? readdirSync('stores') : [];
  const own = ids.filter((id) => id === repositoryId || id.startsWith(`${repositoryId}-`));
  const usedMs = (id: string): number => statSync(`stores/${id}`).mtimeMs;
  return own.toSorted((a, b) => usedMs(b) - usedMs(a))[0];
}

/** The stores of all repositories. */
export function listStores(state: Pick<HelperState, 'storesInUse'>): StoreFacts[] {
  const ids = existsSync('stores') ? readdirSync('stores') : [];
  return ids.map((id) => ({ id, ...sizeOf(`stores/${id}`), isInUse: state.storesInUse.has(id) }));
}

/**
 * Removes a store, unless a build is using it; returns whether it is gone. A build of its repository that begins meanwhile starts
 * with an empty one of its own: what is being removed has left its place already.
 */
export async function removeStore(state: Pick<HelperState, 'storesInUse'>, id: string): Promise<boolean> {
  if (state.storesInUse.has(id)) return false;
  if (!existsSync(`stores/${id}`)) return true;
  // A helper that dies here removes it when it starts again (sweep.ts).
  const leaving = `run/${randomUUID()}.gone`;
  renameSync(`stores/${id}`, leaving);
  await removeTree(leaving);
  return true;
}

const BEGINS_ANEW: Readonly<Record<Exclude<StoreState, 'kept' | 'new'>, string>> = {
  resized: 'the setting build-disk-mebibytes was changed',
  full: 'it was nearly full',
  unclean: 'it was damaged, or in use when the machine stopped',
};

/** Makes a store ready to mount. Returns whether it holds layers, and what the log says if they were lost. */
export async function openLayerStore(
  { path, isShared }: LayerStore,
  sizeBytes: number,
): Promise<{ isOld: boolean; sentence: string | undefined }> {
  const state = await prepareStoreImage(path, sizeBytes);
  // Any other store is removed when a helper starts.
  if (isShared) await markWritten(path);
  if (state === 'kept' || state === 'new') return { isOld: state === 'kept', sentence: undefined };
  return { isOld: false, sentence: `the layer cache of the repository starts empty: ${BEGINS_ANEW[state]}` };
}

/** Replaces a store with which a build failed by an empty one. `restore` puts the old one back, `drop` removes it. */
export async function setAside({ path }: LayerStore, sizeBytes: number): Promise<{ restore(): void; drop(): void }> {
  const aside = asidePath(path);
  renameSync(path, aside);
  const restore = () => renameSync(aside, path);
  try {
    await prepareStoreImage(path, sizeBytes);
  } catch (error) {
    restore();
    throw error;
  }
  return { restore, drop: () => rmSync(aside) };
}

function asidePath(path: string): string {
  return `${path}.aside`;
}

/**
 * Whether the previous build with the same store ended in a way that may be the store's fault; records whether this one
 * did.
 */
export function noteUnclear({ path }: LayerStore, isUnclear: boolean): boolean {
  const mark = `${path}.unclear`;
  const wasUnclear = existsSync(mark);
  if (isUnclear) writeFileSync(mark, '');
  else rmSync(mark, { force: true });
  return wasUnclear;
}
