import type { Disk } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import type { Counts } from '../format/log-counts.ts';
import type { HotLog } from '../hot/hot-log.ts';
import type { Recovery } from '../hot/journal.ts';
import type { ArchiveStore } from '../sealed/archive-store.ts';
import type { StageMark } from './stage-mark.ts';

/** How lines are cut and committed. */
export interface WriterSettings {
  lineLimitBytes: number;
  idleFlushMs: number;
  logLimitBytes: number;
  /** Bytes of lines that may wait for the disk before `write` makes its caller wait. */
  inFlightLimitBytes: number;
  clock: () => number;
}

/** What a logbook gives a writer. */
export interface WriterMeans {
  logId: string;
  disk: Disk;
  files: LogFiles;
  /** Takes the sealed form. */
  archives: ArchiveStore;
  hot: HotLog;
  settings: WriterSettings;
  mark: StageMark;
  recovery: Recovery | undefined;
  /** What an earlier writer counted. */
  counts: Counts;
  /** The writer accepts nothing more, and the log is not sealed: it may be resumed. */
  onRelease: () => void;
  /** The sealed form is the log now: read that, and remove the hot files. */
  onSeal: () => void;
}
