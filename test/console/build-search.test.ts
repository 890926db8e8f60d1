import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { isFinal, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';

const SKIP =
  process.env.SLIPWAY_TEST_LONG !== '1' && 'builds, and looks at pages at three widths: runs with SLIPWAY_TEST_LONG=1';

/** Requests of a list of builds, with and without filters. */
const LIST = /\/api\/v1\/builds(\?|$)/;

test('a person filters builds and searches in all logs; the URL keeps both', { skip: SKIP || noBrowser }, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server, '/console/builds');
  await page.getByText('No builds yet').waitFor();
  const failing = { Dockerfile: 'FROM busybox\nRUN echo one; echo "no  space left"; echo three; exit 3\n' };
  const bad = await queueBuild(t, server, failing, 'team/roof:v1');
  const good = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo fine\n' }, 'team/door:latest');
  for (const build of [bad, good]) {
    await waitForStatus(server.client, build, isFinal);
    await waitForSeal(server.client, build.BuildRecordId);
  }
  const roof = page.getByRole('link', { name: 'team/roof:v1' });
  const door = page.getByRole('link', { name: 'team/door:latest' });

  await t.test('while builds are read, grey lines are where they will be', async () => {
    const answers = Promise.withResolvers<void>();
    await page.route(LIST, async (route) => {
      await answers.promise;
      await route.continue();
    });
    await page.reload();
    await page.getByRole('status').getByText('Reading builds…').waitFor({ state: 'attached' });
    answers.resolve();
    await roof.waitFor();
    await page.unroute(LIST);
    assert.equal(await page.locator('.skeleton').count(), 0);
  });

  await t.test('a text and a status narrow the list, also after a reload and back', async () => {
    await page
      .getByRole('table', { name: 'Builds' })
      .getByText(/^Request(?!ed)/)
      .first()
      .waitFor();
    await page.getByLabel('Search builds').fill('ROOF');
    await door.waitFor({ state: 'detached' });
    await page.getByLabel('Status').selectOption({ label: 'Succeeded' });
    await page.getByText('No builds match these filters.').waitFor();
    await page.goBack();
    await roof.waitFor();
    await page.reload();
    await roof.waitFor();
    assert.equal(await page.getByLabel('Search builds').inputValue(), 'ROOF');
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await door.waitFor();
    await page.getByLabel('Repository', { exact: true }).fill('team/roof');
    await page.getByLabel('Branch or tag').fill('main');
    await page.waitForURL((url) => url.searchParams.has('branch'));
    assert.match(page.url(), /repository=/, 'both fields that were typed in one pause are used');
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await door.waitFor();
  });

  await t.test(
    'home begins with the repositories that fail, and a chart tells the values of a bar by keyboard',
    async () => {
      await page.goto(`${server.root.Endpoint}/console/?period=month`);
      const failing = page.getByRole('table', { name: 'Failing repositories' });
      await failing.getByRole('link', { name: 'team/roof:v1' }).waitFor();
      assert.equal(await failing.getByRole('link').count(), 1);
      await page.getByRole('img', { name: /^Builds\. / }).focus();
      await page.keyboard.press('ArrowRight');
      await page.getByText(/: 1 succeeded, 1 failed$/).waitFor();
      await page.goto(`${server.root.Endpoint}/console/builds`);
    },
  );

  await t.test('the lines of all logs that have a text are shown by build, and lead to the line', async () => {
    await page.getByRole('link', { name: 'Search in logs' }).click();
    await page.getByRole('searchbox', { name: 'Search in logs' }).fill('no  space left');
    const group = page.getByRole('region', { name: 'team/roof:v1' });
    await group.getByText('three', { exact: true }).waitFor();
    assert.equal(await page.getByRole('region', { name: 'team/door:latest' }).count(), 0);
    await page.getByLabel('Status').selectOption({ label: 'Succeeded' });
    await page.getByText('Nothing found').waitFor();
    await page.goBack();
    await group.waitFor();
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [360, 1280, 1920]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 700 });
        await checkAccessible(page, `search in ${colorScheme}, ${width} wide`);
      }
    await group.getByRole('link', { name: /^\d+$/ }).first().click();
    await page.waitForURL(/\/builds\/[0-9a-f-]{36}#L\d+$/);
  });
  assert.deepEqual(errors, []);
});
