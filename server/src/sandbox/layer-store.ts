import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { HelperState } from './helper-state.ts';
import { makeFolder } from './make-folder.ts';
import { dropOldStores, touchStore } from './store-limit.ts';

/** The disk of a build, an image file: its layers and all that it writes. */
export type LayerStore = {
  path: string;
  /** Whether it is the repository's, kept for its next build. */
  isShared: boolean;
  /** What the log says of it, where it is not the usual. */
  sentence: string | undefined;
  release(): void;
};

/** Whose layers a store holds: another builder cannot read them. */
const builder = 'buildkit';

/** The repository's store for one build at a time; the others, and builds without cache, get one of their own. */
export function takeLayerStore(
  state: HelperState,
  build: { buildId: string; repositoryId: string; cache: boolean },
): LayerStore {
  const id = build.repositoryId;
  if (!build.cache || state.storesInUse.has(id)) {
    const release = () => undefined;
    return { path: `run/${build.buildId}/store.img`, isShared: false, sentence: undefined, release };
  }
  const folder = `stores/${id}`;
  makeFolder(folder, 0o700);
  touchStore('stores', id, Date.now());
  dropOldStores('stores', state.cacheBytes, new Set([...state.storesInUse, id]));
  state.storesInUse.add(id);
  const [path, mark] = [`${folder}/store.img`, `${folder}/${builder}`];
  const isForeign = existsSync(path) && !existsSync(mark);
  if (isForeign) rmSync(path);
  writeFileSync(mark, '');
  const sentence = isForeign ? 'the layer cache of an earlier version of Slipway was removed' : undefined;
  return { path, isShared: true, sentence, release: () => state.storesInUse.delete(id) };
}
