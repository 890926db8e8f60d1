import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../../client/src/client.ts';
import { faultsOf, fillSignIn, holds, noBrowser, openPage, startBrowser } from '../support/browser.ts';
import { startServer } from '../support/slipway.ts';
import { checkLooksOf } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'access and audit in a browser: runs with SLIPWAY_TEST_LONG=1';

test('users, groups, roles, policies and the record of calls, by role and visible text', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const server = await startServer(t, { flags: ['--no-builds'] });
  const { root, client } = server;
  const { InstanceId, Endpoint } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'shop' } as const;
  await client.call('CreateRepository', { InstanceId, ...repository, RepoType: 'PRIVATE', Summary: 'x' });
  const browser = await startBrowser(t);
  const { page, errors } = await openPage(browser);
  const open = (path: string) => page.goto(`${Endpoint}/console${path}`);
  const checkLooks = (name: string) => checkLooksOf(page, name);
  const sureButton = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('button', { name: `${name}?`, exact: true }).click();
  };
  await open('/access');
  await fillSignIn(page, root.AccessKeyId, root.AccessKeySecret);

  await t.test('a user is created, and gets a group and a policy', async () => {
    await page.getByText('No users yet').waitFor();
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByLabel('Name', { exact: true }).fill('a b');
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByText(/parameter "UserName" is not valid/).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('ana');
    await page.getByLabel('Display name').fill('Ana P');
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('heading', { name: 'ana' }).waitFor();
    await page.getByText('may do nothing beyond what the groups allow').waitFor();

    await page.getByRole('link', { name: 'Groups', exact: true }).click();
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByLabel('Name', { exact: true }).fill('readers');
    await page.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'readers' }).waitFor();
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByLabel('User', { exact: true }).selectOption('ana');
    await page.getByRole('form', { name: 'Add member' }).getByRole('button', { name: 'Add member' }).click();
    const members = page.getByRole('region', { name: 'Members' });
    await members.getByRole('link', { name: 'ana' }).waitFor();
    await page.getByRole('button', { name: 'Attach policy' }).click();
    await page.getByLabel('Policy', { exact: true }).selectOption('System AliyunContainerRegistryReadOnlyAccess');
    await page.getByRole('form', { name: 'Attach policy' }).getByRole('button', { name: 'Attach policy' }).click();
    await page.getByRole('link', { name: 'AliyunContainerRegistryReadOnlyAccess' }).waitFor();
    await checkLooks('group');
    await members.getByRole('link', { name: 'ana' }).click();
    await page.getByRole('region', { name: 'Groups' }).getByRole('link', { name: 'readers' }).waitFor();
  });

  await t.test('a key’s secret is shown once; the key is deactivated and deleted', async () => {
    await page.getByRole('button', { name: 'New access key' }).click();
    const once = page.getByRole('region', { name: 'New access key' });
    await once.getByText('It is shown once').waitFor();
    const [id = '', secret = ''] = await once.locator('code').allTextContents();
    const ana = createClient({ endpoint: Endpoint, accessKeyId: id, accessKeySecret: secret });
    await ana.call('GetRepository', { InstanceId, ...repository });
    await assert.rejects(ana.call('ListUsers', {}), { code: 'NoPermission' });
    await checkLooks('user');
    await once.getByRole('button', { name: 'I have copied it' }).click();
    await page.reload();
    const keys = page.getByRole('region', { name: 'Access keys' });
    await keys.getByText(id).waitFor();
    assert.equal(await page.getByText(secret).count(), 0);
    await keys.getByText(/last used (just now|\d+ (s|min) ago)/).waitFor();
    await sureButton(`Deactivate ${id}`);
    await keys.getByText('inactive').waitFor();
    await assert.rejects(ana.call('GetRepository', { InstanceId, ...repository }), /./);
    await sureButton(`Delete access key ${id}`);
    await keys.getByText('No access keys').waitFor();
  });

  await t.test(
    'the policy editor names the line of a mistake, warns of unknown actions, and completes names',
    async () => {
      await page.getByRole('link', { name: 'Policies', exact: true }).click();
      await page.getByRole('button', { name: 'New policy' }).click();
      await page.getByLabel('Name', { exact: true }).fill('no-deletes');
      const text = page.getByRole('textbox', { name: 'Policy document' });
      await page.getByText('The server accepts this policy').waitFor();
      const document = (action: string) =>
        `{\n"Version": "1",\n"Statement": {\n"Effect": "Deny",\n"Action": "${action}",\n"Resource": "*"\n}\n}`;
      await text.fill(document('cr:Nothing').replace('"Deny",', '"Deny"'));
      await page.getByRole('button', { name: 'Line 5' }).waitFor();
      await page.getByText(/not JSON: there is "\\"" where a comma or } must be/).waitFor();
      assert.ok(await page.getByRole('button', { name: 'Create policy' }).isDisabled());
      await text.fill(document('cr:Nothing'));
      await page.getByText('Warning: unknown action: nothing on this server asks for cr:Nothing').waitFor();
      await text.fill(document(''));
      await text.evaluate(
        (area, at) =>
          (area as unknown as { setSelectionRange(from: number, to: number): void }).setSelectionRange(at, at),
        document('').indexOf('"",') + 1,
      );
      await text.pressSequentially('cr:deleterepositoryt');
      await page.getByRole('option', { name: 'cr:DeleteRepositoryTag' }).waitFor();
      await checkLooks('policy editor');
      await text.press('Enter');
      assert.equal(await text.inputValue(), document('cr:DeleteRepositoryTag'));
      await page.getByText('The server accepts this policy').waitFor();
      await page.getByRole('button', { name: 'Create policy' }).click();
      await page.getByRole('heading', { name: 'no-deletes' }).waitFor();
      await page.getByText('Attached to nothing').waitFor();
    },
  );

  await t.test('a policy gets a second version, and the first one is used again', async () => {
    await page.getByRole('button', { name: 'Change policy' }).click();
    const text = page.getByRole('textbox', { name: 'Policy document' });
    await text.fill((await text.inputValue()).replace('cr:DeleteRepositoryTag', 'cr:Delete*'));
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Discard changes?' }).waitFor();
    await page.getByRole('link', { name: 'Groups' }).click();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await page.getByRole('button', { name: 'Save policy' }).click();
    const versions = page.getByRole('region', { name: 'Versions' });
    await versions.getByRole('listitem').filter({ hasText: 'v2' }).getByText('in use').waitFor();
    await sureButton('Use v1');
    await versions.getByRole('listitem').filter({ hasText: 'v1' }).getByText('in use').waitFor();
    await sureButton('Delete version v2');
    await versions.getByRole('listitem').filter({ hasText: 'v2' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Policies' }).first().click();
    await holds(page, `document.title === 'Policies · Access · Slipway'`);
  });

  await t.test(
    'who may pull is listed with the policy that allows it, and the simulator explains a denial',
    async () => {
      await client.call('AttachPolicyToUser', { UserName: 'ana', PolicyType: 'Custom', PolicyName: 'no-deletes' });
      await page.getByRole('link', { name: 'Who can do what' }).click();
      await page.getByRole('combobox', { name: 'Action' }).fill('cr:PullRepository');
      await page.getByLabel('Resource').fill(`acs:cr:local:${root.AccountId}:repository/${InstanceId}/team/shop`);
      await page.getByRole('button', { name: 'Show who may' }).click();
      const row = page.getByRole('row').filter({ hasText: 'ana' });
      await row.getByText('allowed').waitFor();
      await row.getByRole('link', { name: 'AliyunContainerRegistryReadOnlyAccess' }).waitFor();
      await row.getByRole('link', { name: 'readers' }).waitFor();
      assert.match(page.url(), /action=cr/);
      await checkLooks('who can do what');
      await row.getByRole('link', { name: /^allowed: explain/ }).click();
      await page.getByText('✓ Allowed', { exact: true }).waitFor();
      await page.getByRole('combobox', { name: 'Action' }).fill('cr:DeleteRepositoryTag');
      await page.getByRole('button', { name: 'Simulate' }).click();
      const decision = page.getByRole('region', { name: 'Decision' });
      await decision.getByText('✕ Denied').waitFor();
      await decision
        .getByRole('row')
        .filter({ hasText: 'applies' })
        .getByRole('link', { name: 'no-deletes' })
        .waitFor();
      await checkLooks('simulator');
    },
  );

  await t.test('a role has its trust policy, and is deleted', async () => {
    await page.getByRole('link', { name: 'Roles', exact: true }).click();
    await page.getByRole('button', { name: 'New role' }).click();
    await page.getByLabel('Name', { exact: true }).fill('deployer');
    await page.getByRole('button', { name: 'Create role' }).click();
    await page
      .getByRole('region', { name: 'Who may assume it' })
      .getByText(`acs:ram::${root.AccountId}:root`)
      .waitFor();
    await checkLooks('role');
    await sureButton('Delete role deployer');
    await page.getByText('No roles yet').waitFor();
  });

  await t.test('the rules for passwords and the length of sessions are changed', async () => {
    await page.getByRole('link', { name: 'Sign-in', exact: true }).click();
    await page.getByRole('button', { name: 'Change password rules' }).click();
    await page.getByLabel(/^Minimum length/).fill('7');
    await page.getByRole('button', { name: 'Save password rules' }).click();
    await page.getByText('7 is not from 8 to 32').waitFor();
    await page.getByLabel(/^Minimum length/).fill('12');
    await page.getByRole('button', { name: 'Save password rules' }).click();
    await page.getByText('12 characters').waitFor();
    await page.getByRole('button', { name: 'Change session settings' }).click();
    await page.getByLabel('Hours that a sign-in lasts').fill('4');
    await page.getByRole('button', { name: 'Save session settings' }).click();
    await page.getByText('4 h', { exact: true }).waitFor();
    await checkLooks('sign-in settings');
  });

  await t.test(
    'the record of calls is filtered by the URL, and a refused call says which action was missing',
    async () => {
      await open('/audit?caller=user%2Fana&result=denied');
      const calls = page.getByRole('table', { name: 'Calls' });
      const row = calls.getByRole('row').filter({ hasText: 'ram:ListUsers' });
      await row.getByText('denied').waitFor();
      await row.getByRole('button').click();
      await page.getByText(/^user\/ana lacks ram:ListUsers on acs:ram/).waitFor();
      await checkLooks('audit');
      const id = await calls.locator('dd code').first().textContent();
      await page.getByRole('textbox', { name: 'Request id' }).fill(String(id));
      await page.getByLabel('Caller').fill('');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/request=/);
      await calls.getByRole('row').filter({ hasText: 'ram:ListUsers' }).waitFor();
      await holds(page, `document.querySelectorAll('[aria-label=Calls] tbody tr').length === 1`);
      await page.getByRole('link', { name: 'Clear' }).click();
      await calls.getByText('ram:CreatePolicy').first().waitFor();
      await page.getByRole('textbox', { name: 'Action' }).fill('ram:Nothing');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.getByText('No calls match these filters.').waitFor();
    },
  );

  await t.test('a user is deleted with keys, policies and groups', async () => {
    await client.call('CreateAccessKey', { UserName: 'ana' });
    await client.call('CreateLoginProfile', {
      UserName: 'ana',
      Password: 'first-password-1',
      PasswordResetRequired: false,
    });
    await open('/access/users/ana');
    await page.getByText('can sign in').waitFor();
    await sureButton('Delete user ana');
    await page.getByText('No users yet').waitFor();
  });

  assert.deepEqual(faultsOf(errors, [400, 404]), []);
});
