import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, holds, noBrowser, openPage, signIn, signInByPassword, startBrowser } from '../support/browser.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'the frame of the console: runs with SLIPWAY_TEST_LONG=1';

test('the frame of the console: menu, palette, shortcuts, and unknown pages', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const server = await startServer(t, { flags: ['--no-builds'] });
  const { client, root } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const shop = { RepoNamespaceName: 'team', RepoName: 'shop', RepoType: 'PRIVATE', Summary: 'the shop' } as const;
  await client.call('CreateRepository', { InstanceId, ...shop });
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server);
  const menu = page.getByRole('navigation', { name: 'Pages' });
  const focused = (selector: string) => holds(page, `document.activeElement?.matches('${selector}')`);
  const titled = (title: string) => holds(page, `document.title === '${title}'`);

  await t.test('the menu marks the current page, and pages below it show the way to them', async () => {
    await menu.getByRole('link', { name: 'Repositories' }).click();
    await menu.locator('[aria-current=page]').getByText('Repositories').waitFor();
    await page.getByRole('link', { name: 'team/shop' }).click();
    await titled('team/shop · Slipway');
    await menu.locator('[aria-current=page]').getByText('Repositories').waitFor();
    const way = page.getByRole('navigation', { name: 'Breadcrumb' });
    await way.locator('[aria-current=page]').getByText('team/shop').waitFor();
    await way.getByRole('link', { name: 'Repositories' }).click();
    await page.getByRole('heading', { name: 'Repositories' }).waitFor();
    assert.equal(await way.count(), 0);
  });

  await t.test('the first key leads past the menu to the content', async () => {
    await page.goto(`${root.Endpoint}/console/registry`);
    await page.getByRole('heading', { name: 'Registry' }).waitFor();
    await titled('Overview · Registry · Slipway');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to content' }).press('Enter');
    await focused('#content');
    assert.doesNotMatch(page.url(), /#/);
  });

  await t.test(
    'the palette finds repositories, operations, pages, settings and documentation, and opens one by keyboard',
    async () => {
      await page.keyboard.press('Control+k');
      const palette = page.getByRole('dialog', { name: 'Find' });
      const field = palette.getByRole('combobox');
      await focused('[role=combobox]');
      await palette.getByRole('group', { name: 'Pages' }).getByRole('option', { name: 'Home' }).waitFor();
      await field.fill('shop');
      const repository = palette
        .getByRole('group', { name: 'Repositories' })
        .getByRole('option', { name: 'team/shop' });
      await repository.waitFor();
      await checkAccessible(page, 'the palette');
      await field.fill('team/');
      await repository.waitFor();
      await field.fill('who can');
      await palette.getByRole('option', { name: 'Who can do what' }).waitFor();
      await field.fill('CreateNamesp');
      await palette
        .getByRole('group', { name: 'Operations' })
        .getByRole('option', { name: 'CreateNamespace' })
        .waitFor();
      await field.fill('backup');
      await palette.getByRole('group', { name: 'Docs' }).getByRole('option').first().waitFor();
      await field.fill('zqxv');
      await palette.getByText('Nothing found for “zqxv”').waitFor();
      await field.fill('scanning');
      const first = palette.getByRole('option').first();
      await first.getByText('Scanning').waitFor();
      assert.equal(await field.getAttribute('aria-activedescendant'), await first.getAttribute('id'));
      await field.press('ArrowDown');
      await palette.locator('[aria-selected=true]').waitFor();
      assert.equal(await first.getAttribute('aria-selected'), 'false');
      await field.press('ArrowUp');
      await field.press('Enter');
      await titled('Scanning · Registry · Slipway');
      assert.equal(await palette.count(), 0);
      await page.keyboard.press('Control+k');
      await field.fill('log-keep');
      await palette
        .getByRole('group', { name: 'Settings' })
        .getByRole('option', { name: /^log-keep-days / })
        .click();
      await titled('System · Slipway');
      const asked = page.getByRole('table', { name: 'Settings' }).locator('[aria-current=true]');
      await asked.getByText('log-keep-days', { exact: true }).waitFor();
      await holds(page, `document.querySelector('tr[aria-current=true]').getBoundingClientRect().bottom < innerHeight`);
    },
  );

  await t.test('Escape closes the palette and returns the focus', async () => {
    await page.getByRole('button', { name: /^Find/ }).click();
    const find = page.getByRole('combobox', { name: /^Find/ });
    await find.fill('a text that is selected');
    await find.hover();
    await page.mouse.down();
    await page.mouse.move(2, 2);
    await page.mouse.up();
    assert.equal(await find.count(), 1, 'a selection that ends beside it does not close it');
    await find.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focused('.find');
  });

  await t.test('a question mark lists the shortcuts, but not while someone types', async () => {
    await menu.getByRole('link', { name: 'API' }).click();
    const search = page.getByRole('searchbox', { name: 'Find an operation' });
    await search.press('?');
    assert.equal(await search.inputValue(), '?');
    await page.getByText('No operation has “?”').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('find a build, repository, operation or page').waitFor();
    await checkAccessible(page, 'the shortcuts');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  });

  await t.test('an unknown page says so and leads on', async () => {
    await page.goto(`${root.Endpoint}/console/no/such/page`);
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await titled('Page not found · Slipway');
    await page.getByText('/no/such/page').waitFor();
    await checkAccessible(page, 'not found');
    await page.getByRole('main').getByRole('link', { name: 'Builds' }).click();
    await titled('Builds · Slipway');
  });

  await t.test('a narrow window has the menu behind a button; Escape or a chosen page closes it', async () => {
    const narrow = await signIn(browser, server, '/console/builds', {
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
    });
    const button = narrow.page.getByRole('button', { name: 'Menu' });
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.click();
    await narrow.page.getByRole('link', { name: 'Builds' }).and(narrow.page.locator('[aria-current=page]')).waitFor();
    await checkAccessible(narrow.page, 'the menu');
    await narrow.page.getByRole('link', { name: 'Home' }).last().press('Escape');
    await narrow.page.locator('.pages-menu.open').waitFor({ state: 'detached' });
    await holds(narrow.page, `document.activeElement?.matches('.menu-button')`);
    await button.click();
    await narrow.page.getByRole('link', { name: 'Builds' }).and(narrow.page.locator('[aria-current=page]')).click();
    await narrow.page.locator('.pages-menu.open').waitFor({ state: 'detached' });
    await button.click();
    await narrow.page.getByRole('link', { name: 'Registry' }).click();
    await narrow.page.getByRole('heading', { name: 'Registry' }).waitFor();
    assert.equal(await narrow.page.locator('.pages-menu.open').count(), 0);
    await narrow.page.context().close();
  });

  await t.test('without a right, the palette says once which one is missing', async () => {
    await client.call('CreateUser', { UserName: 'nobody' });
    await client.call('CreateLoginProfile', { UserName: 'nobody', Password: 'a-password-of-nobody' });
    const nobody = await openPage(browser);
    await nobody.page.goto(`${root.Endpoint}/console/`);
    await signInByPassword(nobody.page, 'nobody', 'a-password-of-nobody');
    await nobody.page.keyboard.press('Control+k');
    await nobody.page.getByRole('dialog').getByRole('combobox').fill('shop');
    const said = nobody.page
      .getByRole('dialog')
      .getByText(/Your policies lack cr:ListRepository on .* Ask an administrator/);
    await said.waitFor();
    assert.equal(await said.count(), 1);
    assert.equal(await nobody.page.getByRole('alert').count(), 0, 'a missing right is no fault');
    await nobody.page.context().close();
  });

  assert.deepEqual(faultsOf(errors), []);
});
