import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { faultsOf, noBrowser, openTab, signIn, startBrowser } from '../support/browser.ts';
import { ADVISORY_LINK, importAdvisory } from '../support/images/openssl-advisory.ts';
import { pushDebian } from '../support/images/pushed-debian.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';
import { changeAndRunRule } from './lifecycle-form.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'the console in a browser: runs with SLIPWAY_TEST_LONG=1';

test('a person uses everything of the registry in the console: scans, copies, chains, subscriptions, addresses and events', {
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
  const checkLooks = async (name: string) => {
    for (const [colorScheme, width] of [
      ['dark', 360],
      ['light', 1280],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await checkAccessible(page, `${name}, ${colorScheme}`);
    }
  };

  await t.test('without advisories the page says what to do, and with them it lists what they say', async () => {
    await tags.getByText('Not scanned for vulnerabilities').waitFor();
    await tags.getByRole('button', { name: 'Scan now: v1' }).click();
    await tags.getByText('no advisories were imported').waitFor();
    await tags.getByText('slipway scan import FILE').waitFor();

    await importAdvisory(server, 'CVE-2023-1', '3.0.10-1');
    await tags.getByRole('button', { name: 'Scan now: v1' }).click();
    await tags.getByText('1 vulnerability: 1 high').waitFor();
    await tags.getByText('Vulnerabilities of v1: 1').click();
    const findings = tags.getByRole('list', { name: 'Vulnerabilities of v1' });
    await findings.getByText('fixed in 3.0.10-1').waitFor();
    assert.equal(await findings.getByRole('link', { name: 'CVE-2023-1' }).getAttribute('href'), ADVISORY_LINK);
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

  await t.test('acceleration is turned on, shows the result for each image, and is turned off', async () => {
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
    await checkLooks('acceleration');
    await card.getByRole('button', { name: 'Turn off acceleration' }).click();
    await card.getByRole('button', { name: 'Turn off acceleration?' }).click();
    await card.getByText('off', { exact: true }).waitFor();
  });

  await t.test('an event rule is made, changed, called at a push and deleted', async () => {
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
    await checkLooks('event rules');
    await rules.getByRole('button', { name: 'Delete event rule pushes' }).click();
    await rules.getByRole('button', { name: 'Delete event rule pushes?' }).click();
    await rules.getByText('No event rules yet.').waitFor();
  });

  await t.test('a tag is copied, and a rule copies the next push; both are shown with how they ended', async () => {
    await client.call('CreateRepository', { InstanceId, ...app, RepoName: 'copy' });
    await page.goto(`${root.Endpoint}/console/repositories/team/app/tags`);
    await page.getByRole('button', { name: 'Copy tag v1' }).click();
    const form = page.getByRole('form', { name: 'Copy v1' });
    await form.getByLabel('To repository').fill('nowhere');
    await form.getByRole('button', { name: 'Copy v1' }).click();
    await form.getByText('REPO_NOT_EXIST').waitFor();
    await form.getByLabel('To repository').fill('copy');
    await form.getByLabel('Registry').selectOption('Another one');
    await form.getByLabel('Instance', { exact: true }).fill('cri-unknown');
    await form.getByLabel('Region of the instance').fill('local');
    await form.getByRole('button', { name: 'Copy v1' }).click();
    await form.getByText(/there is no instance cri-unknown/).waitFor();
    assert.equal(await form.getByLabel('Instance', { exact: true }).getAttribute('aria-invalid'), 'true');
    await form.getByLabel('Registry').selectOption('This one');
    await form.getByRole('button', { name: 'Copy v1' }).click();
    await page.getByRole('link', { name: 'See how far it is' }).click();
    const copies = page.getByRole('region', { name: 'Copies' });
    await copies.getByRole('listitem').filter({ hasText: 'team/copy:v1' }).getByText('copied').waitFor();

    const rules = page.getByRole('region', { name: 'Replication rules' });
    await rules.getByText('No rule copies the images of this repository.').waitFor();
    await rules.getByRole('button', { name: 'New replication rule' }).click();
    await rules.getByLabel('Name of the rule').fill('to copy');
    await rules.getByLabel('To repository').fill('copy');
    await rules.getByLabel('Tags that match').fill('(');
    await rules.getByRole('button', { name: 'Create replication rule' }).click();
    await rules.getByText(/parameter "TagFilter" is not valid/).waitFor();
    await rules.getByLabel('Tags that match').fill('v.*');
    await rules.getByRole('button', { name: 'Create replication rule' }).click();
    await rules.getByText('tags that match v.*, when an image is pushed').waitFor();
  });

  await t.test('a delivery chain is made, and the page shows which image it held, at which step and why', async () => {
    await openTab(page, 'Security');
    const chain = page.getByRole('region', { name: 'Delivery chain', exact: true });
    await chain.getByText('No chain: images are replicated').waitFor();
    await chain.getByRole('button', { name: 'New delivery chain' }).click();
    await chain.getByLabel('Name', { exact: true }).fill('release');
    await chain.getByLabel('From this many').fill('0');
    await chain.getByRole('button', { name: 'Create delivery chain' }).click();
    await chain.getByText(/parameter "ChainConfig" is not valid/).waitFor();
    await chain.getByLabel('From this many').fill('1');
    await chain.getByRole('button', { name: 'Create delivery chain' }).click();
    await chain.getByText('Denies images with a vulnerability of severity high or above').waitFor();
    await pushDebian(server, 'team/app', 'v4');
    await page.reload();
    const steps = page.getByRole('list', { name: 'Steps of team/app:v4' });
    await steps.getByText('Scan (stopped here)').waitFor();
    await steps.getByText('Replication (did not happen)').waitFor();
    await page.getByText('The image has 1 vulnerability of level HIGH or above. The tag stays.').waitFor();
    await chain.getByRole('button', { name: 'Change release' }).click();
    await chain.getByLabel('Scan images').uncheck();
    assert.equal(await chain.getByLabel('From this many').count(), 0, 'what has no meaning is not asked for');
    await chain.getByRole('button', { name: 'Save delivery chain' }).click();
    await chain.getByText('Does not scan, so it holds no image back.').waitFor();

    const rules = page.getByRole('region', { name: 'Scan rules' });
    await rules.getByRole('button', { name: 'New scan rule' }).click();
    await rules.getByLabel('Name', { exact: true }).fill('releases');
    await rules.getByLabel('Repositories').fill('nowhere');
    await rules.getByRole('button', { name: 'Create scan rule' }).click();
    await rules.getByText('REPO_NOT_EXIST').waitFor();
    await rules.getByLabel('Repositories').fill('app');
    await rules.getByRole('button', { name: 'Create scan rule' }).click();
    await rules.getByText('team/app', { exact: true }).waitFor();
    await checkLooks('security of a repository');
  });

  await t.test('the page of the registry shows the same for all repositories, and makes a subscription', async () => {
    await page.getByRole('link', { name: 'Registry', exact: true }).click();
    await page.getByText('docker login').waitFor();
    await page.getByRole('region', { name: 'Usage' }).getByText('of 5000').first().waitFor();
    await page.getByRole('button', { name: 'Collect garbage now' }).click();
    await page.getByText(/removed, .* freed/).waitFor();
    await checkLooks('overview of the registry');
    await openTab(page, 'Delivery chains');
    await page.getByRole('region', { name: 'Delivery chains' }).getByText('team/app').waitFor();
    await page.getByRole('link', { name: 'team/app:v4', exact: true }).waitFor();
    await checkLooks('delivery chains');
    await openTab(page, 'Replication');
    await page.getByRole('button', { name: 'Delete replication rule to copy' }).click();
    await page.getByRole('button', { name: 'Delete replication rule to copy?' }).click();
    await page.getByText('No replication rules yet').waitFor();
    await page.getByRole('button', { name: 'New replication rule' }).click();
    await checkLooks('replication');

    await openTab(page, 'Subscriptions');
    const rules = page.getByRole('region', { name: 'Subscriptions' });
    await rules.getByRole('button', { name: 'New subscription' }).click();
    await rules.getByLabel('Its repository').fill('nginx');
    await rules.getByLabel('Namespace here').fill('team');
    await rules.getByLabel('Repository here').fill('copy');
    await rules.getByLabel('Number of newest tags').fill('6');
    await rules.getByRole('button', { name: 'Create subscription' }).click();
    await rules.getByText(/parameter "TagCount" is not valid/).waitFor();
    await rules.getByLabel('Number of newest tags').fill('2');
    await rules.getByRole('button', { name: 'Create subscription' }).click();
    await rules.getByText('the 2 newest tags, linux/amd64').waitFor();
    await rules.getByRole('button', { name: 'Run now: team/copy' }).click();
    await page.getByRole('region', { name: 'Runs' }).getByText('library/nginx').first().waitFor();
    await rules.getByRole('button', { name: 'Change team/copy' }).click();
    await checkLooks('subscriptions');
  });

  await t.test('addresses are allowed and refused, host names checked, and lifecycle rules made for all', async () => {
    await openTab(page, 'Addresses');
    const images = page.getByRole('region', { name: 'Images' });
    const allowed = images.getByRole('region', { name: 'Allowed addresses' });
    await allowed.getByText('Every address is allowed.').waitFor();
    await allowed.getByRole('button', { name: 'New allowed address' }).click();
    await allowed.getByLabel('Address or range').fill('office');
    await allowed.getByRole('button', { name: 'Create allowed address' }).click();
    await allowed.getByText(/parameter "Entry" is not valid/).waitFor();
    await allowed.getByLabel('Address or range').fill('192.168.0.0/16');
    await allowed.getByRole('button', { name: 'Create allowed address' }).click();
    await allowed.getByRole('button', { name: 'Delete allowed address 192.168.0.0/16' }).waitFor();
    const names = images.getByRole('region', { name: 'Host names' });
    await names.getByRole('button', { name: 'New host name' }).click();
    await names.getByLabel('Host name', { exact: true }).fill('localhost');
    await names.getByRole('button', { name: 'Create host name' }).click();
    await names.getByText(/parameter "Domain" is not valid/).waitFor();
    await names.getByLabel('Host name', { exact: true }).fill('registry.example.com');
    await names.getByRole('button', { name: 'Create host name' }).click();
    await names.getByText('set trusted-proxies to its addresses').waitFor();
    await images.getByRole('button', { name: 'Switch off Images' }).click();
    await images.getByRole('button', { name: 'Switch off Images?' }).click();
    await images.getByText('switched off').waitFor();
    await checkLooks('addresses');

    for (const name of ['Close', 'Discard changes?']) await names.getByRole('button', { name }).click();
    await openTab(page, 'Retention');
    await page.getByRole('button', { name: 'New lifecycle rule' }).click();
    await page.getByLabel('Remove', { exact: true }).selectOption('Images without a tag');
    assert.equal(await page.getByLabel('Keep the newest').count(), 0);
    await page.getByRole('button', { name: 'Create lifecycle rule' }).click();
    await page.getByText('Remove images without a tag').waitFor();
    await changeAndRunRule(page);
    await checkLooks('retention');
    await openTab(page, 'Scanning');
    await page.getByRole('region', { name: 'Advisories' }).getByText('1 advisory').waitFor();
    await page.getByRole('region', { name: 'Scan rules' }).getByText('releases').waitFor();
    await checkLooks('scanning');
  });

  await t.test(
    'a build secret is set and never shown, and a repository is deleted once its name was typed',
    async () => {
      await page.goto(`${root.Endpoint}/console/repositories/team/copy/secrets`);
      const secrets = page.getByRole('region', { name: 'Build secrets' });
      await secrets.getByRole('button', { name: 'New secret' }).click();
      await secrets.getByLabel('Name').fill('npm-token');
      await secrets.getByLabel('Value').fill('first line\nsecond line\n');
      await secrets.getByRole('button', { name: 'Create secret' }).click();
      await secrets.getByText('npm-token').waitFor();
      assert.doesNotMatch(await page.content(), /second line/);
      await openTab(page, 'Settings');
      await page.getByRole('button', { name: 'Delete repository…' }).click();
      await page.getByLabel('Name of the repository').fill('team/app');
      await page.getByRole('button', { name: 'Delete this repository' }).click();
      await page.getByText('Type team/copy to delete it.').waitFor();
      await checkLooks('settings of a repository');
      await page.getByLabel('Name of the repository').fill('team/copy');
      await page.getByRole('button', { name: 'Delete this repository' }).click();
      await page.getByRole('heading', { name: 'Repositories' }).waitFor();
      await page.getByRole('link', { name: 'team/copy' }).waitFor({ state: 'detached' });
    },
  );

  // The browser reports the calls that were refused.
  assert.deepEqual(faultsOf(errors, [400, 404]), []);
});
