import type { Disk } from './disk/disk.ts';
import { RUN_LIMIT_BYTES } from './format/run.ts';
import type { Journal } from './hot/journal.ts';
import type { WriterSettings } from './write/writer-means.ts';

/** How a logbook is set; every value but the folder has a default. */
export type LogbookSettings = {
  /** Where the logs are. Made when it is missing; its parent must exist. */
  folder: string;
  /** Memory for inflated blocks of sealed logs, of all logs together. Default 16 MiB. */
  blockCacheBytes?: number;
  /** A line, as it is stored, is not longer: 1,024 to 65,536 bytes, by default 16,384. */
  lineLimitBytes?: number;
  /** An unfinished line is given out after this time without a byte. Default 2000. */
  idleFlushMs?: number;
  /** Size from which on further lines are counted and not stored. Default 10 GiB. */
  logLimitBytes?: number;
  /** Bytes of lines a log that may wait for the disk. Default 1 MiB. */
  inFlightLimitBytes?: number;
  /** Logs that nobody writes or follows stay open up to this number. Default 256. */
  openLogLimit?: number;
  /** Milliseconds since 1970, for the times of lines. */
  clock?: () => number;
  disk?: Disk;
  /** Where running logs are. By default in the folder. */
  journal?: Journal;
};

const LINE_LIMIT_LEAST_BYTES = 1024;

/** What of it a writer is given. */
export function writerSettings(settings: LogbookSettings): WriterSettings {
  return {
    lineLimitBytes: clamp(settings.lineLimitBytes ?? 16 * 1024, LINE_LIMIT_LEAST_BYTES, RUN_LIMIT_BYTES),
    idleFlushMs: settings.idleFlushMs ?? 2000,
    logLimitBytes: settings.logLimitBytes ?? 10 * 1024 ** 3,
    inFlightLimitBytes: settings.inFlightLimitBytes ?? 1024 * 1024,
    clock: settings.clock ?? Date.now,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
