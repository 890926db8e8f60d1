import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openPage, signedIn, signIn, startBrowser } from '../../test/support/browser.ts';
import { startConsoleProject } from '../../test/support/projects/console-project.ts';
import { openPicturedPage, PICTURED_PAGES } from './pages.ts';

/**
 * Takes a picture of every page of the console at three widths in both themes, with a server of its own that has
 * builds of every status: `node tools/pictures/every-page.ts FOLDER [NAME…]`. It runs as a test only so that it is
 * cleaned up like one.
 */
const [, , folder, ...names] = process.argv;
if (folder === undefined) throw new Error('name a folder for the pictures: node tools/pictures/every-page.ts FOLDER');
const target = resolve(folder);
const WIDTHS = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

test('pictures of every page', async (t) => {
  mkdirSync(target, { recursive: true });
  const project = await startConsoleProject(t);
  const { server } = project;
  const browser = await startBrowser(t);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of WIDTHS) {
      const look = `${viewport.width}-${colorScheme}`;
      const entrance = await openPage(browser, { colorScheme, viewport });
      await entrance.page.goto(`${server.root.Endpoint}/console/`);
      await entrance.page.getByLabel('AccessKey ID').waitFor();
      await entrance.page.screenshot({ path: join(target, `sign-in-${look}.png`), animations: 'disabled' });
      await entrance.page.context().close();
      const { page } = await signIn(browser, server, '/console/', { colorScheme, viewport });
      for (const pictured of PICTURED_PAGES) {
        if (names.length > 0 && !names.includes(pictured.name)) continue;
        await openPicturedPage(page, pictured, project);
        await signedIn(page);
        await page.screenshot({ path: join(target, `${pictured.name}-${look}.png`), animations: 'disabled' });
      }
      await page.context().close();
    }
  }
});
