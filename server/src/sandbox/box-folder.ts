import { mkdirSync } from 'node:fs';
import { removeCgroup } from './cgroup.ts';
import type { HelperState } from './helper-state.ts';
import { removeTree } from './owner-folder.ts';

/** Makes `run/ID`, gives it to `act`, and removes it and the id's control groups however that ends. */
export async function withBoxFolder<T>(
  state: HelperState,
  id: string,
  act: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = `run/${id}`;
  try {
    mkdirSync(`${folder}/in`, { recursive: true });
    return await act(folder);
  } finally {
    await removeCgroup(state.roots, `${state.cgroupPrefix}/${id}`);
    await removeTree(folder);
  }
}
