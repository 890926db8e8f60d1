import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillSignIn, noBrowser, openPage, signInByPassword, startBrowser } from '../support/browser.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';
import { checkAccessible } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'users with few rights: runs with SLIPWAY_TEST_LONG=1';
/** The console renews a session in its last five minutes. */
const RENEWED_AT_ONCE_MS = 4 * 60_000;

test('the console of users with few rights, by role and visible text', { skip: SKIP || noBrowser }, async (t) => {
  const server = await startServer(t);
  const { root, client } = server;
  const { Endpoint } = root;
  const browser = await startBrowser(t);

  await t.test('someone without the rights sees one sentence with the missing action, and no fault', async () => {
    await client.call('CreateUser', { UserName: 'stranger' });
    const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'stranger' });
    const { page } = await openPage(browser);
    await page.goto(`${Endpoint}/console/access`);
    await fillSignIn(page, AccessKey?.AccessKeyId ?? '', AccessKey?.AccessKeySecret ?? '');
    await page.locator('.sign-in').waitFor({ state: 'detached' });
    for (const [path, action] of [
      ['/access', 'ram:ListUsers'],
      ['/access/groups', 'ram:ListGroups'],
      ['/access/roles', 'ram:ListRoles'],
      ['/access/policies', 'ram:ListPolicies'],
      ['/access/who', 'ram:SimulatePolicy'],
      ['/access/simulator', 'ram:SimulatePolicy'],
      ['/access/sign-in', 'ram:GetPasswordPolicy'],
      ['/audit', 'actiontrail:LookupEvents'],
      ['/system', 'cr:ListRepositoryTag'],
      ['/system', 'cr:DescribeSettings'],
      ['/registry/addresses', 'cr:GetInstanceEndpoint'],
      ['/registry/addresses', 'cr:GetInstanceVpcEndpoint'],
    ] as const) {
      await page.goto(`${Endpoint}/console${path}`);
      const lacks = page.getByText(`Your policies lack ${action}`);
      await lacks.first().waitFor();
      assert.equal(await lacks.count(), 1, `${path} says it once`);
      assert.equal(await page.getByRole('alert').count(), 0, path);
      assert.equal(await page.getByRole('button', { name: /^(New|Change|Delete)/ }).count(), 0, path);
    }
  });

  await t.test('a policy is detached from what the caller may detach it from', async () => {
    const policy = { PolicyType: 'Custom', PolicyName: 'curate' } as const;
    const Action = ['ram:Get*', 'ram:List*', 'ram:DetachPolicyFromGroup'];
    const PolicyDocument = { Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
    await client.call('CreatePolicy', { ...policy, PolicyDocument: JSON.stringify(PolicyDocument) });
    await client.call('CreateUser', { UserName: 'curator' });
    await client.call('CreateGroup', { GroupName: 'readers' });
    await client.call('AttachPolicyToUser', { ...policy, UserName: 'curator' });
    await client.call('AttachPolicyToGroup', { ...policy, GroupName: 'readers' });
    const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'curator' });
    const { page } = await openPage(browser);
    await page.goto(`${Endpoint}/console/access/policies/Custom/curate`);
    await fillSignIn(page, AccessKey?.AccessKeyId ?? '', AccessKey?.AccessKeySecret ?? '');
    await page.getByRole('button', { name: 'Detach policy from group readers', exact: true }).click();
    assert.equal(await page.getByRole('button', { name: /^Detach policy from user/ }).count(), 0);
    await page.getByRole('button', { name: 'Detach policy from group readers?' }).click();
    await page.getByRole('link', { name: 'readers', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'curator', exact: true }).waitFor();
  });

  await t.test('a user changes the password, and goes on in the session of the new one', async () => {
    const [first, second] = ['first-password', 'second-password'];
    await client.call('CreateUser', { UserName: 'ben' });
    await client.call('CreateLoginProfile', { UserName: 'ben', Password: first, PasswordResetRequired: false });
    const { page } = await openPage(browser);
    await page.goto(`${Endpoint}/console/`);
    await signInByPassword(page, 'ben', first);
    await page.getByRole('link', { name: 'user/ben' }).click();
    await page.getByText(/Your policies lack ram:ListAccessKeys on acs:ram::\d+:user\/ben/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'New access key' }).count(), 0);
    await page.getByLabel('Password', { exact: true }).fill(first);
    await page.getByLabel('New password').fill(' short ');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('it has 7 characters; at least 8 are required').waitFor();
    await page.getByLabel('New password').fill(second);
    await checkAccessible(page, 'account');
    // The change ends the session: until the new password has begun another, the server refuses every page.
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    await page.route('**/api/v1/session/password', async (route) => {
      asked.resolve();
      await held.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Change password' }).click();
    await asked.promise;
    await page.getByRole('link', { name: 'Builds' }).click();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    held.resolve();
    await page.getByText('Your password was changed.').waitFor();
    await page.getByRole('link', { name: 'Builds' }).click();
    await page.getByText(/Your policies lack cr:ListRepositoryBuild on acs:/).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInByPassword(page, 'ben', second);
  });

  await t.test('a user makes, deactivates and deletes own access keys, but nobody else’s', async () => {
    const own = `acs:ram::${root.AccountId}:user/kim`;
    const Statement = [{ Effect: 'Allow', Action: 'ram:*AccessKey*', Resource: own }];
    const policy = { PolicyType: 'Custom', PolicyName: 'own-keys' } as const;
    await client.call('CreatePolicy', { ...policy, PolicyDocument: JSON.stringify({ Version: '1', Statement }) });
    await client.call('CreateUser', { UserName: 'kim' });
    await client.call('CreateLoginProfile', { UserName: 'kim', Password: 'password-1', PasswordResetRequired: false });
    await client.call('AttachPolicyToUser', { ...policy, UserName: 'kim' });
    const { page } = await openPage(browser);
    await page.goto(`${Endpoint}/console/account`);
    await signInByPassword(page, 'kim', 'password-1');
    const keys = page.getByRole('region', { name: 'Access keys' });
    await keys.getByText('No access keys.').waitFor();
    await keys.getByRole('button', { name: 'New access key' }).click();
    const made = page.getByRole('region', { name: 'New access key' });
    await made.getByText('Copy the secret now.').waitFor();
    const [id = ''] = await made.locator('code').allTextContents();
    await checkAccessible(page, 'account with a new key');
    await made.getByRole('button', { name: 'I have copied it' }).click();
    await keys.getByRole('button', { name: `Deactivate ${id}` }).click();
    await keys.getByRole('button', { name: `Deactivate ${id}?` }).click();
    await keys.getByText('inactive').waitFor();
    for (let press = 0; press < 2; press += 1) await keys.getByRole('button', { name: /^Delete/ }).click();
    await keys.getByText('No access keys.').waitFor();
    await page.goto(`${Endpoint}/console/access/users/ben`);
    await page.getByText(/Your policies lack ram:ListAccessKeys on acs:ram::\d+:user\/ben/).waitFor();
  });

  await t.test(
    'a page asks to sign in again when the session was ended from elsewhere, and goes on there',
    async () => {
      await client.call('CreateUser', { UserName: 'eva' });
      await client.call('CreateLoginProfile', {
        UserName: 'eva',
        Password: 'password-1',
        PasswordResetRequired: false,
      });
      const { page } = await openPage(browser);
      await page.goto(`${Endpoint}/console/`);
      await signInByPassword(page, 'eva', 'password-1');
      await page.getByText(/Your policies lack cr:ListRepositoryBuild on acs:/).waitFor();
      await client.call('UpdateLoginProfile', { UserName: 'eva', Password: 'password-2' });
      await page.getByRole('link', { name: 'Audit' }).click();
      await page.getByRole('heading', { name: 'Sign in to Slipway' }).waitFor();
      await signInByPassword(page, 'eva', 'password-2');
      await page.getByText(/Your policies lack actiontrail:LookupEvents/).waitFor();
    },
  );

  await t.test('who signs in next on a page sees nothing that the user before could read', async () => {
    const Action = ['cr:ListRepositoryBuild', 'ram:ListUsers'];
    const PolicyDocument = { Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
    const policy = { PolicyType: 'Custom', PolicyName: 'list' } as const;
    await client.call('CreatePolicy', { ...policy, PolicyDocument: JSON.stringify(PolicyDocument) });
    const Password = 'password-1';
    for (const UserName of ['ada', 'bob']) {
      await client.call('CreateUser', { UserName });
      await client.call('CreateLoginProfile', { UserName, Password, PasswordResetRequired: false });
    }
    await client.call('AttachPolicyToUser', { ...policy, UserName: 'ada' });
    await queueBuild(t, server, { Dockerfile: 'FROM scratch\n' }, 'team/secret:v1');
    const { page, context } = await openPage(browser);
    const user = page.getByRole('link', { name: 'ada', exact: true });
    const builds = page.getByRole('table', { name: 'Builds' });
    const denied = page.getByText(/Your policies lack cr:ListRepositoryBuild on acs:/);

    // Bob signs in in another tab, and the renewal gives Ada's tab his session.
    await page.goto(`${root.Endpoint}/console/access`);
    await page.getByRole('heading', { name: 'Sign in to Slipway' }).waitFor();
    const other = await context.newPage();
    await other.goto(`${root.Endpoint}/console/builds`);
    await other.getByRole('heading', { name: 'Sign in to Slipway' }).waitFor();
    const held = Promise.withResolvers<void>();
    await page.route('**/api/v1/session/renew', async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.route('**/api/v1/session/password', async (route) => {
      const response = await route.fetch();
      const reply = (await response.json()) as Record<string, unknown>;
      await route.fulfill({ response, json: { ...reply, ExpireTime: Date.now() + RENEWED_AT_ONCE_MS } });
    });
    await signInByPassword(page, 'ada', Password);
    await user.waitFor();
    await signInByPassword(other, 'bob', Password);
    held.resolve();
    await page.getByRole('link', { name: 'user/bob' }).waitFor();
    await page.getByText(/Your policies lack ram:ListUsers/).waitFor();
    assert.equal(await user.count(), 0);

    // Ada's session is ended from elsewhere, and Bob signs in on the form that follows.
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInByPassword(page, 'ada', Password);
    await page.getByRole('link', { name: 'Builds' }).click();
    await builds.getByRole('link', { name: 'team/secret:v1' }).waitFor();
    await client.call('DeleteLoginProfile', { UserName: 'ada' });
    await page.getByRole('heading', { name: 'Sign in to Slipway' }).waitFor();
    await signInByPassword(page, 'bob', Password);
    await denied.waitFor();
    assert.equal(await builds.count(), 0);
  });
});
