import { makeFolder } from '../folder/make-folder.ts';
import { removeTree } from '../folder/owner-folder.ts';
import { removeCgroup } from './cgroup.ts';
import type { HelperState } from './helper-state.ts';

/**
 * Makes `run/ID`, gives it to `act` with the first of a range of ids that no other box has, and removes it and the id's
 * control groups however that ends.
 */
export async function withBoxFolder<T>(
  state: HelperState,
  id: string,
  act: (folder: string, firstId: number) => Promise<T>,
): Promise<T> {
  const folder = `run/${id}`;
  const firstId = state.ids.take();
  try {
    makeFolder(`${folder}/in`);
    return await act(folder, firstId);
  } finally {
    await removeCgroup(state.roots, `${state.cgroupPrefix}/${id}`);
    await removeTree(folder);
    // Only here: where the lines above fail, the box may not be dead, and its range stays taken.
    state.ids.release(firstId);
  }
}
