import { dirname } from 'node:path';

import type { Disk } from './disk.ts';

/** Creates a folder durably, and returns whether it was missing. */
export async function makeFolder(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.makeFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await disk.syncFolder(dirname(path));
  return true;
}
