import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { callNative } from '../../client/src/call-native.ts';
import { skipLongReason } from '../../server/src/sandbox/testing/sandbox.ts';
import { holds, noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { isFinal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild, queueGitBuild } from '../support/queue-build.ts';
import { slipway, startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';

const LONG_LINE = `error: ${'/a/very/long/path/without/a/space'.repeat(20)}`;
const GOOD = `FROM busybox
RUN echo compiling; echo linking; for i in 1 2 3 4 5 6; do echo "test $i passed"; done
RUN echo done
`;
const BAD = `FROM busybox
RUN echo compiling; echo "warning: x"; echo linking; for i in 1 2 3; do echo "test $i passed"; done; echo "${LONG_LINE}"; exit 3
RUN echo done
`;
const WIDTHS = [360, 1280, 1920];
/** If set, a folder for pictures of what the test looks at. */
const { PICTURES } = process.env;

test('a failed build says which line tells the cause and what to do, and leads to what is different from the last good one', {
  skip: noBrowser || skipLongReason,
}, async (t) => {
  const server = await startServer(t);
  const good = await queueBuild(t, server, { Dockerfile: GOOD, 'a.txt': '1' }, 'team/app:v1');
  await waitForStatus(server.client, good, isFinal);
  const bad = await queueBuild(t, server, { Dockerfile: BAD, 'a.txt': '2' }, 'team/app:v1');
  const denied = await queueGitBuild(server, 'http://127.0.0.1:9/team/app.git');
  for (const key of [bad, denied]) await waitForStatus(server.client, key, isFinal);

  await t.test('a push of a tag that may not be overwritten, and a step, are told by their kind', async () => {
    const set = ['repo', 'set', 'team/app', '--immutable-tags', 'on', '--data', server.dataFolder];
    assert.equal((await slipway(set)).code, 0);
    const pushed = await queueBuild(t, server, { Dockerfile: `${GOOD}RUN echo 2 > /2\n` }, 'team/app:v1');
    assert.equal(await waitForStatus(server.client, pushed, isFinal), 'FAILED');
    const card = await callNative(server.client, 'getCard', { id: pushed.BuildRecordId });
    assert.deepEqual([card.Failure?.Kind, card.Failure?.Fault], ['push-tag-immutable', 'settings']);
    assert.match(card.ErrorLine?.Message ?? '', /does not allow tags to be overwritten/);
    assert.equal(card.Fixes[1]?.Command, 'slipway repo set team/app --immutable-tags off');
    const step = await callNative(server.client, 'getCard', { id: bad.BuildRecordId });
    assert.deepEqual([step.Failure?.Kind, step.ErrorLine?.Message, step.IsGuess], ['step-failed', LONG_LINE, true]);
  });

  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server, `/console/builds/${denied.BuildRecordId}`);
  const card = page.getByRole('region', { name: 'Why it failed' });

  await t.test(
    'a source that a setting denies: the card blames the setting, names it, and links the line',
    async () => {
      await card.getByText('A setting, limit or rule of this server ended the build, not the source.').waitFor();
      const { ErrorLine } = await callNative(server.client, 'getCard', { id: denied.BuildRecordId });
      assert.match(ErrorLine?.Message ?? '', /the setting allow-addresses can allow it/);
      await card.getByRole('link', { name: `line ${ErrorLine?.LineNumber}`, exact: true }).waitFor();
      await card.getByRole('list', { name: 'What to do' }).getByRole('link', { name: 'allow-addresses' }).waitFor();
      assert.equal(await card.getByRole('link', { name: 'Compare with the last good build' }).count(), 0);
      await look(page, 'card-setting', '.card');
    },
  );

  await t.test(
    'a step: its first line that looks like an error wraps within the card, which leads to the difference',
    async () => {
      await page.goto(`${server.root.Endpoint}/console/builds/${bad.BuildRecordId}`);
      await card.getByText(LONG_LINE).first().waitFor();
      await look(page, 'card-step', '.card');
      await card.getByText('The cause is in the source.').waitFor();
      await card.getByRole('link', { name: 'Compare with the last good build' }).click();
      await page.getByRole('heading', { name: 'Where this build differs' }).waitFor();
    },
  );

  await t.test(
    'the difference: steps, and the logs beside each other, or below each other on a narrow screen',
    async () => {
      const first = page.getByRole('region', { name: 'First difference' });
      await first
        .getByText(/^Step 2\/3 \(RUN echo compiling; echo "warning: x".*, was step 2\/3 \(RUN echo compiling;/)
        .waitFor();
      const steps = page.getByRole('region', { name: 'Steps of both builds' });
      await steps
        .getByRole('row', { name: /RUN echo done/ })
        .getByText('did not run')
        .waitFor();
      const logs = page.getByRole('region', { name: 'Logs from where they part' });
      await logs.getByText('linking', { exact: true }).first().waitFor();
      // The same line of both logs is in one row.
      const same = logs.locator('.diff-row', { hasText: 'test 2 passed' });
      await same.first().locator('code').nth(1).waitFor();
      await look(page, 'diff', 'html');
      await page.setViewportSize({ width: 360, height: 740 });
      await logs
        .locator('.diff-row', { hasText: LONG_LINE.slice(0, 20) })
        .first()
        .waitFor();
      await holds(page, `document.querySelectorAll('.diff-row:first-child .diff-cell').length === 1`);
      await page.setViewportSize({ width: 1280, height: 800 });
      await logs
        .getByRole('link', { name: /^this build, line \d+$/ })
        .first()
        .click();
      await page.getByRole('region', { name: 'Why it failed' }).waitFor();
      assert.match(page.url(), new RegExp(`${bad.BuildRecordId}#L\\d+$`));
    },
  );

  await t.test('a build without a good one before it says so', async () => {
    await page.goto(`${server.root.Endpoint}/console/builds/${good.BuildRecordId}/diff`);
    await page.getByText('No earlier build of this repository and tag succeeded').waitFor();
    errors.splice(0, errors.length, ...errors.filter((error) => !error.includes('404')));
  });

  assert.deepEqual(errors, []);
});

/** Checks a part of the page in both themes at each width, and that nothing is wider than its window. */
async function look(page: Page, name: string, part: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await checkAccessible(page, `${name} ${colorScheme} ${width}`, part);
      if (PICTURES === undefined) continue;
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
