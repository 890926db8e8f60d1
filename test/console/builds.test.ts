import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { faultsOf, fillSignIn, holds, logLine, noBrowser, openPage, startBrowser } from '../support/browser.ts';
import { isFinal, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';
import { openTimeline } from '../support/timeline.ts';

const FAILING = `FROM busybox
RUN i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "row $i"; done
RUN for i in 1 2 3 4 5 6; do head -c 9000 /dev/zero | tr '\\0' x; echo; done; printf '\\033[31mred\\033[0m and https://example.com/a\\n'; echo "fatal: the roof is on fire"; exit 9
`;
const ENDLESS = `FROM busybox
RUN i=0; while true; do i=$((i+1)); echo "beat $i"; [ $((i % 50)) != 0 ] || sleep 0.2; done
`;
/** The log size that the page shows. Scripts for the page are strings here, because this side has no DOM types. */
const LINE_COUNT = String.raw`Number(document.querySelector('.log-foot span').textContent.replace(/\D/g, ''))`;

test('a person signs in, reads why a build failed, watches one live and cancels it by keyboard', {
  skip: noBrowser,
}, async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', '1'] });
  const failing = await queueBuild(t, server, { Dockerfile: FAILING }, 'team/roof:v1');
  await waitForStatus(server.client, failing, isFinal);
  const browser = await startBrowser(t);

  const { page, errors } = await openPage(browser);

  await t.test('a first visit shows the sign-in form, which says what is wrong', async () => {
    await page.goto(server.root.Endpoint);
    assert.match(page.url(), /\/console\/$/);
    await fillSignIn(page, server.root.AccessKeyId, 'wrong');
    await page.getByText('SignatureDoesNotMatch').waitFor();
    await fillSignIn(page, 'nobody', 'wrong');
    await page.getByText('InvalidAccessKeyId').waitFor();
    await fillSignIn(page, server.root.AccessKeyId, server.root.AccessKeySecret);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  await t.test('the first load is at most 140 KiB of compressed JavaScript', async () => {
    await page.getByRole('heading', { name: 'Recent' }).waitFor();
    const bytes = await scriptBytes(page);
    assert.ok(bytes > 50_000 && bytes <= 140 * 1024, `${bytes} bytes`);
  });

  await t.test('the list links to the build, whose card says why and where it failed', async () => {
    // The page is opened before the log is sealed.
    await page.route(
      `**/api/v1/builds/${failing.BuildRecordId}`,
      async (route) => {
        const response = await route.fetch();
        const { Seal: _, ...unsealed } = (await response.json()) as Record<string, unknown>;
        await route.fulfill({ response, json: unsealed });
      },
      { times: 1 },
    );
    // It is also the latest build of a repository, which failed.
    await page.getByRole('link', { name: 'team/roof:v1' }).first().click();
    await page.getByRole('heading', { name: 'team/roof:v1' }).waitFor();
    const card = page.getByRole('region', { name: 'Why it failed' });
    await card.getByText('exit code 9').waitFor();
    await card.getByText('fatal: the roof is on fire', { exact: true }).first().waitFor();
    const instruction = await card.getByRole('region', { name: 'Dockerfile, line 3' }).textContent();
    assert.equal(instruction, `3 ${FAILING.split('\n')[2]}\n`);
    await page.getByRole('region', { name: 'Stages and steps' }).getByText('failed').first().waitFor();
    await openTimeline(page);
    const overflow = await page.evaluate<number>(`(() => {
      const row = document.querySelector('.bar-row.failed');
      const longer = row.parentElement.appendChild(row.cloneNode(true));
      longer.querySelector('.bar-time').textContent = 'failed 59 min 59 s';
      const pixels = longer.scrollWidth - longer.clientWidth;
      longer.remove();
      return pixels;
    })()`);
    assert.equal(overflow, 0, 'a duration of any length stays within its row');
    await card.getByRole('link', { name: /^Line \d+$/ }).click();
    await logLine(page, 'fatal: the roof is on fire').waitFor();
    assert.match(page.url(), /#L\d+$/);
  });

  await t.test('colours and addresses are shown as spans and links', async () => {
    const red = page.locator('.text span.c1', { hasText: 'red' });
    assert.equal(await red.count(), 1);
    const link = page.locator('.text').getByRole('link', { name: 'https://example.com/a' });
    assert.equal(await link.last().getAttribute('rel'), 'noopener noreferrer');
  });

  await t.test(
    'a search of the whole log counts its hits and steps through them, even if the step was requested before the hits were known',
    async () => {
      await page.getByRole('searchbox', { name: 'Search the log' }).fill('row 29');
      await page.getByText('11 found').waitFor();
      await page.getByRole('searchbox', { name: 'Search the log' }).press('Enter');
      await page.getByText('1 of 11').waitFor();
      await page.getByRole('button', { name: 'Previous hit' }).click();
      await page.getByText('11 of 11').waitFor();
      await logLine(page, 'row 299').waitFor();

      // The search result arrives after Enter, or after Shift+Enter.
      for (const [keys, place] of [
        ['Enter', '1 of 11'],
        ['Shift+Enter', '11 of 11'],
      ] as const) {
        await page.getByRole('searchbox', { name: 'Search the log' }).fill('');
        const asked = Promise.withResolvers<void>();
        const answers = Promise.withResolvers<void>();
        await page.route('**/log/search?*', async (route) => {
          asked.resolve();
          await answers.promise;
          await route.continue();
        });
        await page.getByRole('searchbox', { name: 'Search the log' }).fill('row 29');
        await page.getByRole('searchbox', { name: 'Search the log' }).press(keys);
        await asked.promise;
        answers.resolve();
        await page.getByText(place, { exact: true }).waitFor();
        await page.unroute('**/log/search?*');
      }
      await page.getByRole('searchbox', { name: 'Search the log' }).fill('');
    },
  );

  await t.test('folding hides the lines of a stage or step, and shows them again', async () => {
    await page.getByRole('button', { name: 'Unfold all' }).click();
    await page.getByRole('button', { name: 'Fold all' }).click();
    await page.getByText('lines folded').first().waitFor();
    await logLine(page, 'row 1').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Unfold all' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await logLine(page, 'row 1').waitFor();
  });

  await t.test('a link to lines opens the log there with the lines selected', async () => {
    // Starts from another page: a browser loads nothing if only the part after # changes.
    await page.goto('about:blank');
    await page.goto(`${server.root.Endpoint}/console/builds/${failing.BuildRecordId}#L120-L122`);
    await page.locator('.row.selected').first().waitFor();
    assert.deepEqual(await page.locator('.row.selected .number').allTextContents(), ['120', '121', '122']);
    const bytes = await scriptBytes(page);
    assert.ok(bytes > 50_000 && bytes <= 150 * 1024, `${bytes} bytes of compressed JavaScript`);
    await holds(
      page,
      `document.querySelector('.row.selected').getBoundingClientRect().top > document.querySelector('.sticky-heading').getBoundingClientRect().bottom + 40`,
    );
  });

  await t.test('a line that is jumped to is in view among wrapped lines of many rows', async () => {
    const inView = (text: string) => `(() => {
      const row = [...document.querySelectorAll('.row')].find((row) => row.textContent.endsWith('${text}'));
      const view = document.querySelector('.log-scroller').getBoundingClientRect();
      const place = row?.getBoundingClientRect();
      return place !== undefined && place.top >= view.top - 1 && place.bottom <= view.bottom + 1;
    })()`;
    await page.getByRole('button', { name: 'First error' }).click();
    await page.getByText(/^Line \d+ is the first line that looks like an error/).waitFor();
    await holds(page, inView('fatal: the roof is on fire'));
    await page.getByRole('button', { name: 'Wrap' }).click();
    await page.locator('.log-rows.wrapped').waitFor();
    await page.getByRole('button', { name: 'First error' }).click();
    await page.getByText(/^Line \d+ is the first line that looks like an error/).waitFor();
    await holds(page, inView('fatal: the roof is on fire'));
    // A page is at most the height of the view, so no line is skipped.
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await holds(
      page,
      `document.querySelector('.log-rows > :last-child .number').textContent === String(${LINE_COUNT})`,
    );
    await holds(page, `document.querySelector('.log-rows .loading') === null`);
    const before = await firstVisible(page);
    await page.getByRole('region', { name: 'Log lines' }).press('PageUp');
    await holds(
      page,
      `(() => {
        const view = document.querySelector('.log-scroller').getBoundingClientRect();
        const row = [...document.querySelectorAll('.row')].find((row) => row.querySelector('.number').textContent === '${before.line}');
        const movedPx = row?.getBoundingClientRect().top - view.top - ${before.top};
        return movedPx > 0 && movedPx < view.height;
      })()`,
    );
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('row 150');
    await page.getByText('1 found').waitFor();
    await page.getByRole('searchbox', { name: 'Search the log' }).press('Enter');
    await holds(page, inView('row 150'));
    await page.getByRole('button', { name: 'Wrap' }).click();
    await holds(page, inView('row 150'));
  });

  await t.test(
    'a running build grows in view; scrolled-up lines stay in place; the keyboard can cancel it',
    async () => {
      const endless = await queueBuild(t, server, { Dockerfile: ENDLESS }, 'team/pulse:v1');
      await waitForLine(server.client, endless, 'beat 100');
      // A reloaded page is still signed in: the cookie renews its credentials.
      await page.goto(`${server.root.Endpoint}/console/builds/${endless.BuildRecordId}`);
      await page.getByRole('button', { name: 'Follow' }).waitFor();
      await holds(page, `Number(document.querySelector('.log-rows > :last-child .number')?.textContent) > 100`);
      const lines = page.getByRole('region', { name: 'Log lines' });
      await lines.focus();
      await page.keyboard.press('Home');
      await logLine(page, 'fetch stage begin').waitFor();
      for (let press = 0; press < 30; press++) await page.keyboard.press('j');
      const before = await firstVisible(page);
      const count = await lineCount(page);
      await holds(page, `${LINE_COUNT} > ${count + 50}`);
      assert.deepEqual(await firstVisible(page), before);
      await page.getByRole('button', { name: 'Follow', pressed: false }).focus();
      await page.keyboard.press('f');
      await page.getByRole('button', { name: 'Follow', pressed: true }).waitFor();
      const cancel = page.getByRole('button', { name: 'Cancel build' });
      for (let press = 0; press < 60; press++) {
        if (await cancel.evaluate((button) => button.matches(':focus'))) break;
        await page.keyboard.press('Shift+Tab');
      }
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Cancel it?' }).waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.status-canceled').waitFor();
      const timeline = page.getByRole('region', { name: 'Stages and steps' });
      await timeline.getByText('cancelled').first().waitFor();
      await page.getByRole('button', { name: 'Details' }).click();
      await page.getByText('complete').first().waitFor();
      await waitForStatus(server.client, endless, (status) => status === 'CANCELED');
    },
  );

  await t.test('a build of a sent folder cannot be rebuilt, and the page says why', async () => {
    const address = page.url();
    await page.getByRole('button', { name: 'Rebuild' }).click();
    await page
      .getByText(/^Slipway does not keep the folder you sent.* slipway build FOLDER --tag team\/pulse:v1$/)
      .waitFor();
    assert.equal(page.url(), address, 'nothing was built');
  });

  await t.test('a link opens an operation in the explorer, which calls it and shows how it was signed', async () => {
    const key = `InstanceId=${failing.InstanceId}&RepoId=${failing.RepoId}&BuildRecordId=${failing.BuildRecordId}`;
    await page.goto(`${server.root.Endpoint}/console/explorer/ListRepoBuildRecordLog?${key}`);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    const reply = page.getByRole('region', { name: 'Reply of the server' });
    await reply.getByText('"Message": "fetch stage begin"').waitFor();
    await page.getByText('String to sign, step by step').click();
    await page.getByText('ACS3-HMAC-SHA256').first().waitFor();
  });

  assert.deepEqual(faultsOf(errors, [400, 404]), []);
});

function lineCount(page: Page): Promise<number> {
  return page.evaluate<number>(LINE_COUNT);
}

/** The compressed scripts that a page has loaded since its address was opened. */
function scriptBytes(page: Page): Promise<number> {
  return page.evaluate<number>(`performance.getEntriesByType('resource')
    .filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
}

/** The number of the first line in view, and its position. */
function firstVisible(page: Page): Promise<{ line: string; top: number }> {
  return page.evaluate<{ line: string; top: number }>(`(() => {
    const { top } = document.querySelector('.log-scroller').getBoundingClientRect();
    const row = [...document.querySelectorAll('.row')].find((one) => one.getBoundingClientRect().top >= top);
    return { line: row.querySelector('.number').textContent, top: row.getBoundingClientRect().top - top };
  })()`);
}
