import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../server/src/tar/testing/tar.ts';
import { noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'the console in a browser: runs with SLIPWAY_TEST_LONG=1';

test('a person makes a chart repository in the console, sees what is pushed to it, downloads it and deletes it', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const server = await startServer(t);
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server);
  await page.getByRole('link', { name: 'Charts' }).click();
  await page.getByText('No chart repositories yet.').waitFor();
  await page.getByRole('button', { name: 'New chart namespace' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Charts');
  await page.getByRole('button', { name: 'Create chart namespace' }).click();
  await page.getByText('must be lower-case letters and digits').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('charts');
  await page.getByRole('button', { name: 'Create chart namespace' }).click();
  await page.getByText('a push creates no repository').waitFor();
  await page.getByRole('button', { name: 'New chart repository' }).click();
  await page.getByLabel('Name', { exact: true }).fill('apps');
  await page.getByRole('button', { name: 'Create chart repository' }).click();
  await page.getByRole('link', { name: 'charts/apps' }).waitFor();
  await checkAccessible(page, 'the chart repositories');

  const yaml = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
  const archive = gzipSync(tarOf([{ name: 'web/Chart.yaml', content: yaml }]));
  const pushed = await server.client.fetch('/chart/api/charts/apps/charts', {
    method: 'POST',
    body: new Uint8Array(archive),
  });
  assert.equal(pushed.status, 201);
  await page.getByRole('link', { name: 'charts/apps' }).click();
  await page.getByText(`helm repo add apps ${server.root.Endpoint}/chart/charts/apps`).waitFor();
  await page.getByText('1.0.0').waitFor();
  await checkAccessible(page, 'a chart repository');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download web-1.0.0.tgz' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'web-1.0.0.tgz');
  assert.ok(readFileSync(await download.path()).equals(archive));
  await page.getByRole('button', { name: 'Delete web 1.0.0' }).click();
  await page.getByRole('button', { name: 'Delete web 1.0.0?' }).click();
  await page.getByText('No charts yet').waitFor();
  await page.getByRole('button', { name: 'Delete charts/apps' }).click();
  await page.getByRole('button', { name: 'Delete charts/apps?' }).click();
  await page.getByText('No chart repositories yet.').waitFor();
  await page.getByRole('button', { name: 'Delete chart namespace charts' }).click();
  await page.getByRole('button', { name: 'Delete chart namespace charts?' }).click();
  await page.getByText('No chart namespaces yet').waitFor();
  // The browser reports the call that was refused.
  assert.deepEqual(
    errors.filter((error) => !error.includes('status of 400')),
    [],
  );
});
