import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { faultsOf, holds, noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { isFinal, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { folderOf, queueBuild } from '../support/queue-build.ts';
import { firstUuid, slipway, startServer } from '../support/slipway.ts';
import { openTimeline } from '../support/timeline.ts';
import { checkAccessible } from './axe.ts';

const SKIP =
  noBrowser || (process.env.SLIPWAY_TEST_LONG !== '1' && 'builds several images: runs with SLIPWAY_TEST_LONG=1');
const STAGES = `FROM busybox AS deps
RUN echo deps; sleep 1
FROM busybox AS assets
RUN echo assets; sleep 1
FROM busybox
COPY --from=deps /etc/passwd /x
COPY --from=assets /etc/passwd /y
RUN echo last
`;
const LASTING = 'FROM busybox\nRUN echo started; sleep 600; true\n';
/** Replaces the browser's notifications, which a test cannot see, by a list. */
const NOTIFICATIONS = `(() => {
  window.shown = [];
  window.asked = 0;
  window.Notification = class {
    constructor(title, { body, icon } = {}) { if (window.asked > 0) window.shown.push([title, body, icon]); }
    static permission = 'default';
    static async requestPermission() { window.asked++; return 'granted'; }
    close() {}
  };
})()`;

test('the page of a build tells what it is, why it waits, how it went and who ended it', { skip: SKIP }, async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', '1'] });
  const { client, root } = server;
  const first = await queueBuild(t, server, { Dockerfile: STAGES }, 'team/stages:v1');
  const second = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo hi\n' }, 'team/second:v1');
  for (const key of [first, second]) assert.equal(await waitForStatus(client, key, isFinal), 'SUCCESS');
  const lasting = await queueBuild(t, server, { Dockerfile: LASTING }, 'team/pulse:v1');
  await waitForLine(client, lasting, 'started');
  const waiting = await queueBuild(t, server, { Dockerfile: 'FROM busybox\n' }, 'team/pulse:v2');
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server, '/console/');
  const open = async ({ BuildRecordId }: { BuildRecordId: string }) => {
    await page.goto(`${root.Endpoint}/console/builds/${BuildRecordId}`);
    await page.getByRole('region', { name: 'Stages and steps' }).waitFor();
  };
  const note = page.getByRole('note');

  await t.test('a waiting build says its position and why it waits, and the tab that it waits', async () => {
    await open(waiting);
    await note
      .getByText(/^Next in the queue\. It waits because this server already runs 1 build, its limit \(setting/)
      .waitFor();
    await note.getByRole('link', { name: 'See what runs' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /Timeline|Download log/ }).count(), 0, 'there is nothing yet');
    assert.deepEqual(await tabOf(page), ['○ team/pulse:v2 waiting · Slipway', '/console/icon-waiting.svg']);
  });

  await t.test(
    'cancelling asks first; then the page says by whom it was, and nothing looks like a success',
    async () => {
      await page.getByRole('button', { name: 'Cancel build' }).click();
      await page.getByRole('button', { name: 'Cancel it?' }).press('Escape');
      await page.getByRole('button', { name: 'Cancel build' }).click();
      await page.getByRole('button', { name: 'Cancel it?' }).click();
      await page.locator('.status-canceled').waitFor();
      await note.getByText(/^Cancelled by the account’s owner \S/).waitFor();
      await holds(page, `document.title === '⊘ team/pulse:v2 cancelled · Slipway'`);
      assert.equal(await page.getByText('Succeeded').count(), 0);
    },
  );

  await t.test('the timeline of a running build grows while it is looked at', async () => {
    await open(lasting);
    const strip = `document.querySelector('.stage-strip').textContent`;
    await holds(page, `${strip}.includes('Build')`);
    const before = await page.evaluate<string>(strip);
    await holds(page, `${strip} !== ${JSON.stringify(before)}`);
  });

  await t.test('the palette finds a build by a part of its image, and opens it', async () => {
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find' });
    await palette.getByRole('combobox').fill('stages');
    await palette.getByRole('group', { name: 'Builds' }).getByRole('option', { name: 'team/stages:v1' }).click();
    await page.waitForURL(`**/builds/${first.BuildRecordId}`);
  });

  await t.test(
    'the browser is asked for a notification only by the bell, and shows one when the build ends',
    async () => {
      await page.addInitScript({ content: NOTIFICATIONS });
      await open(lasting);
      assert.deepEqual(await tabOf(page), ['◐ team/pulse:v1 building · Slipway', '/console/icon-running.svg']);
      assert.equal(await page.evaluate('window.asked'), 0);
      await page.getByRole('button', { name: 'Tell me when it ends' }).click();
      await page.getByText('The browser will tell you when this build ends, while this page is open.').waitFor();
      await client.call('CancelRepoBuildRecord', lasting);
      await holds(page, 'window.shown.length === 1');
      assert.deepEqual(await page.evaluate('[window.asked, ...window.shown]'), [
        1,
        ['team/pulse:v1 cancelled', '', '/console/icon-cancelled.svg'],
      ]);
      const timeline = page.getByRole('region', { name: 'Stages and steps' });
      await timeline.getByText('cancelled').first().waitFor();
    },
  );

  await t.test(
    'the time line has the steps of each stage together, breaks at a long queue, and leads to lines',
    async () => {
      await open(second);
      const timeline = page.getByRole('region', { name: 'Stages and steps' });
      await timeline.getByText('Queue').first().waitFor();
      await timeline.locator('.axis-break').first().waitFor();
      await open(first);
      await openTimeline(page);
      await timeline.getByText('Stage 1/3: deps').waitFor();
      await timeline.getByText('Stage 2/3').waitFor();
      await timeline.getByRole('link', { name: 'RUN echo last' }).click();
      await page.waitForURL(/#L\d+$/);
    },
  );

  await t.test(
    'the log begins within the first screen at three widths, and the page is accessible in both themes',
    async (t) => {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const [width, height] of [
          [360, 740],
          [1280, 720],
          [1920, 1080],
        ] as const) {
          const looked = await signIn(browser, server, `/console/builds/${second.BuildRecordId}`, {
            colorScheme,
            viewport: { width, height },
          });
          await looked.page.locator('.row .text:not(.loading)').first().waitFor();
          // With the timeline, everything above the log is there.
          await looked.page.getByRole('button', { name: 'Timeline of the steps' }).waitFor();
          const top = await looked.page.evaluate<number>(`document.querySelector('.row').getBoundingClientRect().top`);
          assert.ok(top < height * 0.75, `the first line is ${top} px down a window of ${height}`);
          await checkAccessible(looked.page, `${colorScheme} ${width}`);
          t.diagnostic(`${colorScheme} ${width}: the log begins ${Math.round(top)} px down`);
          await looked.page.context().close();
        }
    },
  );

  await t.test(
    'the page of a build shows the options that were requested for it, and only the names of secrets and arguments',
    async (t) => {
      const folder = folderOf(t, { 'app.Dockerfile': 'FROM busybox AS app\nARG VERSION\nRUN true\nFROM app\n' });
      const options = '--target app --build-arg VERSION=1.2.3-of-it --label team=shop --no-cache --file app.Dockerfile';
      const built = await slipway(
        ['build', folder, '--data', server.dataFolder, '--secret', 'id=token', ...options.split(' ')],
        { env: { token: 'not-for-the-page' } },
      );
      assert.equal(built.code, 0, built.stdout + built.stderr);
      await page.goto(`${server.root.Endpoint}/console/builds/${firstUuid(built.stdout)}`);
      await page.getByRole('button', { name: 'Details' }).click();
      const facts = page.locator('.facts');
      for (const [name, value] of [
        ['Dockerfile', 'app\\.Dockerfile'],
        ['Target', 'app'],
        ['Arguments', 'VERSION'],
        ['Labels', 'team=shop'],
        ['Cache', 'not used'],
        ['Secrets', 'token'],
      ])
        await facts.locator('div', { hasText: new RegExp(`^${name}${value}$`) }).waitFor();
      assert.doesNotMatch((await facts.textContent()) ?? '', /1\.2\.3-of-it|not-for-the-page/);
    },
  );

  assert.deepEqual(faultsOf(errors), []);
});

/** The title and the icon of the browser's tab. */
function tabOf(page: Page): Promise<[string, string]> {
  return page.evaluate<[string, string]>(
    `[document.title, new URL(document.querySelector('link[rel=icon]').href).pathname]`,
  );
}
