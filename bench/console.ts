/*
 * The log viewer in a real browser: a sealed log of ten million lines to its first lines on screen, to its end and to the hits of
 * a search, beside a log of a thousand; and the longest task of the page while a build writes 10,000 lines a second.
 * `node bench/console.ts [LINES]`; needs Chromium, and some 2 GB of disk.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { fillSignIn, holds, openPage, startBrowser } from '../test/support/browser.ts';
import { Figures, median, shown } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const LINES = Number(process.argv[2] ?? 10_000_000);
const ROUNDS = 7;
const LONG_TASK_MS = 50;
/** The browser's own record of tasks over 50 ms; and of the longest frame, which holds all that came between two. */
const WATCH = `window.longTasks = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
}).observe({ type: 'longtask', buffered: true })`;

needPrograms({ chromium: 'chromium' });
const closing: (() => unknown)[] = [];
const owner = { after: (act: () => unknown) => closing.push(act) } as unknown as TestContext;
const child = spawn(process.execPath, [join(import.meta.dirname, 'support', 'console-server.ts'), String(LINES)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const figures = new Figures(`The log viewer, a log of ${LINES.toLocaleString('en-US')} lines beside one of 1,000`);
try {
  await run();
} finally {
  for (const act of closing.reverse()) await act();
  child.stdin.end();
  if (child.exitCode === null) await once(child, 'exit');
}
figures.print();

async function run(): Promise<void> {
  const { endpoint, pair, small, large, running } = await next();
  const { page } = await openPage(await startBrowser(owner), { viewport: { width: 1280, height: 800 } });
  await page.addInitScript({ content: WATCH });
  await page.goto(`${endpoint}/console/`);
  await fillSignIn(page, pair.accessKeyId, pair.accessKeySecret);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();

  const times: Record<'small' | 'large', { first: number[]; end: number[] }> = {
    small: { first: [], end: [] },
    large: { first: [], end: [] },
  };
  const logs = [
    ['small', small, 1000],
    ['large', large, LINES],
  ] as const;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, id, count] of logs) {
      const { first, end } = await openLog(page, `${endpoint}/console/builds/${id}`, count);
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
    'whole log searched for a text that is nowhere, ms',
    await searchLog(page),
    'from the last key to "not found"',
  );
  await watchWriting(page, `${endpoint}/console/builds/${running}`);
}

/** How long a log takes to its first lines, from the address, and from there to its last line. */
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

async function watchWriting(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('.row .text').first().waitFor();
  // What opening the page took is not what is asked about.
  await page.evaluate('window.longTasks = []');
  const metrics = await cpuOf(page);
  child.stdin.write('go\n');
  const { written, tookMs } = await next();
  await holds(
    page,
    `document.querySelector('.log-foot span').textContent.startsWith('${(written + 1).toLocaleString('en')}')`,
  );
  const tasks = await page.evaluate<number[]>('window.longTasks');
  const { taskMs, frames } = await metrics();
  const rate = `${shown((written / tookMs) * 1000)} lines/s for ${shown(tookMs / 1000)} s, followed at the end`;
  figures.atMost(`tasks over ${LONG_TASK_MS} ms while a build writes`, tasks.length, 0, rate);
  figures.report('main thread of the page, cpu ms a second', taskMs / (tookMs / 1000), `${frames} frames drawn`);
  figures.report('the longest task, ms', Math.max(0, ...tasks), `0 is: none over ${LONG_TASK_MS} ms`);
}

/** The processor time of a page's main thread from now on, whatever else the machine does. */
async function cpuOf(page: Page): Promise<() => Promise<{ taskMs: number; frames: number }>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const before = await read();
  return async () => {
    const after = await read();
    const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    return { taskMs: grown('TaskDuration') * 1000, frames: grown('LayoutCount') };
  };
}

// biome-ignore lint/suspicious/noExplicitAny: one line of JSON of a process of ours
async function next(): Promise<any> {
  const { value, done } = await said.next();
  if (done) throw new Error('the server of the bench ended');
  return JSON.parse(value) as unknown;
}
