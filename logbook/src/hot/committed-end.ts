import { setTimeout as sleep } from 'node:timers/promises';

import { type DiskFile, nodeDisk } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { scanHotLog } from './hot-scan.ts';

/** How many bytes of the two hot files belong to a copy. */
export interface CommittedEnd {
  textBytes: number;
  indexBytes: number;
}

const TRIES = 5;
const PAUSE_MS = 20;

/**
 * Where the committed lines of a hot log end, for a copy that is taken while another process may write it: both files from their
 * beginning to there are an undamaged log with every line that was committed before the call. If the log is damaged, both files
 * as a whole, so that recovery of the copy finds what it would find here. Throws ENOENT if the log was sealed meanwhile.
 */
export async function committedEnd(files: Pick<LogFiles, 'hotText' | 'hotIndex'>): Promise<CommittedEnd> {
  const index = nodeDisk.open(files.hotIndex, 'read');
  try {
    const text = nodeDisk.open(files.hotText, 'read');
    try {
      for (let tries = 1; ; tries++) {
        const whole = { indexBytes: index.sizeBytes(), textBytes: text.sizeBytes() };
        const found = scan(text, index, whole);
        // A batch whose index is on disk before its text looks like damage, for a moment.
        if (found !== undefined) return found;
        if (tries === TRIES) return whole;
        await sleep(PAUSE_MS);
      }
    } finally {
      text.close();
    }
  } finally {
    index.close();
  }
}

/** Undefined if lines that the index names are not in the text. */
function scan(text: DiskFile, index: DiskFile, sizes: CommittedEnd): CommittedEnd | undefined {
  let end: CommittedEnd = { textBytes: 0, indexBytes: 0 };
  const runs = scanHotLog(frozen(text, sizes.textBytes), frozen(index, sizes.indexBytes));
  let step = runs.next();
  for (; step.done !== true; step = runs.next()) {
    const { run, record } = step.value;
    if (record !== undefined) end = { textBytes: run.offsetBytes + run.lengthBytes, indexBytes: record.endBytes };
  }
  if (step.value.hasLost) return undefined;
  // Without a run there is the header, and perhaps counts.
  return end.indexBytes === 0 ? { textBytes: 0, indexBytes: sizes.indexBytes } : end;
}

/** A file as it was: it does not grow. */
function frozen(file: DiskFile, sizeBytes: number): DiskFile {
  return {
    read: (target, position) =>
      file.read(target.subarray(0, Math.max(0, Math.min(target.length, sizeBytes - position))), position),
    sizeBytes: () => sizeBytes,
    write: (buffers, position) => file.write(buffers, position),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
