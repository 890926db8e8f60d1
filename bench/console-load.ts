/*
 * The first load of the console in a real browser: how many bytes of code a first visit fetches, and when the page of a
 * build has drawn its largest content (Largest Contentful Paint), with an empty cache and with a full one. `node
 * bench/console-load.ts`; needs Chromium.
 */
import type { Page } from 'playwright-core';
import { type ConsoleVisit, visitConsole } from './support/console-visit.ts';
import { Figures, median, shown } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const LINES = 100_000;
const ROUNDS = 7;
const FIRST_LOAD_BYTES = 150 * 1024;
const PAINTED_MS = 1000;
needPrograms({ chromium: 'chromium' });
const figures = new Figures('The first load of the console');
await visitConsole(LINES, load);
figures.print();

async function load({ page, builds }: ConsoleVisit): Promise<void> {
  const bytes = await page.evaluate<number>(`performance.getEntriesByType('resource')
    .filter(({ name }) => /\\.(js|css)$/.test(name)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
  figures.atMost('code and styles of a first visit, bytes', bytes, FIRST_LOAD_BYTES, 'compressed, as fetched');

  for (const [what, isCached] of [
    ['an empty cache', false],
    ['a full cache', true],
  ] as const) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.setCacheDisabled', { cacheDisabled: !isCached });
    const paints: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) paints.push(await paintedMs(page, builds.large));
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
