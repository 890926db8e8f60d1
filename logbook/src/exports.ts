/* What the package exports beside the logbook. */

export type { Answer } from './format/answer.ts';
export { DamagedLog, damageOf } from './format/damaged-log.ts';
export {
  type LogAppended,
  type LogPageRead,
  logAppends,
  logPages,
  type SealMismatch,
  sealMismatches,
} from './format/log-channels.ts';
export type { LogLine, Page } from './format/page.ts';
export type { RunRow } from './format/run-table.ts';
export type { LineRange, Seal, Verdict } from './format/seal.ts';
export { isUnreachable, UnreachableLog } from './format/unreachable-log.ts';
export { type CommittedEnd, committedEnd } from './hot/committed-end.ts';
export type { Journal, Recovery } from './hot/journal.ts';
export type { LogbookSettings } from './life/logbook-settings.ts';
export { ArchivedLogs, type ArchivedLogsMeans } from './read/archived-logs.ts';
export type { FollowEvent, LogCursor } from './read/follow.ts';
export { type Log, type LogBytes, type LogReader, type LogState, NoSuchLog, readLines } from './read/log-reader.ts';
export type { ArchiveDraft, ArchiveRef, ArchiveRefs, ArchiveStore, StoredArchive } from './sealed/archive-store.ts';
export { bytesAsFile, draftFile } from './sealed/archive-store.ts';
export type { Verification } from './sealed/verify.ts';
export type { LogWriter } from './write/log-writer.ts';
