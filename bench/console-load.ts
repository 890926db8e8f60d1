/*
 * The first load of the console in a real browser: how many bytes of code a first visit fetches, and when the page of a
 * build has drawn its largest content (Largest Contentful Paint), with an empty cache and with a full one. `node
 * bench/console-load.ts`; needs Chromium.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { fillSignIn, openPage, signedIn, startBrowser } from '../test/support/browser.ts';
import { Figures, median, shown } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const LINES = 100_000;
const ROUNDS = 7;
const FIRST_LOAD_BYTES = 150 * 1024;
const PAINTED_MS = 1000;
needPrograms({ chromium: 'chromium' });
const closing: (() => unknown)[] = [];
const owner = { after: (act: () => unknown) => closing.push(act) } as unknown as TestContext;
const child = spawn(process.execPath, [join(import.meta.dirname, 'support', 'console-server.ts'), String(LINES)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const figures = new Figures('The first load of the console');
try {
  await run();
} finally {
  for (const act of closing.reverse()) await act();
  child.stdin.end();
  if (child.exitCode === null) await once(child, 'exit');
}
figures.print();

async function run(): Promise<void> {
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { endpoint, pair, large } = JSON.parse(value ?? '{}');
  const browser = await startBrowser(owner);
  const { page } = await openPage(browser);
  await page.goto(`${endpoint}/console/`);
  await fillSignIn(page, pair.accessKeyId, pair.accessKeySecret);
  await signedIn(page);
  const bytes = await page.evaluate<number>(`performance.getEntriesByType('resource')
    .filter(({ name }) => /\\.(js|css)$/.test(name)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
  figures.atMost('code and styles of a first visit, bytes', bytes, FIRST_LOAD_BYTES, 'compressed, as fetched');

  const build = `${endpoint}/console/builds/${large}`;
  for (const [what, isCached] of [
    ['an empty cache', false],
    ['a full cache', true],
  ] as const) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.setCacheDisabled', { cacheDisabled: !isCached });
    const paints: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) paints.push(await paintedMs(page, build));
    const detail = `${shown(Math.min(...paints))} to ${shown(Math.max(...paints))} of ${ROUNDS}, a log of ${LINES.toLocaleString('en')} lines`;
    figures.atMost(`largest contentful paint of a build, ${what}, ms`, median(paints), PAINTED_MS, detail);
  }
}

/** Opens a build, waits for its first lines, and returns when the largest content was drawn. */
async function paintedMs(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(url);
  await page.locator('.row .text:not(.loading)').first().waitFor();
  return page.evaluate<number>(`new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
      .observe({ type: 'largest-contentful-paint', buffered: true });
  })`);
}
