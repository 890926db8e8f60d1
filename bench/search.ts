/*
 * Searches a log of half a million lines, running and sealed: a text in process, regular expressions with ripgrep. Then
 * measures the effect of a search on readers of pages. All processes run on one core: `node bench/search.ts`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import { Logbook } from '../logbook/src/logbook.ts';
import { type SearchPattern, searchLog } from '../logbook/src/search/search.ts';
import { fillLog, inBenchFolder, logOf } from './support/bench-folder.ts';
import { Figures, median, percentile, shown, timed } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const LINES = 500_000;
const ROUNDS = 3;
const MEGABYTE = 1e6;
const AMPLE = { hits: 1_000_000, textBytes: 2 ** 40, timeMs: 600_000 };
const PROGRAM = { command: 'rg', environment: { PATH: '/usr/local/bin:/usr/bin:/bin' } };
const PATTERNS: [name: string, pattern: SearchPattern][] = [
  ['a missing text', { kind: 'literal', text: 'no such needle', ignoreCase: false }],
  ['a text, ignoring case', { kind: 'literal', text: 'NO SUCH NEEDLE', ignoreCase: true }],
  ['an expression with a literal', { kind: 'regex', expression: 'panic: .*goroutine \\d+', ignoreCase: false }],
  ['an expression without one', { kind: 'regex', expression: '[A-Z]{3}\\d{4}[a-z]+$', ignoreCase: false }],
];
/** The required speeds, in MB of stored NDJSON a second: for a text in process, and for expressions in a sealed log. */
const ASKED: Record<string, Partial<Record<string, number>>> = {
  running: { 'a missing text': 800 },
  sealed: { 'a missing text': 350, 'an expression with a literal': 120, 'an expression without one': 120 },
};

needPrograms({ rg: 'ripgrep', taskset: 'util-linux' });
if (process.argv[2] === 'pinned') await inBenchFolder(run);
else process.exitCode = onOneCore();

function onOneCore(): number {
  const args = ['-c', '0', process.execPath, import.meta.filename, 'pinned'];
  return spawnSync('taskset', args, { stdio: 'inherit' }).status ?? 1;
}

async function run(folder: string): Promise<void> {
  const logbook = await Logbook.open({ folder });
  const sealed = await fillLog(logbook, 'sealed', LINES);
  const { sizeBytes } = await sealed.seal({ verdict: 'complete' });
  await fillLog(logbook, 'running', LINES);
  const figures = new Figures(`search of ${LINES} lines, ${shown(sizeBytes / MEGABYTE)} MB of NDJSON, on one core`);
  for (const log of ['running', 'sealed']) {
    for (const [name, pattern] of PATTERNS) {
      const rounds: Awaited<ReturnType<typeof timed>>[] = [];
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await timed(() => search(logbook, log, pattern)));
      const wallMs = median(rounds.map((round) => round.wallMs));
      const ownShare = median(rounds.map((round) => round.cpuMs / round.wallMs));
      const rate = sizeBytes / MEGABYTE / (wallMs / 1000);
      const own = `own cpu ${shown(median(rounds.map((round) => round.cpuMs)) / (sizeBytes / MEGABYTE))} ms an MB`;
      const detail = `MB/s; ${own}; ${shown(ownShare * 100)} % of the core ours, the rest ripgrep's`;
      const asked = ASKED[log]?.[name];
      if (asked !== undefined) figures.atLeast(`${log}: ${name}`, rate, asked, detail);
      else figures.report(`${log}: ${name}`, rate, detail);
    }
  }
  await besideReaders(logbook, figures);
  figures.print();
  await logbook.close();
}

async function search(logbook: Logbook, log: string, pattern: SearchPattern): Promise<void> {
  const reader = await logOf(logbook, log);
  const read = (line: number) => reader.textFrom(line);
  const { done } = await searchLog(read, 1, pattern, AMPLE, PROGRAM);
  assert.ok(done);
}

/** The delays of a page that is requested every few milliseconds, while nothing else runs and during a search. */
async function besideReaders(logbook: Logbook, figures: Figures): Promise<void> {
  const alone = await waits(logbook, new Promise((resolve) => setTimeout(resolve, 2000)));
  figures.report('a page while nothing is searched, p99', percentile(alone, 99), 'ms from the request to the page');
  for (const [name, pattern] of [PATTERNS[0], PATTERNS[3]].filter((one) => one !== undefined)) {
    const beside = await waits(logbook, search(logbook, 'sealed', pattern));
    figures.report(
      `a page beside the search for ${name}, p99`,
      percentile(beside, 99),
      'ms from the request to the page',
    );
  }
}

async function waits(logbook: Logbook, until: Promise<unknown>): Promise<number[]> {
  let over = false;
  const ended = until.then(() => {
    over = true;
  });
  const log = await logOf(logbook, 'running');
  const waitsMs: number[] = [];
  for (let offset = 0; !over; offset = (offset + 7919) % LINES) {
    const dueMs = performance.now() + 2;
    await new Promise((resolve) => setTimeout(resolve, 2));
    await log.page(offset);
    waitsMs.push(Math.max(0, performance.now() - dueMs));
  }
  await ended;
  return waitsMs;
}
