import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { callNative } from '../../client/src/call-native.ts';
import { chainConfigOf } from '../../client/src/chain-choice.ts';
import { fillSignIn, openPage, signedIn, startBrowser } from '../../test/support/browser.ts';
import { importAdvisory } from '../../test/support/images/openssl-advisory.ts';
import { pushDebian } from '../../test/support/images/pushed-debian.ts';
import { startDemoProject } from '../../test/support/projects/demo-project.ts';
import type { TestServer } from '../../test/support/slipway.ts';

/**
 * Takes pictures of the console's pages, some in the dark theme and on a narrow screen, with its own server and builds:
 * `node tools/pictures/console.ts [FOLDER]`; the default folder is that of the documentation. It runs as a test only so
 * that it is cleaned up like one.
 */
const target = resolve(process.argv[2] ?? join(import.meta.dirname, '..', '..', 'docs', 'pictures'));
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
  { name: 'narrow', colorScheme: 'light', width: 360, height: 720, only: ['build', 'explorer', 'chains'] },
];

test('pictures', async (t) => {
  mkdirSync(target, { recursive: true });
  const { server, good, failed } = await startDemoProject(t);
  const { root } = server;
  await walkThroughChain(server);
  const log = `InstanceId=${root.InstanceId}&RepoId=${good.RepoId}&BuildRecordId=${good.BuildRecordId}`;
  const pages = [
    ['home', '/console/', (page: Page) => page.getByRole('table', { name: 'Recent builds' }).waitFor()],
    ['build', `/console/builds/${good.BuildRecordId}`, waitForLog],
    ['failed', `/console/builds/${failed.BuildRecordId}`, waitForError],
    ['repository', '/console/repositories/team/shop', (page: Page) => page.getByRole('table').waitFor()],
    ['tags', '/console/repositories/team/shop/tags', (page: Page) => page.getByText('Not scanned').first().waitFor()],
    ['chains', '/console/registry/chains', (page: Page) => page.getByText('denied').first().waitFor()],
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
    await signedIn(page);
    for (const [name, path, ready] of pages) {
      if (only?.includes(name) === false) continue;
      await page.goto(`${root.Endpoint}${path}`);
      await ready(page);
      await take(page, `${name}-${look}`);
    }
    await page.context().close();
  }
});

/** Makes a delivery chain that lets one image pass and denies the next. */
async function walkThroughChain(server: TestServer): Promise<void> {
  const { client, root } = server;
  const place = { InstanceId: root.InstanceId, RepoNamespaceName: 'team' };
  await client.call('CreateRepository', { ...place, RepoName: 'app', RepoType: 'PRIVATE', Summary: 'the app' });
  const choice = { scans: true, level: 'HIGH', names: [], needsBoth: false, deniedTag: 'BLOCK' } as const;
  const ChainConfig = chainConfigOf({ ...choice, replicates: true, triggers: true });
  await client.call('CreateChain', { ...place, RepoName: 'app', Name: 'release', ChainConfig });
  for (const [tag, fixed] of [
    ['v1.0', '3.0.1-1'],
    ['v1.1', '3.0.10-1'],
  ] as const) {
    await importAdvisory(server, 'CVE-2023-1', fixed);
    await pushDebian(server, 'team/app', tag);
    const ended = async () => {
      const { ChainInstances } = await callNative(client, 'listChainInstances', { namespace: 'team', name: 'app' });
      return ChainInstances[0]?.Tag === tag && ChainInstances[0].Status !== 'RUNNING';
    };
    while (!(await ended())) await sleep(100);
  }
}

async function waitForLog(page: Page): Promise<void> {
  await page.locator('.row .text').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

/** Its line in the log is marked once the card above it is there. */
async function waitForError(page: Page): Promise<void> {
  await page.locator('.row.error-row').waitFor();
  await waitForLog(page);
}

async function call(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByRole('region', { name: 'Reply of the server' }).getByText('200').waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(target, `${name}.png`), animations: 'disabled' });
}
