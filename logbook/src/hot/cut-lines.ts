import { join } from 'node:path';

import type { Disk } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { HOT_MAGIC, RECORD } from '../format/record.ts';
import { readAt, readRecords } from '../format/record-reader.ts';
import { decodeRun } from '../format/run.ts';
import type { LineRange } from '../format/seal.ts';
import { CUT_REASON } from './hot-scan.ts';

const COPY_BYTES = 1024 * 1024;

/**
 * Keeps a copy of what will be cut from a damaged log: its text from a line on, and its index. Both stay next to the log. If the
 * log is not sealed before the next recovery, that recovery finds a sound log and learns from these files what is missing.
 */
export async function keepCutLines(
  disk: Disk,
  files: LogFiles,
  firstLine: number,
  text: { fromBytes: number; cutBytes: number },
): Promise<void> {
  // Without bytes to cut, an earlier, interrupted recovery has already cut them; the copy it kept stays.
  if (text.cutBytes > 0) await copy(disk, files, files.hotText, `cut-${firstLine}.ndjson`, text.fromBytes);
  await copy(disk, files, files.hotIndex, `cut-${firstLine}.idx`, 0);
  await disk.syncFolder(files.folder);
}

/** The lines that recoveries have cut, except those from line `except` on, if given. */
export function linesCutBefore(disk: Disk, files: LogFiles, except: number | undefined): LineRange[] {
  const ranges: LineRange[] = [];
  for (const name of disk.list(files.folder)) {
    const firstLine = Number(/^cut-(\d{1,16})\.idx$/.exec(name)?.[1] ?? 0);
    if (firstLine === 0 || firstLine === except) continue;
    const index = disk.open(join(files.folder, name), 'read');
    let lastLine = firstLine;
    try {
      for (const record of readRecords(index, HOT_MAGIC)) {
        const run = 'type' in record && record.type === RECORD.run ? decodeRun(record.payload) : undefined;
        if (run !== undefined) lastLine = Math.max(lastLine, run.firstLine + run.lineCount - 1);
      }
    } finally {
      index.close();
    }
    ranges.push({ firstLine, lastLine, reason: CUT_REASON });
  }
  return ranges;
}

async function copy(disk: Disk, files: LogFiles, path: string, name: string, fromBytes: number): Promise<void> {
  const target = join(files.folder, name);
  // An existing file is from a recovery that was interrupted before it cut anything.
  await disk.remove(target);
  const from = disk.open(path, 'read');
  const to = disk.open(target, 'create');
  try {
    for (let at = fromBytes; ; ) {
      const part = readAt(from, at, COPY_BYTES);
      if (part.length === 0) break;
      await to.write([part], at - fromBytes);
      at += part.length;
    }
    await to.sync();
  } finally {
    from.close();
    to.close();
  }
}
