import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { fillSignIn, holds, noBrowser, openPage, signIn, startBrowser } from '../support/browser.ts';
import { isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';
import { hostileLines } from './hostile-lines.ts';

// The quick tier shows the lines in one mode, and each theme at one width.
const LONG = process.env.SLIPWAY_TEST_LONG === '1';
const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
  (LONG ? [1280, 360] : [scheme === 'light' ? 1280 : 360]).map((width) => [scheme, width] as const),
);

test('a hostile log is shown without any effect, and every page is accessible in both themes', {
  skip: noBrowser,
}, async (t) => {
  const server = await startServer(t);
  const payloads = hostileLines();
  const key = await queueBuild(
    t,
    server,
    {
      Dockerfile: 'FROM busybox\nCOPY payloads /payloads\nRUN cat /payloads; exit 3\n',
      payloads: `${payloads.join('\n')}\n`,
    },
    'team/hostile:v1',
  );
  const browser = await startBrowser(t);
  await waitForStatus(server.client, key, isFinal);
  const lines = await readLog(server.client, key);

  await t.test('every line becomes only spans and web links, in every display mode', async () => {
    const { page, errors } = await signIn(browser, server, `/console/builds/${key.BuildRecordId}`);
    const scroller = page.getByRole('region', { name: 'Log lines' });
    await page.locator('.row.error-row').waitFor();
    await page.getByRole('button', { name: 'Unfold all' }).click();
    for (const way of LONG ? ['plain', 'Wrap', 'All progress'] : ['plain']) {
      if (way !== 'plain') await page.getByRole('button', { name: way }).click();
      await scroller.focus();
      await page.keyboard.press('Home');
      const seen = new Set<number>();
      for (let presses = 0; seen.size < lines.length; presses++) {
        assert.ok(
          presses < 400,
          `only ${seen.size} of ${lines.length} lines came into view (${way}); not ${lines.filter(({ LineNumber: number }) => number !== undefined && !seen.has(number)).map(({ LineNumber: number, Message }) => `${number} ${JSON.stringify(Message)}`)}`,
        );
        await holds(page, `document.querySelector('.loading') === null`);
        for (const { line, wrong } of await inspect(page)) {
          assert.deepEqual(wrong, [], `line ${line}`);
          seen.add(line);
        }
        // A machine under load may scroll before it has rendered; missed lines are looked for again from the start.
        await page.keyboard.press((await isAtEnd(page)) ? 'Home' : 'PageDown');
      }
    }
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.equal(await page.title(), '✕ team/hostile:v1 failed · Slipway');
    assert.deepEqual(errors, []);
  });

  await t.test('axe finds nothing wrong in either theme, wide and narrow', async () => {
    const { page } = await openPage(browser);
    const check = async (name: string) => {
      for (const [colorScheme, width] of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 740 });
        await checkAccessible(page, `${name}, ${colorScheme}, ${width}`);
      }
    };
    await page.goto(`${server.root.Endpoint}/console/`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await check('sign-in');
    await fillSignIn(page, server.root.AccessKeyId, server.root.AccessKeySecret);
    // Home has it twice: as what fails, and as recent.
    const recent = page.getByRole('region', { name: 'Recent' }).getByRole('link', { name: 'team/hostile:v1' });
    await recent.waitFor();
    await check('list');
    await recent.click();
    await page.getByRole('region', { name: 'Why it failed' }).waitFor();
    await page.locator('.row .text').first().waitFor();
    await check('build');
  });
});

function isAtEnd(page: Page): Promise<boolean> {
  return page
    .getByRole('region', { name: 'Log lines' })
    .evaluate(({ scrollTop, clientHeight, scrollHeight }) => scrollTop + clientHeight >= scrollHeight - 1);
}

/**
 * Each rendered line, with the elements in its text that are neither spans nor web links with only the allowed
 * attributes.
 */
function inspect(page: Page): Promise<{ line: number; wrong: string[] }[]> {
  return page.evaluate<{ line: number; wrong: string[] }[]>(`[...document.querySelectorAll('.row')].map((row) => ({
    line: Number(row.dataset.line),
    wrong: [...row.querySelectorAll('.text, .text *')].filter((element) => {
      const names = element.getAttributeNames();
      if (element.localName === 'span') return names.some((name) => name !== 'class');
      if (element.localName !== 'a') return true;
      return names.some((name) => !['class', 'href', 'target', 'rel'].includes(name)) || !/^https?:$/.test(element.protocol)
        || element.rel !== 'noopener noreferrer';
    }).map((element) => element.outerHTML),
  }))`);
}
