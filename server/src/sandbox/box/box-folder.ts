import { makeFolder } from '../folder/make-folder.ts';
import { removeTree } from '../folder/owner-folder.ts';
import { removeCgroup } from './cgroup.ts';
import type { HelperState } from './helper-state.ts';

/**
 * Creates `run/ID` and calls `act` with it and with the first id of a range that no other box has. Afterwards it always
 * removes the folder and the box's control groups.
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
    // Last: if the lines above fail, the box may still be alive, so its range stays reserved.
    state.ids.release(firstId);
  }
}
