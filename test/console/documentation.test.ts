import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, openPage, startBrowser } from '../support/browser.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';

test('a browser reads and searches the documentation without a sign-in, under the console’s policy', {
  skip: noBrowser,
}, async (t) => {
  const { root } = await startServer(t, { flags: ['--no-builds', 'true'] });
  const { page, errors, context } = await openPage(await startBrowser(t));
  const hosts = new Set<string>();
  context.on('request', (request) => hosts.add(new URL(request.url()).host));

  await t.test('the console links to it, and its pages to each other', async () => {
    await page.goto(`${root.Endpoint}/console/`);
    await page.getByRole('link', { name: 'Docs' }).click();
    await page.getByRole('heading', { name: 'Slipway', exact: true }).waitFor();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Backups' }).click();
    await page.getByRole('heading', { name: 'Backing up and restoring' }).waitFor();
    assert.equal(await page.locator('#pages [aria-current=page]').textContent(), 'Backups');
    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link').first().click();
    assert.match(page.url(), /\/docs\/backup#\w/);
  });

  await t.test('a search leads to the row of an error code, by keyboard alone', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('build_record_not');
    await page
      .getByRole('status')
      .getByText(/section/)
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/errors#BUILD_RECORD_NOT_EXIST');
    await page.getByLabel('Search the documentation').fill('xylophones');
    await page.getByText('Nothing contains “xylophones”').waitFor();
    await page.keyboard.press('Escape');
  });

  await t.test('every look is accessible, and nothing is wider than a narrow screen', async () => {
    for (const path of ['/docs/', '/docs/settings', '/docs/benchmarks'])
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 360],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${root.Endpoint}${path}`);
        await checkAccessible(page, `${path}, ${colorScheme}, ${width}`);
        assert.ok((await overflow(page)) <= 0, `${path} is wider than ${width}`);
      }
    await page.getByRole('button', { name: 'Pages' }).click();
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  await t.test('a chosen theme stays from page to page', async () => {
    await page.getByLabel('Theme').selectOption('light');
    await page.goto(`${root.Endpoint}/docs/backup`);
    assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'light');
    assert.equal(await page.getByLabel('Theme').inputValue(), 'light');
  });

  assert.deepEqual(errors, []);
  assert.deepEqual([...hosts], [new URL(root.Endpoint).host], 'nothing is loaded from elsewhere');
});

function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
