import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { callNative } from '../client/src/call-native.ts';
import { checkAccessible } from './support/axe.ts';
import { noBrowser, openTab, signIn, startBrowser } from './support/browser.ts';
import { pushDebian } from './support/pushed-debian.ts';
import { startServer } from './support/slipway.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'the console in a browser: runs with SLIPWAY_TEST_LONG=1';

test('a person scans an image, saves its SBOM, has images accelerated and sends events, all in the console', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const server = await startServer(t);
  const { root, client } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const app = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'the app' } as const;
  await client.call('CreateRepository', { InstanceId, ...app });
  await pushDebian(server, 'team/app', 'v1');
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server, '/console/repositories/team/app/tags');
  const tags = page.getByRole('region', { name: 'Tags' });

  await t.test('without advisories the page says what to do, and with them it lists what they say', async () => {
    await tags.getByText('Not scanned for vulnerabilities').waitFor();
    await tags.getByRole('button', { name: 'Scan now: v1' }).click();
    await tags.getByText('no advisories were imported').waitFor();
    await tags.getByText('slipway scan import FILE').waitFor();

    const set = { Name: 'debian', Source: 'OSV', DataTime: Date.now() } as const;
    const { AdvisorySetId: setId } = await callNative(client, 'createAdvisorySet', set);
    const about = { Ecosystem: 'Debian:12', Package: 'openssl', Name: 'CVE-2023-1', Severity: 'High' as const };
    const link = 'https://advisories.example/CVE-2023-1';
    const Advisories = [{ ...about, Link: link, Ranges: [{ Introduced: '0', Fixed: '3.0.10-1' }] }];
    await callNative(client, 'addAdvisories', { setId, Advisories });
    await callNative(client, 'publishAdvisorySet', { setId });
    await tags.getByRole('button', { name: 'Scan now: v1' }).click();
    await tags.getByText('1 vulnerability: 1 high').waitFor();
    await tags.getByText('Vulnerabilities of v1: 1').click();
    const findings = tags.getByRole('list', { name: 'Vulnerabilities of v1' });
    await findings.getByText('fixed in 3.0.10-1').waitFor();
    assert.equal(await findings.getByRole('link', { name: 'CVE-2023-1' }).getAttribute('href'), link);
    await tags.getByLabel('Severity').selectOption('Low');
    await tags.getByText('No vulnerabilities of this severity.').waitFor();
    await tags.getByLabel('Severity').selectOption('High');
    await findings.getByText('libssl3 3.0.9-1').waitFor();
  });

  await t.test('the SBOMs of an image are made and saved', async () => {
    await tags.getByRole('button', { name: 'Make the SBOM of v1' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      tags.getByRole('button', { name: 'Save CycloneDX' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'app-v1.cdx.json');
    const { bomFormat } = JSON.parse(readFileSync(await download.path(), 'utf8'));
    assert.equal(bomFormat, 'CycloneDX');
    await tags.getByRole('button', { name: 'Save SPDX' }).waitFor();
  });

  await t.test('acceleration is turned on, says what became of each image, and is turned off', async () => {
    await openTab(page, 'Settings');
    const card = page.getByRole('region', { name: 'Acceleration' });
    await card.getByRole('button', { name: 'Turn on' }).click();
    await card.getByLabel('Files that come first').fill('etc/os-release');
    await card.getByRole('button', { name: 'Save acceleration' }).click();
    await card.getByText('which is not an absolute path').waitFor();
    await card.getByLabel('Files that come first').fill('/etc/os-release');
    await card.getByRole('button', { name: 'Save acceleration' }).click();
    await card.getByText('on', { exact: true }).waitFor();
    await pushDebian(server, 'team/app', 'v2');
    await pushDebian(server, 'team/app', 'l'.repeat(117));
    await page.reload();
    await card.getByText('Converted to v2_accelerated').waitFor();
    await card.getByText('there is no room for _accelerated').first().waitFor();
    await card.getByText('Log of v2').click();
    await card.getByText(/^convert team\/app:v2 /).waitFor();
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 740 });
      await checkAccessible(page, `acceleration, ${colorScheme}`);
    }
    await card.getByRole('button', { name: 'Turn off acceleration' }).click();
    await card.getByRole('button', { name: 'Turn off acceleration?' }).click();
    await card.getByText('off', { exact: true }).waitFor();
  });

  await t.test('an event rule is made, changed, called at a push and deleted', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('link', { name: 'Registry' }).click();
    await openTab(page, 'Event rules');
    const rules = page.getByRole('region', { name: 'Event rules' });
    await rules.getByRole('button', { name: 'New event rule' }).click();
    await rules.getByLabel('Name', { exact: true }).fill('pushes');
    await rules.getByLabel('Address').fill('ftp://events.example/');
    await rules.getByRole('button', { name: 'Create event rule' }).click();
    await rules.getByText(/parameter "Url" is not valid/).waitFor();
    await rules.getByLabel('Address').fill('http://127.0.0.1:9/?token=s3cret');
    await rules.getByLabel('Sent as').selectOption('http');
    await rules.getByRole('button', { name: 'Create event rule' }).click();
    await rules.getByText('http://127.0.0.1:9/?token=***').waitFor();
    await rules.getByRole('button', { name: 'Change pushes' }).click();
    await rules.getByLabel('Where').selectOption('REPO');
    await rules.getByLabel('Namespaces').fill('team');
    await rules.getByLabel('Repositories').fill('app');
    await rules.getByRole('button', { name: 'Save event rule' }).click();
    await rules.getByText('team/app', { exact: true }).waitFor();
    await pushDebian(server, 'team/app', 'v3');
    while (!(await callNative(client, 'listEventRules', {})).Rules[0]?.LastDelivery?.AttemptTime)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await page.reload();
    await rules.getByText(/^Last call/).waitFor();
    await rules.getByText('Calls').click();
    await rules.getByText('team/app:v3').waitFor();
    await rules.getByRole('button', { name: 'Change pushes' }).click();
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 740 });
      await checkAccessible(page, `event rules, ${colorScheme}`);
    }
    await rules.getByRole('button', { name: 'Delete event rule pushes' }).click();
    await rules.getByRole('button', { name: 'Delete event rule pushes?' }).click();
    await rules.getByText('No event rules yet.').waitFor();
  });

  // The browser reports the calls that were refused.
  assert.deepEqual(
    errors.filter((error) => !error.startsWith('Failed to load resource')),
    [],
  );
});
