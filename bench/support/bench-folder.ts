import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Log, Logbook, LogWriter } from '../../logbook/src/logbook.ts';
import { corpus } from '../corpus.ts';

/** Calls an act with a folder on disk that rivals' plain users may enter, and always removes it. */
export async function inBenchFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  chmodSync(folder, 0o755);
  try {
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes that many lines of the corpus into a new log; all are committed, and the log is not sealed. */
export async function fillLog(logbook: Logbook, logId: string, lineCount: number): Promise<LogWriter> {
  const writer = await logbook.create(logId);
  for (const chunk of corpus(lineCount)) await writer.write(chunk);
  await writer.committed();
  return writer;
}

/** A log, which must exist. */
export async function logOf(logbook: Logbook, logId: string): Promise<Log> {
  const log = await logbook.open(logId);
  if (log === undefined) throw new Error(`there is no log ${logId}`);
  return log;
}

/** The path of a log's file. */
export function logFile(folder: string, logId: string, name: string): string {
  return join(folder, logId.slice(0, 2), logId, name);
}
