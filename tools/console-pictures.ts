import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { fillSignIn, openPage, startBrowser } from '../test/support/browser.ts';
import { startDemoProject } from '../test/support/demo-project.ts';

/**
 * Takes pictures of the console's pages, some in the dark theme and on a narrow screen, with its own server and builds:
 * `node tools/console-pictures.ts [FOLDER]`; the default folder is that of the documentation. It runs as a test only so
 * that it is cleaned up like one.
 */
const target = resolve(process.argv[2] ?? join(import.meta.dirname, '..', 'docs', 'pictures'));
interface Look {
  name: string;
  colorScheme: 'light' | 'dark';
  width: number;
  height: number;
  /** The pages to take; undefined means all. */
  only: readonly string[] | undefined;
}
const LOOKS: readonly Look[] = [
  { name: 'light', colorScheme: 'light', width: 1100, height: 720, only: undefined },
  { name: 'dark', colorScheme: 'dark', width: 1100, height: 720, only: ['home', 'failed'] },
  { name: 'narrow', colorScheme: 'light', width: 360, height: 720, only: ['build', 'explorer'] },
];

test('pictures', async (t) => {
  mkdirSync(target, { recursive: true });
  const { server, good, failed } = await startDemoProject(t);
  const { root } = server;
  const log = `InstanceId=${root.InstanceId}&RepoId=${good.RepoId}&BuildRecordId=${good.BuildRecordId}`;
  const pages = [
    ['home', '/console/', (page: Page) => page.getByRole('table', { name: 'Recent builds' }).waitFor()],
    ['build', `/console/builds/${good.BuildRecordId}`, waitForLog],
    ['failed', `/console/builds/${failed.BuildRecordId}`, waitForLog],
    ['repository', '/console/repositories/team/shop', (page: Page) => page.getByText('docker pull').first().waitFor()],
    ['repositories', '/console/repositories', (page: Page) => page.getByText('a push creates').first().waitFor()],
    ['coverage', '/console/explorer', (page: Page) => page.getByRole('table').first().waitFor()],
    ['explorer', `/console/explorer/ListRepoBuildRecordLog?${log}`, call],
  ] as const;
  const browser = await startBrowser(t);
  for (const { name: look, colorScheme, width, height, only } of LOOKS) {
    const { page } = await openPage(browser, { colorScheme, viewport: { width, height } });
    await page.goto(`${root.Endpoint}/console/`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    if (!only) await take(page, `sign-in-${look}`);
    await fillSignIn(page, root.AccessKeyId, root.AccessKeySecret);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    for (const [name, path, ready] of pages) {
      if (only?.includes(name) === false) continue;
      await page.goto(`${root.Endpoint}${path}`);
      await ready(page);
      await take(page, `${name}-${look}`);
    }
    await page.context().close();
  }
});

async function waitForLog(page: Page): Promise<void> {
  await page.locator('.row .text').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

async function call(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByRole('region', { name: 'Reply of the server' }).getByText('200').waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(target, `${name}.png`), animations: 'disabled' });
}
