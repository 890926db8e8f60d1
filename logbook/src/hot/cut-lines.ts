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
 * Keeps what is to be cut of a damaged log from a line on: its text, and the index that knew of it. Both stay beside the log,
 * whose next recovery, if it is not sealed before, finds a sound one and learns from them what it lacks.
 */
export async function keepCutLines(
  disk: Disk,
  files: LogFiles,
  firstLine: number,
  text: { fromBytes: number; cutBytes: number },
): Promise<void> {
  // Without bytes to cut, an earlier recovery has cut them and was cut off itself: what it kept stays.
  if (text.cutBytes > 0) await copy(disk, files, files.hotText, `cut-${firstLine}.ndjson`, text.fromBytes);
  await copy(disk, files, files.hotIndex, `cut-${firstLine}.idx`, 0);
  await disk.syncFolder(files.folder);
}

/** The lines that recoveries have cut, all but those from line `but` on, if it is given. */
export function linesCutBefore(disk: Disk, files: LogFiles, but: number | undefined): LineRange[] {
  const ranges: LineRange[] = [];
  for (const name of disk.list(files.folder)) {
    const firstLine = Number(/^cut-(\d{1,16})\.idx$/.exec(name)?.[1] ?? 0);
    if (firstLine === 0 || firstLine === but) continue;
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
  // One that is there was begun by a recovery that was cut off before it had cut anything.
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
