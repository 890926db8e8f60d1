import type { Disk } from '../disk/disk.ts';
import { RUN_LIMIT_BYTES } from '../format/run.ts';
import type { Journal } from '../hot/journal.ts';
import type { ArchivedLogsMeans } from '../read/archived-logs.ts';
import type { WriterSettings } from '../write/writer-means.ts';

/** The settings of a logbook. All except the folder have defaults. */
export interface LogbookSettings {
  /** The folder of the logs. Created if missing; its parent must exist. */
  folder: string;
  /** Memory for inflated blocks of all sealed logs together. Default 16 MiB. */
  blockCacheBytes?: number;
  /** The maximum length of a stored line: 1,024 to 65,536 bytes. Default 16,384. */
  lineLimitBytes?: number;
  /** How long to hold an unfinished line without new bytes before it is written. Default 2000. */
  idleFlushMs?: number;
  /** The size at which further lines are only counted, not stored. Default 10 GiB. */
  logLimitBytes?: number;
  /** The maximum bytes of lines per log that may wait for the disk. Default 1 MiB. */
  inFlightLimitBytes?: number;
  /** The number of logs without writers or followers to keep open. Default 256. */
  openLogLimit?: number;
  /** Milliseconds since 1970, for the times of lines. */
  clock?: () => number;
  disk?: Disk;
  /** Where sealed logs can be carried to. Undefined if they stay in the folder. */
  elsewhere?: ArchivedLogsMeans | undefined;
  /** Where running logs are kept. By default in the folder. */
  journal?: Journal;
}

const LINE_LIMIT_LEAST_BYTES = 1024;

/** The settings for a writer. */
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
