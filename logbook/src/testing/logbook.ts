import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logbook, type LogbookSettings, type Page } from '../logbook.ts';

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
export function linesOf(page: Page): { LineNumber: number; Message: string; BuildStage: string }[] {
  return JSON.parse(`[${page.bytes.toString('utf8')}]`) as {
    LineNumber: number;
    Message: string;
    BuildStage: string;
  }[];
}

/** All messages of a log, in order. */
export function messagesOf(logbook: Logbook, logId: string): string[] {
  return linesOf(logbook.page(logId, 0, logbook.state(logId)?.lineCount ?? 0)).map((line) => line.Message);
}

/** For a test's `skip`: why it cannot run here, or false if all programs are installed. */
export function missingProgram(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  return missing.length === 0 ? false : `needs ${missing.join(' and ')}, not found on PATH`;
}
