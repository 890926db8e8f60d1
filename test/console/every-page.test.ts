import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPicturedPage, PICTURED_PAGES } from '../../tools/pictures/pages.ts';
import { noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { startConsoleProject } from '../support/projects/console-project.ts';
import { ROOT } from '../support/slipway.ts';
import { checkBothThemes } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'every page in both themes: runs with SLIPWAY_TEST_LONG=1';

test('every route of the console is among the pages that pictures and axe look at', () => {
  const router = readFileSync(join(ROOT, 'console/src/router.tsx'), 'utf8');
  const pathOf = new Map(
    [...router.matchAll(/^const (\w+) = createRoute\(\{[^}]*?\bpath: '([^']+)'/gm)].map(([, name, path]) => [
      name,
      path,
    ]),
  );
  const whole = [...pathOf.values()];
  // A function makes the tabs of a page: it names their parent.
  const makers = new Map(
    [...router.matchAll(/^const (\w+) = <Path[^;]*?getParentRoute: \(\) => (\w+)/gm)].map(([, maker, parent]) => [
      maker,
      pathOf.get(parent),
    ]),
  );
  const tabs = [...router.matchAll(/^ {2}(\w+)\(\n? *'([^']+)',/gm)].map(([, maker, path]) => {
    const parent = makers.get(maker);
    assert.ok(parent, `the test finds no parent of ${maker}('${path}')`);
    return path === '/' ? parent : `${parent}/${path}`;
  });
  assert.ok(whole.length > 10 && tabs.length > 10, 'routes are written in a form that this test does not read');
  const pictured = new Set(PICTURED_PAGES.map(({ route }) => route));
  assert.deepEqual(
    [...whole, ...tabs].filter((route) => !pictured.has(route ?? '')),
    [],
    'add these routes to tools/pictures/pages.ts',
  );
});

test('axe finds no problem on any page, in either theme, and no page is wider than its window', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const project = await startConsoleProject(t);
  const browser = await startBrowser(t);
  for (const width of [1280, 360]) {
    const { page } = await signIn(browser, project.server, '/console/', { viewport: { width, height: 800 } });
    for (const pictured of PICTURED_PAGES) {
      await t.test(`${pictured.name}, ${width}`, async () => {
        await openPicturedPage(page, pictured, project);
        await checkBothThemes(page, pictured.name);
      });
    }
    await page.context().close();
  }
});
