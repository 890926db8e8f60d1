import { makeFolder } from '../folder/make-folder.ts';
import { removeTree } from '../folder/owner-folder.ts';
import { removeCgroup } from './cgroup.ts';
import type { HelperState } from './helper-state.ts';

/**
 * Creates `run/ID`, passes it to `act` with the first id of a range that no other box has, and always removes it and
 * the control groups afterwards.
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
    // Only here: if the lines above fail, the box may still be alive, and its range stays reserved.
    state.ids.release(firstId);
  }
}
