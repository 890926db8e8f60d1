/*
 * The log viewer in a real browser. Compares a sealed log of ten million lines with one of a thousand: the time to the
 * first lines on screen, to the end, and to the hits of a search. Also measures how long Wrap takes on
 * lines of 16 KiB, and the longest task of the page while a build writes 10,000 lines a second. `node bench/console.ts
 * [LINES]`; needs Chromium, and some 2 GB of disk.
 */
import type { Page } from 'playwright-core';
import { holds } from '../test/support/browser.ts';
import { type ConsoleVisit, visitConsole } from './support/console-visit.ts';
import { Figures, median, shown } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const LINES = Number(process.argv[2] ?? 10_000_000);
const ROUNDS = 7;
const LONG_TASK_MS = 50;
const WRAP_MS = 200;
needPrograms({ chromium: 'chromium' });
const figures = new Figures(`The log viewer, a log of ${LINES.toLocaleString('en-US')} lines beside one of 1,000`);
await visitConsole(LINES, view);
figures.print();

async function view({ browser, page, builds, write }: ConsoleVisit): Promise<void> {
  const times: Record<'small' | 'large', { first: number[]; end: number[] }> = {
    small: { first: [], end: [] },
    large: { first: [], end: [] },
  };
  const logs = [
    ['small', 1000],
    ['large', LINES],
  ] as const;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, count] of logs) {
      const { first, end } = await openLog(page, builds[name], count);
      times[name].first.push(first);
      times[name].end.push(end);
    }
  }
  for (const [what, of] of [
    ['from the address to the first lines', 'first'],
    ['from the key End to the last line', 'end'],
  ] as const) {
    const largeMs = median(times.large[of]);
    const smallMs = median(times.small[of]);
    const detail = `${shown(largeMs)} ms, and ${shown(smallMs)} ms of 1,000 lines`;
    figures.atMost(`${what}, times that of 1,000 lines`, largeMs / smallMs, 2, detail);
  }
  figures.report(
    'whole log searched for a missing text, ms',
    await searchLog(page),
    'from the last key to "not found"',
  );
  const wraps = await wrapTimes(page, builds.wide);
  const lines = 'until the frame after the next; 1,000 lines of 16 KiB';
  figures.atMost('Wrap on, ms', median(wraps.on), WRAP_MS, lines);
  figures.atMost('Wrap off, ms', median(wraps.off), WRAP_MS, lines);
  await watchWriting({ browser, page, builds, write });
}

/** How long a log takes from the address to its first lines, and from there to its last line. */
async function openLog(page: Page, url: string, count: number): Promise<{ first: number; end: number }> {
  await page.goto('about:blank');
  const startMs = performance.now();
  await page.goto(url);
  await shownLine(page, 1);
  const first = performance.now() - startMs;
  await page.getByRole('region', { name: 'Log lines' }).focus();
  const pressedMs = performance.now();
  await page.keyboard.press('End');
  await shownLine(page, count);
  return { first, end: performance.now() - pressedMs };
}

/** Waits for the text of a line, which may be empty. */
function shownLine(page: Page, line: number): Promise<void> {
  return page.locator(`.row[data-line="${line}"] .text:not(.loading)`).waitFor({ state: 'attached' });
}

async function searchLog(page: Page): Promise<number> {
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('no such needle');
  const startMs = performance.now();
  await page.getByText('not found').waitFor({ timeout: 600_000 });
  return performance.now() - startMs;
}

/** From pressing Wrap until its frame was drawn, in the middle of a log. */
async function wrapTimes(page: Page, url: string): Promise<{ on: number[]; off: number[] }> {
  const times = { on: [] as number[], off: [] as number[] };
  await page.goto(url);
  await shownLine(page, 1);
  await page.getByRole('region', { name: 'Log lines' }).focus();
  for (let press = 0; press < 4; press += 1) await page.keyboard.press('PageDown');
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ['on', 'off'] as const) {
      await holds(page, `document.querySelector('.loading') === null`);
      const tookMs = await page.evaluate<number>(`new Promise((done) => {
        const startMs = performance.now();
        document.querySelector('[aria-label=Wrap]').click();
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(performance.now() - startMs))));
      })`);
      times[way].push(tookMs);
    }
  }
  return times;
}

async function watchWriting({ browser, page, builds, write }: ConsoleVisit): Promise<void> {
  await page.goto(builds.running);
  await page.locator('.row .text').first().waitFor();
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  const { written, tookMs } = await write();
  const shownCount = `document.querySelector('.log-foot span').textContent`;
  await holds(page, `${shownCount}.startsWith('${(written + 1).toLocaleString('en')}')`);
  const tasks = tasksOf(await browser.stopTracing());
  const cpu = tasks.map((task) => task.cpuMs);
  const wall = tasks.map((task) => task.wallMs);
  const rate = `${shown((written / tookMs) * 1000)} lines/s for ${shown(tookMs / 1000)} s, followed at the end`;
  // Measured by processor time: on a busy machine, any task can take long by the clock.
  figures.atMost('the longest task while a build writes, cpu ms', Math.max(...cpu), LONG_TASK_MS, rate);
  const long = wall.filter((ms) => ms > LONG_TASK_MS).length;
  figures.report(
    'the same by the clock, ms',
    Math.max(...wall),
    `${long} of ${wall.length} tasks over ${LONG_TASK_MS} ms`,
  );
  const sum = cpu.reduce((total, ms) => total + ms, 0);
  figures.report('main thread of the page, cpu ms a second', sum / (tookMs / 1000), 'all tasks together');
}

/** The tasks of a page's main thread in a trace: how long each took, and how much processor time it used. */
function tasksOf(trace: Buffer): { wallMs: number; cpuMs: number }[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const isMain = ({ pid, tid }: TraceEvent) => mains.some((main) => main.pid === pid && main.tid === tid);
  return traceEvents
    .filter((event) => event.name.endsWith('RunTask') && event.dur !== undefined && isMain(event))
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 }));
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds: from start to end, and of processor time. */
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}
