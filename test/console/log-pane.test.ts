import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, holds, logLine, noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { isFinal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';

const FAILING = `FROM busybox
RUN i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "row $i"; done
RUN for i in $(seq 60); do echo "part $i"; done; printf '\\033[32mgreen\\nstill green\\033[0m\\n'; echo "warning: it is hot"; echo "fatal: the roof is on fire"; exit 9
`;

test('the pane of a log', { skip: noBrowser }, async (t) => {
  const server = await startServer(t);
  const failing = await queueBuild(t, server, { Dockerfile: FAILING }, 'team/roof:v1');
  const browser = await startBrowser(t);
  await waitForStatus(server.client, failing, isFinal);
  const { page, errors } = await signIn(browser, server, `/console/builds/${failing.BuildRecordId}`);

  await t.test(
    'a failed build opens at its failing step: earlier steps folded with their durations, the error line marked and in the address',
    async () => {
      const failed = page.locator('.row.error-row.selected');
      await failed.getByText('fatal: the roof is on fire').waitFor();
      const number = await failed.locator('.number').textContent();
      assert.equal(new URL(page.url()).hash, `#L${number}`);
      assert.equal(await failed.locator('.fold-place svg').count(), 1, 'marked by more than a colour');
      await holds(
        page,
        `scrollY === 0 && document.querySelector('.error-row').getBoundingClientRect().bottom < innerHeight`,
      );
      await logLine(page, 'still green').locator('span.c2').waitFor();
      const earlier = page.locator('.row-step', { hasText: 'while [ $i -lt 300 ]' });
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      assert.match((await earlier.textContent()) ?? '', /300 lines folded\d+\.\d s$/);
      assert.equal(await logLine(page, 'row 1').count(), 0);
      await page.getByRole('button', { name: 'Next error' }).click();
      await holds(page, `document.querySelector('.error-row')?.textContent.endsWith('fatal: the roof is on fire')`);
      await page.keyboard.press('e');
      await page.getByText(/^Line \d+ looks like an error/).waitFor();
      const selected = Number(await page.locator('.row.error-row.selected .number').textContent());
      assert.ok(selected > Number(number), `line ${selected}`);
      assert.equal(new URL(page.url()).hash, `#L${selected}`);
    },
  );

  await t.test('keys work from anywhere on the page, but not while typing', async () => {
    await page.mouse.click(4, 400);
    await page.keyboard.press('z');
    await page.keyboard.press('g');
    await logLine(page, 'fetch stage begin').waitFor();
    await page.keyboard.press('w');
    await page.locator('.log-rows.wrapped').waitFor();
    await page.keyboard.press('w');
    await page.keyboard.press('t');
    await page.locator('.row .time').first().waitFor();
    await page.keyboard.press('t');
    await page.keyboard.press('?');
    await page
      .getByRole('dialog', { name: 'Keyboard shortcuts' })
      .getByText('first error, then the next one')
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('news');
    const field = page.getByRole('searchbox', { name: 'Search the log' });
    assert.equal(await field.inputValue(), 'news');
    assert.equal(await page.locator('.log-rows.wrapped').count(), 0);
    await field.fill('');
    await field.press('Escape');
    await page.keyboard.press('G');
    await page.locator('.row', { hasText: 'build stage failed after' }).waitFor();
    const sticky = page.locator('.sticky-heading');
    await sticky.getByText(/^3\/3: RUN for i in/).waitFor();
  });

  await t.test(
    'n and N go to the next and the previous hit from anywhere on the page, also before the hits are known',
    async () => {
      const field = page.getByRole('searchbox', { name: 'Search the log' });
      const at = (place: string) => page.getByText(place, { exact: true }).waitFor();
      const answers = Promise.withResolvers<void>();
      await page.route('**/log/search?*', async (route) => {
        await answers.promise;
        await route.continue();
      });
      await page.keyboard.press('/');
      await page.keyboard.type('row 29');
      await page.keyboard.press('Escape');
      await page.keyboard.press('n');
      await page.getByText('searching…').waitFor();
      answers.resolve();
      await at('1 of 11');
      await page.unroute('**/log/search?*');
      await page.mouse.click(4, 400);
      await page.keyboard.press('n');
      await at('2 of 11');
      await page.getByRole('button', { name: 'Details' }).focus();
      await page.keyboard.press('N');
      await page.keyboard.press('N');
      await at('11 of 11');
      await logLine(page, 'row 299').waitFor();
      assert.equal(await field.inputValue(), 'row 29', 'the keys are no text for the field');
      await field.fill('');
    },
  );

  await t.test(
    'y copies the selected lines, and j and k move the log by a line, from anywhere on the page',
    async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'First error' }).click();
      const text = await page.locator('.row.error-row.selected .text').textContent();
      await page.getByRole('button', { name: 'Details' }).focus();
      await page.keyboard.press('y');
      await page.getByText('Copied 1 line.').waitFor();
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), `${text}\n`);
      await page.keyboard.press('g');
      const first = `document.querySelector('.log-rows').style.transform`;
      await holds(page, `${first} === 'translateY(0px)'`);
      await page.keyboard.press('j');
      await holds(page, `${first} === 'translateY(-20px)'`);
      await page.keyboard.press('k');
      await holds(page, `${first} === 'translateY(0px)'`);
    },
  );

  await t.test(
    'what the builder says is dimmed, what a step prints is plain, errors are red and warnings amber',
    async () => {
      const colours = (variable: string) =>
        page.evaluate<string>(`(() => {
          const probe = document.querySelector('.log').appendChild(document.createElement('i'));
          probe.style.color = 'var(--${variable})';
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        })()`);
      const shown = (selector: string) =>
        page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).color`);
      await page.keyboard.press('g');
      await page.locator('.tone-builder .text').first().waitFor();
      assert.equal(await shown('.tone-builder .text'), await colours('quiet'));
      await page.keyboard.press('G');
      for (const [text, tone, variable] of [
        ['part 60', 'step', 'text'],
        ['warning: it is hot', 'warning', 'warn'],
        ['fatal: the roof is on fire', 'error', 'bad'],
      ] as const) {
        await page.locator(`.tone-${tone}`).filter({ hasText: text }).first().waitFor();
        assert.equal(await shown(`.tone-${tone} .text`), await colours(variable), text);
      }
    },
  );

  await t.test(
    'a log of few rows is as tall as they are; arrow keys go from fold to fold, and Enter opens one',
    async () => {
      await page.getByRole('button', { name: 'Fold all' }).click();
      await page.keyboard.press('g');
      await holds(page, `document.querySelector('.log-scroller').clientHeight < 120`);
      const folds = page.locator('.row .fold');
      await page.getByRole('region', { name: 'Log lines' }).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      await holds(page, `document.activeElement === document.querySelectorAll('.row .fold')[1]`);
      assert.equal(await folds.nth(1).getAttribute('aria-expanded'), 'false');
      await page.keyboard.press('Enter');
      assert.equal(await folds.nth(1).getAttribute('aria-expanded'), 'true');
      await page.getByRole('button', { name: 'Unfold all' }).click();
    },
  );

  await t.test('a button says what it does in a tooltip, on hover and on focus, until Escape', async () => {
    const tip = page.locator('.tooltip', { hasText: 'Wrap' });
    const button = page.getByRole('button', { name: 'Wrap' });
    await button.hover();
    assert.equal(await tip.textContent(), 'Wrapw');
    await page.mouse.move(0, 0);
    await tip.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Fold all' }).focus();
    await page.keyboard.press('Tab');
    await tip.waitFor();
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
  });

  await t.test('in a narrow window the buttons are one row, and a menu has the others', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await holds(page, `innerWidth === 360 && document.querySelector('.log-toolbar').offsetHeight < 50`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Wrap' }).click();
    await page.locator('.log-rows.wrapped').waitFor();
    await page.keyboard.press('w');
    await page.locator('.log-rows.wrapped').waitFor({ state: 'detached' });
    await holds(page, 'document.documentElement.scrollWidth <= innerWidth');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  assert.deepEqual(faultsOf(errors), []);
});
