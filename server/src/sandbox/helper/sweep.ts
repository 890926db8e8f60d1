import { existsSync, readdirSync } from 'node:fs';
import { listCgroupIds, removeCgroup } from '../box/cgroup.ts';
import type { HelperState } from '../box/helper-state.ts';
import { isWorkGroup, sweepWork } from '../box/work-space.ts';
import { removeTree } from '../folder/owner-folder.ts';
import { dropForeignBases } from '../store/base-limit.ts';

/**
 * Ends and removes what an earlier run of this data folder's helper left: processes and control groups under the
 * folder's own prefix, and everything in `run`. Other servers on the machine have other prefixes and are not touched.
 * Bases and stores stay: bases are renamed into place when they are complete, and stores are checked before each mount.
 * With `keepWork`, work outside boxes stays too: it is the server's, which may survive its helper.
 */
export async function sweep(state: HelperState, { keepWork }: { keepWork: boolean }): Promise<void> {
  await sweepWork(state, { keepRunning: keepWork });
  for (const id of listCgroupIds(state.roots, state.cgroupPrefix)) {
    if (!isWorkGroup(id)) await removeCgroup(state.roots, `${state.cgroupPrefix}/${id}`);
  }
  // The data folder may have been removed already.
  if (existsSync('run')) for (const name of readdirSync('run')) await removeTree(`run/${name}`);
  await dropForeignBases();
  for (const name of readdirSync('.')) if (name.endsWith('.tmp')) await removeTree(name);
}
