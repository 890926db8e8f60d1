/*
 * Fifty expressions on which backtracking engines never finish, one after the other on a log made for them, each with
 * the budget of a request; and their effect on readers of another log: `node bench/search-hostile.ts`.
 */

import { Logbook } from '../logbook/src/logbook.ts';
import { searchLog } from '../logbook/src/search/search.ts';
import { BadPattern } from '../logbook/src/search/search-regex.ts';
import { catastrophic } from '../logbook/src/testing/catastrophic.ts';
import { fillLog, inBenchFolder, logOf } from './support/bench-folder.ts';
import { Figures, percentile } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const PAGE_LINES = 100_000;
const HOSTILE_LINES = 4000;
const PROGRAM = { command: 'rg', environment: { PATH: '/usr/local/bin:/usr/bin:/bin' } };
/** The budget of one request of the native API. */
const BUDGET = { hits: 1000, textBytes: 2 ** 30, timeMs: 800 };
const END_MS = 1000;
/** Two processes share two cores with this one, so the system's time slices show in the figures. */
const MOVED_MS = 10;

needPrograms({ rg: 'ripgrep' });
await inBenchFolder(run);

async function run(folder: string): Promise<void> {
  const logbook = await Logbook.open({ folder });
  await fillLog(logbook, 'pages', PAGE_LINES);
  const writer = await logbook.create('hostile');
  await writer.write(Buffer.from(`${'a'.repeat(4000)}\n`.repeat(HOSTILE_LINES)));
  await writer.seal({ verdict: 'complete' });
  const alone = await pageWaits(logbook, new Promise((resolve) => setTimeout(resolve, 3000)));
  const searches = searchAll(logbook);
  const beside = await pageWaits(logbook, searches);
  const { tookMs, refused } = await searches;
  const figures = new Figures(`${tookMs.length} catastrophic expressions on ${HOSTILE_LINES} lines of 4000 letters`);
  figures.atMost('the longest of them', Math.max(...tookMs), END_MS, `ms; ${refused} were refused as too slow`);
  figures.report('all of them, p50', percentile(tookMs, 50), 'ms');
  const quietMs = percentile(alone, 99);
  figures.report('a page of another log while nothing is searched, p99', quietMs, 'ms from the request to the page');
  const detail = `ms from the request to the page; at most ${MOVED_MS} ms more than without`;
  figures.atMost('and beside them, p99', percentile(beside, 99), Math.ceil(quietMs) + MOVED_MS, detail);
  figures.print();
  await logbook.close();
}

async function searchAll(logbook: Logbook): Promise<{ tookMs: number[]; refused: number }> {
  const tookMs: number[] = [];
  let refused = 0;
  const log = await logOf(logbook, 'hostile');
  for (const expression of catastrophic()) {
    const startMs = performance.now();
    const pattern = { kind: 'regex', expression, ignoreCase: false } as const;
    try {
      await searchLog((line) => log.textFrom(line), 1, pattern, BUDGET, PROGRAM);
    } catch (error) {
      if (!(error instanceof BadPattern)) throw error;
      refused += 1;
    }
    tookMs.push(performance.now() - startMs);
  }
  return { tookMs, refused };
}

/** The delays of a page that is requested every few milliseconds, until something is over. */
async function pageWaits(logbook: Logbook, until: Promise<unknown>): Promise<number[]> {
  let isOver = false;
  const over = until.then(() => {
    isOver = true;
  });
  const log = await logOf(logbook, 'pages');
  const waitsMs: number[] = [];
  for (let offset = 0; !isOver; offset = (offset + 7919) % PAGE_LINES) {
    const dueMs = performance.now() + 2;
    await new Promise((resolve) => setTimeout(resolve, 2));
    await log.page(offset);
    waitsMs.push(Math.max(0, performance.now() - dueMs));
  }
  await over;
  return waitsMs;
}
