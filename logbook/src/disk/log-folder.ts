import { basename, dirname, join } from 'node:path';

import type { Disk } from './disk.ts';
import { failpoint } from './failpoint.ts';
import { isLogId, type LogFiles } from './log-files.ts';

const REMOVED = '.tmp';

/** The ids of all logs below a folder. Remains of logs whose removal was cut off are removed on the way. */
export async function listLogs(disk: Disk, root: string): Promise<string[]> {
  const found: string[] = [];
  for (const prefix of disk.list(root)) {
    for (const name of disk.list(join(root, prefix))) {
      if (isLogId(name)) found.push(name);
      else if (name.endsWith(REMOVED)) await removeFolder(disk, join(root, prefix, name));
    }
  }
  return found;
}

/** Whether a log has a folder. */
export function hasFolder(disk: Disk, files: LogFiles): boolean {
  return disk.list(dirname(files.folder)).includes(basename(files.folder));
}

/**
 * Removes a log, all of it or nothing: its folder gets a name that is nobody's, durably, and then goes. Being cut off leaves
 * the whole log or remains that `listLogs` removes. One that is not there is no error.
 */
export async function removeLog(disk: Disk, files: LogFiles): Promise<void> {
  const removed = `${files.folder}${REMOVED}`;
  await removeFolder(disk, removed);
  if (!hasFolder(disk, files)) return;
  await disk.rename(files.folder, removed);
  await disk.syncFolder(dirname(files.folder));
  failpoint('remove.afterRename');
  await removeFolder(disk, removed);
}

/**
 * Removes what is left of a log whose making was cut off, and says whether it was that, or nothing was there. Both hot files are
 * durable before the first line is taken, so where one is missing, and the text is empty, there never was a line.
 */
export async function clearBeginning(disk: Disk, files: LogFiles): Promise<boolean> {
  const names = disk.list(files.folder);
  const hot = names.filter((name) => name === 'hot.ndjson' || name === 'hot.idx');
  if (hot.length === 2 || hot.length < names.length) return false;
  if (hot.includes('hot.ndjson')) {
    const text = disk.open(files.hotText, 'read');
    const sizeBytes = text.sizeBytes();
    text.close();
    if (sizeBytes > 0) return false;
  }
  for (const name of hot) await disk.remove(join(files.folder, name));
  return true;
}

async function removeFolder(disk: Disk, path: string): Promise<void> {
  if (!disk.list(dirname(path)).includes(basename(path))) return;
  for (const name of disk.list(path)) await disk.remove(join(path, name));
  await disk.remove(path);
  await disk.syncFolder(dirname(path));
}
