import { fstatSync } from 'node:fs';

/**
 * Whether an open file is the journal of systemd. `journalStream` is what systemd has put into `JOURNAL_STREAM` of a service whose
 * output it has connected to its journal (systemd.exec(5)).
 */
export function isJournal(file: number, journalStream: string | undefined): boolean {
  const { dev, ino } = fstatSync(file);
  return journalStream === `${dev}:${ino}`;
}
