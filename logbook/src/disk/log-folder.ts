import { basename, dirname, join } from 'node:path';

import type { Disk } from './disk.ts';
import { failpoint } from './failpoint.ts';
import { isLogId, type LogFiles } from './log-files.ts';

const REMOVED = '.tmp';

/** The ids of all logs in a folder. Also removes leftovers of interrupted removals. */
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
  // The folder above may have those of many thousands of logs.
  return disk.list(files.folder).length > 0 || disk.list(dirname(files.folder)).includes(basename(files.folder));
}

/**
 * Removes a log, if it exists, completely or not at all: its folder is durably renamed to a name that is not a log's, and then
 * removed. An interruption leaves either the whole log, or leftovers that `listLogs` removes.
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
 * Removes the leftovers of a log whose creation was interrupted. Returns true if there was only that, or nothing. Both hot files
 * are durable before the first line is accepted, so if one is missing and the text is empty, there was never a line.
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
