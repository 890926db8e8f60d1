import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiChecker } from '../support/api/openapi.ts';
import { faultsOf, noBrowser, openPage, openTab, signIn, signInByPassword, startBrowser } from '../support/browser.ts';
import { startDemoProject } from '../support/projects/demo-project.ts';
import { openTimeline } from '../support/timeline.ts';
import { checkAccessible } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'every page of the console: runs with SLIPWAY_TEST_LONG=1';

test('every page of the console works, by role and visible text, for everything the API offers', {
  skip: SKIP || noBrowser,
}, async (t) => {
  const { server, good, failed } = await startDemoProject(t);
  const { root, client } = server;
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server);

  await t.test('the replies that home and the tags use match the API document', async () => {
    const api = await apiChecker(server);
    const { Buckets } = await api.get('/builds/statistics', {}, { period: 'week', repository: 'team/shop' });
    const last = (Buckets as { Succeeded: number; MeanDuration: number }[]).at(-1);
    assert.ok(last?.Succeeded === 1 && last.MeanDuration > 0, JSON.stringify(last));
    const { Tags } = await api.get('/repositories/{namespace}/{name}/tags', { namespace: 'team', name: 'shop' });
    const [tag] = Tags as { Tag: string; BuildRecordId: string }[];
    assert.deepEqual([tag?.Tag, tag?.BuildRecordId], ['latest', good.BuildRecordId]);
  });

  await t.test('home shows the builds, their success rate, and charts of their trends', async () => {
    await page.getByText('No builds are running.').waitFor();
    const recent = page.getByRole('table', { name: 'Recent builds' });
    await recent.getByRole('link', { name: 'team/shop:latest' }).waitFor();
    await page.getByText('50 %').waitFor();
    for (const name of [/^Builds\. .*: 2/, /^Mean duration\. .* s/, /^Mean wait in the queue\. .* s/])
      await page.getByRole('img', { name }).waitFor();
    await page.getByRole('link', { name: '30 days' }).click();
    await page.getByRole('img', { name: /^Builds\. \w{3} \d+: 2$/ }).waitFor();
  });

  await t.test('a repository links to its builds, and shows tags with their pull commands', async () => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Repositories' }).click();
    await page.getByRole('searchbox', { name: 'Part of the name' }).fill('team/sho');
    await page.getByRole('link', { name: 'team/shop' }).click();
    await page.getByRole('heading', { name: 'team/shop' }).waitFor();
    await page.getByRole('table', { name: 'Builds' }).getByRole('link', { name: 'team/shop:latest' }).waitFor();
    await openTab(page, 'Tags');
    const tags = page.getByRole('region', { name: 'Tags' });
    await tags.getByText(`docker pull ${new URL(root.Endpoint).host}/team/shop:latest`).waitFor();
    await tags.getByRole('link', { name: /^built / }).waitFor();
    await tags.getByRole('button', { name: 'Delete latest' }).click();
    await tags.getByRole('button', { name: 'Delete latest?' }).click();
    await tags.getByText('No tags yet').waitFor();
    await tags.getByText('Deleted or overwritten: 1').click();
    await tags.getByRole('button', { name: /^Restore latest/ }).click();
    await tags.getByRole('link', { name: /^built / }).waitFor();
    await tags.getByText('Deleted or overwritten').waitFor({ state: 'detached' });
  });

  await t.test(
    'a namespace and its repository can be created and changed, and an empty namespace can be deleted',
    async () => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Repositories' }).click();
      const namespaces = page.getByRole('region', { name: 'Namespaces' });
      for (const name of ['Tools', 'tools', 'spare']) {
        await namespaces.getByRole('button', { name: 'New namespace' }).click();
        await namespaces.getByLabel('Name', { exact: true }).fill(name);
        await namespaces.getByRole('button', { name: 'Create namespace' }).click();
        if (name === 'Tools') {
          await namespaces.getByText(/parameter "NamespaceName" is not valid/).waitFor();
          await namespaces.getByRole('button', { name: 'Close' }).click();
          await namespaces.getByText('Discard changes?').click();
        } else await namespaces.getByRole('listitem').filter({ hasText: name }).waitFor();
      }
      await namespaces.getByRole('button', { name: 'Change spare' }).click();
      await namespaces.getByLabel('Create a repository when an image is pushed to it').check();
      await namespaces.getByRole('button', { name: 'Save namespace' }).click();
      const spare = namespaces.getByRole('listitem').filter({ hasText: 'spare' });
      await spare.getByText('a push creates private repositories').waitFor();
      await spare.getByRole('button', { name: 'Delete namespace spare' }).click();
      await spare.getByText('Delete it?').click();
      await spare.waitFor({ state: 'detached' });

      await page.getByRole('button', { name: 'New repository' }).click();
      await page.getByLabel('Namespace', { exact: true }).selectOption('tools');
      await page.getByLabel('Name', { exact: true }).fill('hammer');
      await page.getByLabel('Summary').fill('x'.repeat(101));
      await page.getByRole('button', { name: 'Create repository' }).click();
      await page.getByText(/parameter "Summary" is not valid/).waitFor();
      await page.getByLabel('Summary').fill('hits things');
      await page.getByRole('button', { name: 'Create repository' }).click();
      await page.getByRole('heading', { name: 'tools/hammer' }).waitFor();
      await page.getByText('No builds yet').waitFor();
      await openTab(page, 'Settings');
      await page.getByRole('button', { name: 'Change repository' }).click();
      await page.getByLabel('Who can pull').selectOption('PUBLIC');
      await page.getByLabel('Summary').fill('hits nails');
      await page.getByRole('button', { name: 'Save repository' }).click();
      await page.getByText('hits nails').waitFor();
      await page.getByText('public', { exact: true }).waitFor();

      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Repositories' }).click();
      await namespaces.getByRole('button', { name: 'Delete namespace tools' }).click();
      await namespaces.getByText('Delete it?').click();
      await namespaces.getByText('NAMESPACE_NOT_EMPTY').waitFor();
      await page.goto(`${root.Endpoint}/console/repositories/team/shop`);
    },
  );

  await t.test('a rule is made, changed and deleted; what the API says of a field is beside it', async () => {
    await openTab(page, 'Rules');
    const rules = page.getByRole('region', { name: 'Build rules' });
    await rules.getByRole('button', { name: 'New rule' }).click();
    await rules.getByLabel('Branch or tag').fill('release-v$version');
    await rules.getByLabel('Image tag').fill('$versoin');
    await rules.getByRole('button', { name: 'Create rule' }).click();
    await rules.getByText(/parameter "ImageTag" is not valid/).waitFor();
    assert.equal(await rules.getByLabel('Image tag').getAttribute('aria-invalid'), 'true');
    await rules.getByLabel('Image tag').fill('$version');
    await rules.getByRole('button', { name: 'Create rule' }).click();
    const row = rules.getByRole('listitem').filter({ hasText: 'release-v$version' });
    await row.getByRole('button', { name: 'Change' }).click();
    await row.getByLabel('Build arguments').fill('A=1\nB=2');
    await row.getByRole('button', { name: 'Save rule' }).click();
    await row.getByRole('form', { name: 'Save rule' }).waitFor({ state: 'detached' });
    const { InstanceId, RepoId } = good;
    const { BuildRules = [] } = await client.call('ListRepoBuildRule', { InstanceId, RepoId });
    const [made] = BuildRules.filter((rule) => rule.ImageTag === '$version');
    assert.deepEqual(made?.BuildArgs, ['A=1', 'B=2']);
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.getByText('Delete it?').click();
    await row.waitFor({ state: 'detached' });
  });

  await t.test('a trigger is made, gets a new secret that is shown once, and is deleted', async () => {
    await openTab(page, 'Triggers');
    const triggers = page.getByRole('region', { name: 'Triggers' });
    await triggers.getByRole('button', { name: 'New trigger' }).click();
    await triggers.getByLabel('Name', { exact: true }).fill('deploy');
    await triggers.getByLabel('Address').fill('ftp://ci.example/');
    await triggers.getByRole('button', { name: 'Create trigger' }).click();
    await triggers.getByText(/parameter "TriggerUrl" is not valid/).waitFor();
    await triggers.getByLabel('Address').fill('https://ci:s3cret@ci.example/hook');
    await triggers.getByRole('button', { name: 'Create trigger' }).click();
    const row = triggers.getByRole('listitem').filter({ hasText: 'https://***@ci.example/hook' });
    await row.getByRole('button', { name: 'New secret deploy' }).click();
    await row.getByText('Replace the secret?').click();
    await row.getByText(/^whsec_/).waitFor();
    await row.getByRole('button', { name: 'Delete trigger deploy' }).click();
    await row.getByText('Delete it?').click();
    await row.waitFor({ state: 'detached' });
  });

  await t.test('the source can be changed', async () => {
    await openTab(page, 'Source');
    const source = page.getByRole('region', { name: 'Source' });
    await source.getByText('GitLab').waitFor();
    await source.getByRole('button', { name: 'Change source' }).click();
    await source.getByLabel('Build on each push').uncheck();
    await source.getByRole('button', { name: 'Save source' }).click();
    await source.getByText('do not start builds').waitFor();
  });

  await t.test('a rule can be built from its page, and its build rebuilt from the build’s page', async () => {
    await openTab(page, 'Rules');
    await page.getByRole('region', { name: 'Build rules' }).getByRole('button', { name: 'Build now' }).click();
    await page.waitForURL(/\/builds\/[0-9a-f-]{36}$/);
    const first = page.url();
    await page.locator('.status-success').waitFor();
    const about = page.getByRole('list', { name: 'About this build' });
    for (const said of ['First commit', 'by Ada', 'main', /^Rule run by the account’s owner/, /^\d.* s$/])
      await about.getByText(said).first().waitFor();
    const details = page.locator('#build-details');
    assert.equal(await details.getByText('Attempt').count(), 0, 'what few readers need is hidden');
    await page.getByRole('button', { name: 'Details' }).click();
    for (const name of ['Digest', 'Commit', 'Attempt']) await details.getByText(name, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Rebuild' }).click();
    await page.waitForURL((url) => /\/builds\/[0-9a-f-]{36}$/.test(url.pathname) && url.href !== first);
    await page.locator('.status-success').waitFor();
    await (await openTimeline(page)).getByText('cached').first().waitFor();
  });

  await t.test('the explorer finds, explains and calls an operation, and writes it as code', async () => {
    await page.getByRole('link', { name: 'API' }).click();
    await page.getByRole('searchbox', { name: 'Find an operation' }).fill('recordlog');
    await page.getByRole('link', { name: 'ListRepoBuildRecordLog' }).click();
    await page.getByText('cr:GetRepositoryBuildLog').waitFor();
    await page.getByLabel(/^RepoId/).fill(good.RepoId);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    const reply = page.getByRole('region', { name: 'Reply of the server' });
    await reply.getByText(/"Code": "MissingParameter"/).waitFor();
    await page.getByLabel(/^BuildRecordId/).fill(good.BuildRecordId);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await reply.getByText('"Message": "fetch stage begin"').waitFor();
    await reply.getByText(/^200 in [\d.]+ ms/).waitFor();
    await page.getByText('Errors', { exact: true }).click();
    await page.getByRole('cell', { name: 'BUILD_LOG_EXPIRED' }).waitFor();
    assert.match(page.url(), new RegExp(`BuildRecordId=${good.BuildRecordId}`));

    const code = page.getByRole('region', { name: 'The same call as code' });
    for (const language of ['TypeScript', 'Python', 'Go', 'Java', 'CLI', 'curl']) {
      await code.getByRole('button', { name: language, exact: true }).click();
      await code.getByText(good.BuildRecordId).waitFor();
    }
    await code.getByRole('button', { name: 'Python', exact: true }).click();
    await code.getByText('urllib.request').first().waitFor();
    // Samples are coloured.
    await code.locator('.code-keyword', { hasText: 'import' }).first().waitFor();
    await code.locator('.code-string').first().waitFor();
    await code.getByLabel('Using the vendor’s client').check();
    await code.getByText('alibabacloud_tea_openapi').first().waitFor();
  });

  const faults = faultsOf(errors, [400, 409]);
  assert.deepEqual(faults, []);

  await t.test('a reader is offered only reading, and a refusal names the missing action', async () => {
    const policy = {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['cr:GetRepository*', 'cr:ListRepository', 'cr:ListRepositoryBuildRule', 'cr:GetSourceRepository'],
          Resource: '*',
        },
      ],
    };
    await client.call('CreateUser', { UserName: 'reader' });
    await client.call('CreatePolicy', { PolicyName: 'reads', PolicyDocument: JSON.stringify(policy) });
    await client.call('AttachPolicyToUser', { UserName: 'reader', PolicyName: 'reads', PolicyType: 'Custom' });
    const profile = { UserName: 'reader', Password: 'first-password', PasswordResetRequired: true };
    await client.call('CreateLoginProfile', profile);
    const reader = await openPage(browser);
    await reader.page.goto(`${root.Endpoint}/console/builds/${failed.BuildRecordId}`);
    await signInByPassword(reader.page, 'reader', 'first-password', 'second-password');
    await reader.page.getByRole('region', { name: 'Why it failed' }).waitFor();
    await reader.page.goto(`${root.Endpoint}/console/builds/${good.BuildRecordId}`);
    await reader.page.locator('.row .text').first().waitFor();
    assert.equal(await reader.page.getByRole('button', { name: 'Rebuild' }).count(), 0);
    await reader.page.goto(`${root.Endpoint}/console/repositories/team/shop`);
    await reader.page.getByText(/Your policies lack cr:ListRepositoryBuild on acs:/).waitFor();
    for (const [tab, shown, buttons] of [
      ['Tags', /Your policies lack cr:ListRepositoryTag on acs:/, ['Delete', 'Copy tag']],
      ['Rules', 'main', ['New rule', 'Build now', 'Change', 'Delete']],
      ['Source', 'GitLab', ['Change source', 'Test the connection', 'Make a webhook']],
      ['Replication', /Your policies lack cr:ListSyncRule on acs:/, ['New replication rule']],
      ['Security', /Your policies lack cr:ListChain on acs:/, ['New delivery chain', 'New scan rule']],
      ['Settings', 'Users with the right to pull', ['Change repository', 'Delete repository…']],
    ] as const) {
      await openTab(reader.page, tab);
      await reader.page.getByText(shown).first().waitFor();
      for (const name of buttons) assert.equal(await reader.page.getByRole('button', { name }).count(), 0, name);
    }
    assert.equal(await reader.page.getByRole('alert').count(), 0, 'a missing right is no fault');
    await reader.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Repositories' }).click();
    await reader.page.getByText(/Your policies lack cr:ListNamespace on acs:/).waitFor();
    assert.equal(await reader.page.getByRole('button', { name: /^New (namespace|repository)/ }).count(), 0);
    for (const name of ['Builds', 'Home']) {
      await reader.page.getByRole('link', { name }).click();
      await reader.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor({ state: 'attached' });
      const lacks = reader.page.getByText(/Your policies lack cr:ListRepositoryBuild on acs:/);
      await lacks.first().waitFor();
      assert.equal(await lacks.count(), 1, `${name} says once which right is missing`);
    }
    await reader.page.getByRole('button', { name: 'Sign out' }).click();
    await signInByPassword(reader.page, 'reader', 'second-password');
  });

  await t.test(
    'axe finds no problems in the light theme on a wide screen and in the dark theme on a narrow one',
    async () => {
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 360],
      ] as const) {
        const looked = await signIn(browser, server, '/console/', { colorScheme, viewport: { width, height: 740 } });
        await looked.page.getByRole('img', { name: /^Builds\. / }).waitFor();
        await checkAccessible(looked.page, `home, ${width}`);
        await looked.page.goto(`${root.Endpoint}/console/repositories/team/shop/rules`);
        await looked.page.getByRole('button', { name: 'New rule' }).click();
        await checkAccessible(looked.page, `rules of a repository, ${width}`);
        await openTab(looked.page, 'Tags');
        await looked.page.getByText('docker pull').first().waitFor();
        await checkAccessible(looked.page, `tags of a repository, ${width}`);
        await looked.page.goto(`${root.Endpoint}/console/repositories`);
        await looked.page.getByRole('button', { name: 'New repository' }).click();
        await looked.page.getByRole('button', { name: 'New namespace' }).click();
        await checkAccessible(looked.page, `repositories, ${width}`);
        await looked.page.goto(`${root.Endpoint}/console/explorer`);
        await looked.page.getByRole('table').first().waitFor();
        await checkAccessible(looked.page, `coverage, ${width}`);
        await looked.page.goto(`${root.Endpoint}/console/explorer/CreateRepoBuildRule`);
        await looked.page.getByText('String to sign, step by step').click();
        await looked.page.getByText('Reply', { exact: true }).click();
        await looked.page.getByText('Errors', { exact: true }).click();
        await checkAccessible(looked.page, `operation, ${width}`);
        await looked.page.context().close();
      }
    },
  );
});
