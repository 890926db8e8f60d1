import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { faultsOf, noBrowser, openPage, openTab, signIn, signInByPassword, startBrowser } from '../support/browser.ts';
import { startDemoProject } from '../support/projects/demo-project.ts';
import { checkAccessible } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'the page of a repository: runs with SLIPWAY_TEST_LONG=1';

test('the page of a repository answers what its owner asks, by role and visible text', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const { server, good } = await startDemoProject(t);
  const { root, client } = server;
  const { InstanceId, RepoId } = good;
  const pattern = { PushType: 'GIT_BRANCH', PushName: 'ma(?<rest>.*)', ImageTag: 'dev-${rest}' } as const;
  await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...pattern });
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server, '/console/repositories/team/shop/source');
  let hook: { url: string; secret: string } | undefined;

  await t.test('the source is tested as a build reads it, and a mistake is said in a sentence', async () => {
    const source = page.getByRole('region', { name: 'Source', exact: true });
    await source.getByRole('button', { name: 'Test the connection' }).click();
    await source.getByText('A build can read it: 1 branch and 1 tag.').waitFor();
    for (const [name, said] of [
      ['missing', /A build could not read it: there is no repository at/],
      ['shop', 'A build can read it'],
    ] as const) {
      await source.getByRole('button', { name: 'Change source' }).click();
      await source.getByLabel('Code repository').fill(name);
      await source.getByRole('button', { name: 'Save source' }).click();
      await source.getByRole('button', { name: 'Test the connection' }).click();
      await source.getByText(said).waitFor();
    }
  });

  await t.test('a webhook has an address, shows its secret once, and says where to enter them', async () => {
    const webhook = page.getByRole('region', { name: 'Webhook' });
    await webhook.getByRole('button', { name: 'Make a webhook' }).click();
    await webhook.getByText('Copy it now: it is not shown again.').waitFor();
    const [url = '', secret = ''] = await webhook.locator('dd code').allInnerTexts();
    hook = { url, secret };
    assert.match(url, /\/hooks\/[0-9a-f]{36}$/);
    await webhook.getByText('Secret token is the secret').waitFor();
    await webhook.getByRole('button', { name: 'GitHub' }).click();
    await webhook.getByText('Content type is application/json').waitFor();
    await page.reload();
    await webhook.getByText('shown once, when it was made').waitFor();
    assert.equal(await page.getByText(secret).count(), 0);
  });

  await t.test('deliveries are listed with their result and reason, and can be redelivered', async () => {
    const deliver = (secret: string) =>
      fetch(hook?.url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-gitlab-token': secret },
        body: JSON.stringify({ object_kind: 'push', ref: 'refs/heads/other', after: '1'.repeat(40) }),
      });
    const list = page.getByRole('region', { name: 'Deliveries' });
    await list.getByText('Nothing was sent yet.').waitFor();
    await deliver('wrong');
    await deliver(hook?.secret ?? '');
    const refused = list.getByRole('listitem').filter({ hasText: 'Refused' });
    await refused.getByText('the token is not the hook’s secret').waitFor();
    const row = list.getByRole('listitem').filter({ hasText: 'push of other at 1111111' });
    await row.getByText('AutoBuild is off for this repository').waitFor();
    await row.getByRole('button', { name: 'Redeliver push of other at 1111111' }).click();
    await list.getByText(/again by root/).waitFor();
    assert.equal(await refused.getByRole('button').count(), 0);
  });

  await t.test('what was entered stays when the server refuses, and is not lost without a question', async () => {
    await openTab(page, 'Rules');
    const rules = page.getByRole('region', { name: 'Build rules' });
    await rules.getByText('Every push to a branch that matches').waitFor();
    await rules.getByRole('button', { name: 'New rule' }).click();
    await rules.getByLabel('What starts a build').selectOption('Every push of a Git tag…');
    await rules.getByLabel('Branch or tag').fill('v$version');
    await rules.getByLabel('Image tag').fill('$versoin');
    await rules.getByRole('button', { name: 'Create rule' }).click();
    await rules.getByText(/parameter "ImageTag" is not valid/).waitFor();
    assert.equal(await rules.getByLabel('Branch or tag').inputValue(), 'v$version');
    await page.getByRole('link', { name: 'Secrets', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Unsaved changes' });
    await question.getByRole('button', { name: 'Keep editing' }).click();
    assert.equal(await rules.getByLabel('Image tag').inputValue(), '$versoin');
    await page.getByRole('link', { name: 'Secrets', exact: true }).click();
    await question.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('region', { name: 'Build secrets' }).waitFor();
  });

  await t.test(
    'a rule with a pattern asks which branch to build, offers those of the source, and goes to the build',
    async () => {
      await openTab(page, 'Rules');
      await page.getByRole('button', { name: 'Build now: main' }).click();
      await page.waitForURL(/\/builds\/[0-9a-f-]{36}/);
      await page.goto(`${root.Endpoint}/console/repositories/team/shop/rules`);
      await page.getByRole('button', { name: 'Build now: ma(' }).click();
      const form = page.getByRole('form', { name: 'Build this branch' });
      await form.getByText('It has to match ma(?<rest>.*).').waitFor();
      assert.equal(await form.locator('datalist option').first().getAttribute('value'), 'main');
      await form.getByLabel('Branch').fill('other');
      await form.getByRole('button', { name: 'Build this branch' }).click();
      await form.getByText(/which other does not match/).waitFor();
      await form.getByLabel('Branch').fill('main');
      await form.getByRole('button', { name: 'Build this branch' }).click();
      await page.waitForURL(/\/builds\/[0-9a-f-]{36}/);
      await page.getByText('team/shop:dev-in').first().waitFor();
      await page.locator('.status-success').first().waitFor();
    },
  );

  await t.test(
    'tags are found, sorted and pulled by every tool, with the login; the address keeps the search',
    async () => {
      const { Tags } = await callNative(client, 'listTags', { namespace: 'team', name: 'shop' });
      const digest = Tags[0]?.Digest ?? '';
      for (let at = 0; at < 40; at += 1)
        await callNative(client, 'setTag', { namespace: 'team', name: 'shop', tag: `v1.${at}`, digest });
      await page.goto(`${root.Endpoint}/console/repositories/team/shop/tags`);
      const tags = page.getByRole('region', { name: 'Tags' });
      await tags.getByText('42 tags').waitFor();
      await tags.getByRole('button', { name: 'More tags' }).click();
      await tags.getByText('latest', { exact: true }).waitFor();
      await tags.getByLabel('Part of the tag').fill('V1.3');
      await tags.getByText('11 tags').waitFor();
      await tags.getByLabel('Order of the tags').selectOption('By name');
      await tags.locator('.tag-name').first().getByText('v1.3', { exact: true }).waitFor();
      assert.match(page.url(), /contains=V1\.3/);
      await page.reload();
      const row = tags.getByRole('listitem').filter({ has: page.getByText('v1.39', { exact: true }) });
      await row.getByText(/built .* from/).waitFor();
      await row.getByText(`linux/${process.arch === 'x64' ? 'amd64' : process.arch}`, { exact: true }).waitFor();
      await row.getByText(/^(never pulled|pulled (once|\d+ times), last )/).waitFor();
      await row.getByRole('button', { name: 'Copy digest of v1.39' }).waitFor();
      await row.getByText('Login and other tools').click();
      await row.getByText('docker login --username cr_temp_user').waitFor();
      await row.getByRole('button', { name: 'Kubernetes' }).click();
      await row.getByText('imagePullSecrets').waitFor();
      await tags.getByLabel('Part of the tag').fill('nothing');
      await tags.getByText('No tag contains “nothing”.').waitFor();
    },
  );

  assert.deepEqual(faultsOf(errors, [400]), []);

  await t.test('empty tabs say what to do next', async () => {
    const empty = { RepoNamespaceName: 'team', RepoName: 'empty', RepoType: 'PRIVATE', Summary: 'x' } as const;
    await client.call('CreateRepository', { InstanceId, ...empty });
    for (const [tab, said] of [
      ['tags', 'slipway build . --tag team/empty:v1'],
      ['rules', 'With New rule you say which push builds what'],
      ['source', 'Bind a source, so that pushes and rules build this repository.'],
    ] as const) {
      await page.goto(`${root.Endpoint}/console/repositories/team/empty/${tab}`);
      await page.getByText(said).waitFor();
    }
  });

  await t.test('a reader sees source and deliveries, is offered nothing else, and sees no red', async () => {
    const Statement = [{ Effect: 'Allow', Action: ['cr:GetRepository', 'cr:GetSourceRepository'], Resource: '*' }];
    await client.call('CreateUser', { UserName: 'looker' });
    const PolicyDocument = JSON.stringify({ Version: '1', Statement });
    await client.call('CreatePolicy', { PolicyName: 'looks', PolicyDocument });
    await client.call('AttachPolicyToUser', { UserName: 'looker', PolicyName: 'looks', PolicyType: 'Custom' });
    await client.call('CreateLoginProfile', { UserName: 'looker', Password: 'first-password' });
    const reader = await openPage(browser);
    await reader.page.goto(`${root.Endpoint}/console/repositories/team/shop/source`);
    await signInByPassword(reader.page, 'looker', 'first-password');
    await reader.page.getByText('push of other at 1111111').first().waitFor();
    for (const name of ['Test the connection', 'New address and secret', 'Redeliver'])
      assert.equal(await reader.page.getByRole('button', { name }).count(), 0, name);
    await openTab(reader.page, 'Rules');
    await reader.page.getByText('cr:ListRepositoryBuildRule').waitFor();
    assert.equal(await reader.page.getByRole('alert').count(), 0);
  });

  await t.test('axe finds no problems in both themes, wide and narrow', async () => {
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      const path = '/console/repositories/team/shop/source';
      const looked = await signIn(browser, server, path, { colorScheme, viewport: { width, height: 740 } });
      await looked.page.getByText('Refused').waitFor();
      await looked.page.getByRole('button', { name: 'Test the connection' }).click();
      await looked.page.getByText('A build can read it').waitFor();
      await checkAccessible(looked.page, `source, ${width}`);
      await openTab(looked.page, 'Rules');
      await looked.page.getByRole('button', { name: 'Build now: ma(' }).click();
      await checkAccessible(looked.page, `rules, ${width}`);
      await openTab(looked.page, 'Tags');
      await looked.page.getByText('Login and other tools').first().click();
      await looked.page.getByText('1. Log in').waitFor();
      await checkAccessible(looked.page, `tags, ${width}`);
      await looked.page.context().close();
    }
  });
});
