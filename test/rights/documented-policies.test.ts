import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Client, createClient } from '../../client/src/client.ts';
import { parsePolicy } from '../../server/src/ram/policy.ts';
import { faultsOf, fillSignIn, openPage, startBrowser } from '../support/browser.ts';
import { isFinal, waitForStatus } from '../support/log-reader.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { queueBuild } from '../support/queue-build.ts';
import { type Ended, firstUuid, native, ROOT, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'builds and opens a browser: runs in the longer tier';

const PAGE = readFileSync(join(ROOT, 'docs', 'permissions.md'), 'utf8');
const PASSWORD = 'a-first-Password-1';

test('the policies on the page are those in examples/policies, and follow the grammar', () => {
  for (const [title, file] of [
    ['A policy for CI', 'ci.json'],
    ['A policy for readers', 'reader.json'],
  ] as const) {
    const shown = blocksOf(title)[0] ?? '';
    assert.equal(shown, readFileSync(join(ROOT, 'examples', 'policies', file), 'utf8'), file);
    parsePolicy(shown);
  }
});

test('with the commands on the page, the policies for CI and for readers allow what the page says, and nothing more', {
  skip,
}, async (t) => {
  const host = await startGitHost(t);
  host.addRepository('team/app', { Dockerfile: 'FROM busybox\nRUN true\n' });
  const server = await startServer(t, { flags: ['--source-url-gitlab', host.url, '--allow-addresses', '127.0.0.0/8'] });
  const { client, root, dataFolder } = server;
  const { InstanceId } = root;
  const secret = await queueBuild(
    t,
    server,
    { Dockerfile: 'FROM busybox\nRUN echo of nobody else\n' },
    'secret/vault:latest',
  );
  assert.equal(await waitForStatus(client, secret, isFinal), 'SUCCESS');
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const BuildRuleId = String((await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule })).BuildRuleId);
  const passwordFile = join(temporaryFolder(t), 'password.txt');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  const asOwner = { SLIPWAY_DATA: dataFolder };

  /** Runs the lines of a block as they are there, with ids in place of its words in capitals. */
  const runBlock = async (block: string, env: Record<string, string>, places: Record<string, string> = {}) => {
    let last = '';
    for (const line of block.trimEnd().split('\n')) {
      const words = line.replace('password.txt', passwordFile).split(' ').slice(1);
      const args = words.map((word) => word.replace(/\b(ID|INSTANCE|REPO|RULE)$/, (place) => places[place] ?? place));
      const ended = await slipway(args, { env });
      assert.equal(ended.code, 0, `${line}\n${ended.stdout}\n${ended.stderr}`);
      last = ended.stdout;
      if (args[0] === 'build' && places.ID === undefined) places.ID = firstUuid(last);
    }
    return last;
  };
  const keyOf = (stdout: string) =>
    Object.fromEntries(
      [...stdout.matchAll(/^(SLIPWAY_\w+)=(\S+)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
    );
  const asHolder = (pair: Record<string, string>) => ({ ...asOwner, ...pair, SLIPWAY_ENDPOINT: root.Endpoint });
  const clientOf = (pair: Record<string, string>): Client =>
    createClient({
      endpoint: root.Endpoint,
      accessKeyId: pair.SLIPWAY_ACCESS_KEY_ID ?? '',
      accessKeySecret: pair.SLIPWAY_ACCESS_KEY_SECRET ?? '',
    });
  const places: Record<string, string> = { INSTANCE: InstanceId, REPO: RepoId, RULE: BuildRuleId };

  await t.test(
    'CI builds into an existing repository, from the command line and by rule, and reads the logs',
    async () => {
      const [, setUp = '', use = ''] = blocksOf('A policy for CI');
      const pair = keyOf(await runBlock(setUp, asOwner));
      await runBlock(use, asHolder(pair), places);
      await everyBuildEnds(client, { InstanceId, RepoId });
      const ci = clientOf(pair);
      await ci.call('GetRepoBuildRecord', { InstanceId, BuildRecordId: places.ID ?? '' });
      await readsNothingElse(ci, secret);
      const refused = async (...args: string[]): Promise<Ended> => {
        const ended = await slipway(args, { env: asHolder(pair) });
        assert.equal(ended.code, 3, ended.stdout);
        return ended;
      };
      const place = `acs:cr:${root.RegionId}:${root.AccountId}:repository/${InstanceId}`;
      const needs = (action: string, name: string) => `It needs ${action} on ${place}${name}. (RequestId `;
      const other = await refused('build', 'examples/hello', '--tag', 'secret/vault:v2');
      assert.ok(other.stderr.includes(needs('cr:BuildRepositoryByRule', '/secret/vault')), other.stderr);
      const absent = await refused('build', 'examples/hello', '--tag', 'secret/none:v2');
      assert.ok(absent.stderr.includes(needs('cr:BuildRepositoryByRule', '/secret/none')), absent.stderr);
      const made = await refused('build', 'examples/hello', '--tag', 'team/new:v1');
      assert.ok(made.stderr.includes(needs('cr:CreateRepository', '/team')), made.stderr);
      const ids = [`InstanceId=${InstanceId}`, 'BuildRuleId=crbr-none'];
      for (const id of [secret.RepoId, 'crr-none']) {
        const rebuilt = await refused('call', 'CreateBuildRecordByRule', ...ids, `RepoId=${id}`);
        const unnamed = needs('cr:BuildRepositoryByRule', '/*/*');
        assert.ok(rebuilt.stderr.includes(unnamed), rebuilt.stderr);
      }
    },
  );

  await t.test(
    'a reader lists, reads and explains builds, and opens them in the console without a call that fails',
    async () => {
      const failing = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN exit 9\n' }, 'team/app:v1');
      assert.equal(await waitForStatus(client, failing, isFinal), 'FAILED');
      const [, setUp = '', use = ''] = blocksOf('A policy for readers');
      const pair = keyOf(await runBlock(setUp, asOwner));
      await runBlock(use, asHolder(pair), { ...places, ID: failing.BuildRecordId });
      const reader = clientOf(pair);
      await readsNothingElse(reader, secret);
      const { Builds } = await native(reader, '/api/v1/builds');
      const listed = new Set((Builds as { Repository: string }[]).map((build) => build.Repository));
      assert.deepEqual([...listed], ['team/app']);

      const { page, errors } = await openPage(await startBrowser(t));
      const failed: string[] = [];
      page.on('response', (response) => {
        if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(`http://localhost:${new URL(root.Endpoint).port}/console/`);
      await page.getByRole('button', { name: 'Console password' }).click();
      await page.getByLabel('User name').fill('ana');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      await page.getByRole('region', { name: 'Recent' }).getByRole('link', { name: 'team/app:v1' }).first().click();
      await page.getByRole('region', { name: 'Why it failed' }).getByText('exit code 9').first().waitFor();
      await page.locator('.row.error-row').getByText('exit code 9').waitFor();
      await page.getByRole('button', { name: 'Unfold all' }).click();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByText('fetch stage begin').first().waitFor();
      await page.getByRole('region', { name: 'Stages and steps' }).getByText('failed').first().waitFor();
      assert.deepEqual(failed, []);
      assert.deepEqual(errors, []);
    },
  );

  await t.test(
    'the commands that the README names for a colleague who reads logs give a working console: the log, and elsewhere one sentence with the missing action',
    async () => {
      const failing = await queueBuild(
        t,
        server,
        { Dockerfile: 'FROM busybox\nRUN echo in the log; exit 9\n' },
        'team/app:v2',
      );
      assert.equal(await waitForStatus(client, failing, isFinal), 'FAILED');
      const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
      const [, first = ''] = /^\| let a colleague read logs, and nothing else \| `(.+?)`/m.exec(readme) ?? [];
      const [recipe = ''] = blocksOf('# Who may do what');
      assert.equal(
        recipe.split('\n')[0],
        first,
        'the README has the first command, and the page that it links the others',
      );
      const pair = keyOf(await runBlock(recipe, asOwner));

      const { page, errors } = await openPage(await startBrowser(t));
      const open = (path: string) => page.goto(`${root.Endpoint}/console${path}`);
      await open(`/builds/${failing.BuildRecordId}`);
      await fillSignIn(page, pair.SLIPWAY_ACCESS_KEY_ID ?? '', pair.SLIPWAY_ACCESS_KEY_SECRET ?? '');
      await page.getByText('in the log', { exact: true }).first().waitFor();
      await page.getByText(/^Your policies lack cr:GetRepositoryBuildRecord on acs:.* Ask an administrator/).waitFor();
      await page.getByRole('searchbox', { name: 'Search the log' }).fill('in the log');
      await page.getByText(/^\d+ found$/).waitFor();
      assert.equal(await page.getByRole('alert').count(), 0, 'a missing right is no fault');
      const lacks = page.getByText(/Your policies lack \S+ on /);
      for (const path of [
        ...['/', '/builds', '/search?q=log', '/repositories', '/repositories/team/app', '/charts', '/registry'],
        ...['/access', '/audit', '/system', '/account'],
      ]) {
        await open(path);
        await lacks.first().waitFor();
        await page.locator('#content .skeleton').first().waitFor({ state: 'detached' });
        const said = await lacks.allTextContents();
        assert.equal(new Set(said).size, said.length, `${path} says once what is missing: ${said.join(' ')}`);
        assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0, path);
        assert.equal(await page.getByRole('alert').count(), 0, `${path}: a missing right is no fault`);
      }
      assert.deepEqual(faultsOf(errors, [403]), []);
    },
  );
});

/** The code blocks of a chapter of the page. */
function blocksOf(title: string): string[] {
  const chapter = PAGE.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  return [...chapter.matchAll(/^```.*\n([^`]*)^```$/gm)].map(([, block = '']) => block);
}

async function everyBuildEnds(client: Client, repository: { InstanceId: string; RepoId: string }): Promise<void> {
  const { BuildRecords = [] } = await client.call('ListRepoBuildRecord', repository);
  assert.equal(BuildRecords.length, 2);
  for (const { BuildRecordId = '' } of BuildRecords)
    assert.equal(await waitForStatus(client, { ...repository, BuildRecordId }, isFinal), 'SUCCESS');
}

/** Nothing about another namespace is revealed: what exists is refused exactly like what does not. */
async function readsNothingElse(client: Client, secret: { InstanceId: string; RepoId: string; BuildRecordId: string }) {
  const { InstanceId } = secret;
  const absent = { RepoId: 'crr-none', BuildRecordId: '00000000-0000-4000-8000-000000000000' };
  const answer = async (path: string) => {
    const response = await client.fetch(path);
    const { RequestId: _, ...body } = (await response.json()) as Record<string, unknown>;
    return [response.status, body];
  };
  const both: [there: string, not: string][] = [
    [`/builds/${secret.BuildRecordId}`, `/builds/${absent.BuildRecordId}`],
    ...['/builds', '/builds/statistics', '/log/search'].map((path): [string, string] => [
      `${path}?repository=secret/vault${path === '/log/search' ? '&q=x' : ''}`,
      `${path}?repository=secret/none${path === '/log/search' ? '&q=x' : ''}`,
    ]),
    ['/repositories/secret/vault/tags', '/repositories/secret/none/tags'],
    ['/secrets?repository=secret/vault', '/secrets?repository=secret/none'],
  ];
  for (const [there, not] of both) {
    const [is, isNot] = [await answer(`/api/v1${there}`), await answer(`/api/v1${not}`)];
    assert.equal(is[0], 403, there);
    assert.equal(JSON.stringify(is).replaceAll('secret/vault', 'secret/none'), JSON.stringify(isNot), there);
  }
  const refusal = (action: string, params: Record<string, string>) =>
    client.callAny(action, { InstanceId, ...params }).then(
      () => 'answered',
      (error: { code: string; deniedResource: string }) => `${error.code} ${error.deniedResource}`,
    );
  for (const action of [
    'GetRepository',
    'ListRepoBuildRecord',
    'GetRepoBuildRecord',
    'GetRepoBuildRecordStatus',
    'CancelRepoBuildRecord',
    'CreateBuildRecordByRecord',
  ]) {
    const { RepoId, BuildRecordId } = secret;
    const is = await refusal(action, { RepoId, BuildRecordId });
    assert.match(is, /^NoPrivilege acs:\S+\/\*$/, action);
    assert.equal(is, await refusal(action, absent), action);
  }
}
