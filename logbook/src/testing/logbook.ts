import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Log, Logbook, type LogbookSettings, NoSuchLog, type Page, type RunRow } from '../logbook.ts';

/** What a folder or logbook is made for, such as a test: it runs `act` at its end. */
interface Owner {
  after(act: () => unknown): void;
}

/** A file system in memory, if there is one: syncs cost nothing there, for tests that do thousands. */
const FAST_ROOT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder of the test's own, removed after it. */
export function temporaryFolder(context: Owner, root = tmpdir()): string {
  const folder = mkdtempSync(join(root, 'logbook-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder like `temporaryFolder`, in memory if possible. */
export function fastFolder(context: Owner): string {
  return temporaryFolder(context, FAST_ROOT);
}

/** A logbook on real files, closed and removed after the test. */
export async function openLogbook(
  context: Owner,
  settings: Partial<LogbookSettings> = {},
): Promise<{ logbook: Logbook; folder: string }> {
  const folder = settings.folder ?? temporaryFolder(context);
  const logbook = await Logbook.open({ idleFlushMs: 60_000, ...settings, folder });
  context.after(() => logbook.close());
  return { logbook, folder };
}

/** A page's lines, parsed. */
export function linesOf(
  page: Pick<Page, 'latin1'> | { bytes: Buffer },
): { LineNumber: number; Message: string; BuildStage: string }[] {
  return JSON.parse(`[${textOf(page)}]`) as {
    LineNumber: number;
    Message: string;
    BuildStage: string;
  }[];
}

/** The lines of a page or event, as they are stored. */
export function textOf(page: Pick<Page, 'latin1'> | { bytes: Buffer }): string {
  return ('bytes' in page ? page.bytes : Buffer.from(page.latin1, 'latin1')).toString();
}

/** All messages of a log, in order. */
export async function messagesOf(logbook: Logbook, logId: string): Promise<string[]> {
  const { lineCount } = await (await logOf(logbook, logId)).reach();
  return linesOf(await pageOf(logbook, logId, 0, lineCount)).map((line) => line.Message);
}

/** A log, which must exist. */
export async function logOf(logbook: Logbook, logId: string): Promise<Log> {
  const log = await logbook.open(logId);
  if (log === undefined) throw new NoSuchLog(logId);
  return log;
}

/** The bytes of a log's text from one to before another. */
export async function bytesOf(log: Log, fromByte: number, toByte: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of log.text(fromByte, toByte)) parts.push(part);
  return Buffer.concat(parts);
}

/** All runs of a log from one line on. */
export async function runsOf(log: Log, fromLine = 1): Promise<RunRow[]> {
  const all: RunRow[] = [];
  for await (const runs of log.runs(fromLine)) all.push(...runs);
  return all;
}

/** A page of a log. */
export async function pageOf(logbook: Logbook, logId: string, offset: number, limit?: number): Promise<Page> {
  return (await logOf(logbook, logId)).page(offset, limit);
}

/** For a test's `skip`: why it cannot run here, or false if all programs are installed. */
export function missingProgram(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  return missing.length === 0 ? false : `needs ${missing.join(' and ')}, not found on PATH`;
}
