import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type Client, createClient } from '../../client/src/client.ts';
import { type BuildKey, isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, startServer, type TestServer } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs about thirty builds: in the longer tier';

const BUILD_TEAM = statement(['cr:Build*', 'cr:Get*', 'cr:Update*', 'cr:CreateRepositoryBuildRule'], 'team/*');
const PULL_LIBRARY = statement(['cr:PullRepository'], 'library/*');
const PULL_SECRET = statement(['cr:PullRepository'], 'secret/*');

test('a build reads images of this registry with the rights of anyone who asked for it, however it names them', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: ['--allow-addresses', '127.0.0.0/8,::1/128'] });
  const { client, root } = server;
  const { host, port } = new URL(root.Endpoint);
  const eve = asUser(server, await makeUser(client, 'eve', [BUILD_TEAM, PULL_LIBRARY]));
  const build = async (as: TestServer, Dockerfile: string, image = 'team/app:latest') => {
    const key = await queueBuild(t, as, { Dockerfile }, image);
    return ended(client, key);
  };
  const vault = await build(server, 'FROM busybox\nRUN echo treasure >/treasure\n', 'secret/vault:latest');
  assert.equal(vault.status, 'SUCCESS', vault.text);
  const { ImageDigest } = await native(client, `/api/v1/builds/${vault.key.BuildRecordId}`);
  // From now on it is in the store of bases, and its layers are in the store of the repository.
  const opened = `FROM ${host}/secret/vault\nRUN cp /treasure /stolen\n`;
  const first = await build(server, opened);
  assert.equal(first.status, 'SUCCESS', first.text);

  const copy = 'COPY --from=X /treasure /stolen\nRUN cat /stolen\n';
  const mount = 'RUN --mount=type=bind,from=X,target=/x cat /x/treasure\n';
  const forms: Record<string, string> = {
    FROM: opened,
    'a digest': opened.replace('secret/vault', `secret/vault@${ImageDigest}`),
    'an argument': `ARG PLACE=${host}/secret\nFROM $PLACE/vault\nRUN cat /treasure\n`,
    'COPY --from': `FROM busybox\n${copy.replace('X', `${host}/secret/vault`)}`,
    'RUN --mount': `FROM busybox\n${mount.replace('X', `${host}/secret/vault`)}`,
    'the last image of the repository': `FROM busybox AS LOCALHOST/RESULT\nFROM busybox\nRUN --mount=type=bind,from=localhost/result,target=/x cat /x/stolen\n`,
  };
  for (const name of ['localhost', 'LOCALHOST', '127.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]'])
    forms[name] = `FROM ${name}:${port}/secret/vault\nRUN cat /treasure\n`;
  for (const [form, Dockerfile] of Object.entries(forms)) {
    const { status, text } = await build(eve, Dockerfile);
    assert.equal(status, 'FAILED', `${form}: ${text}`);
    assert.doesNotMatch(text, /^treasure$/m, form);
  }
  const refused = await build(eve, opened);
  const resource = (name: string) => `acs:cr:${root.RegionId}:${root.AccountId}:repository/${root.InstanceId}/${name}`;
  const says = `no policy allows cr:PullRepository on ${resource('secret/vault')} to acs:ram::${root.AccountId}:user/eve, who requested this build`;
  assert.ok(refused.text.includes(says), refused.text);
  const absent = await build(eve, opened.replace('vault', 'none'));
  assert.ok(
    absent.text.includes(says.replace('vault', 'none')),
    'an image that does not exist is refused the same way',
  );

  const asked = { request: refused.key.BuildRecordId };
  const { Calls } = await native(client, `/api/v1/calls?${new URLSearchParams(asked)}`);
  const noted = (Calls as Record<string, unknown>[]).map((call) => [
    call.Caller,
    call.Action,
    call.Resource,
    call.Code,
  ]);
  const arn = `acs:ram::${root.AccountId}:user/eve`;
  assert.deepEqual(noted, [[arn, 'cr:PullRepository', resource('secret/vault'), 'NoPrivilege']]);

  await attach(client, 'eve', 'more', [PULL_SECRET]);
  assert.equal((await build(eve, opened)).status, 'SUCCESS', 'the current rights apply');
  await client.call('DetachPolicyFromUser', { UserName: 'eve', PolicyName: 'more', PolicyType: 'Custom' });

  await t.test('a session of a role pulls what its role and its own policy both allow', async () => {
    const trust = statementOf('sts:AssumeRole', { Principal: { RAM: [`acs:ram::${root.AccountId}:root`] } });
    await client.call('CreateRole', { RoleName: 'ci', AssumeRolePolicyDocument: document([trust]) });
    const policy = { PolicyName: 'role', PolicyDocument: document([BUILD_TEAM, PULL_LIBRARY, PULL_SECRET]) };
    await client.call('CreatePolicy', policy);
    await client.call('AttachPolicyToRole', { RoleName: 'ci', PolicyName: 'role', PolicyType: 'Custom' });
    const RoleArn = `acs:ram::${root.AccountId}:role/ci`;
    for (const [Policy, status] of [
      [undefined, 'SUCCESS'],
      [document([BUILD_TEAM]), 'FAILED'],
    ] as const) {
      const asked = { RoleArn, RoleSessionName: 'me', ...(Policy ? { Policy } : {}) };
      const { Credentials } = await client.call('AssumeRole', asked);
      const session = asUser(server, {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        accessKeySecret: Credentials?.AccessKeySecret ?? '',
        securityToken: Credentials?.SecurityToken ?? '',
      });
      const done = await build(session, opened);
      assert.equal(done.status, status, done.text);
    }
  });
});

test('a push builds with the rights of who made the rule and of who chose the source, and anyone who starts either again adds his own', {
  skip,
}, async (t) => {
  const host = await startGitHost(t);
  const flags = ['--source-url-gitlab', host.url, '--allow-addresses', '127.0.0.0/8'];
  const server = await startServer(t, { flags });
  const { client, root, dataFolder } = server;
  const { InstanceId } = root;
  const secret = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN true\n' }, 'secret/vault:latest');
  assert.equal(await waitForStatus(client, secret, isFinal), 'SUCCESS');
  const commit = host.addRepository('team/app', { Dockerfile: `FROM ${new URL(root.Endpoint).host}/secret/vault\n` });
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const bind = { Effect: 'Allow', Action: 'cr:CreateSourceRepository', Resource: '*' };
  const bob = asUser(server, await makeUser(client, 'bob', [BUILD_TEAM, PULL_SECRET, bind])).client;
  const eve = asUser(server, await makeUser(client, 'eve', [BUILD_TEAM, bind])).client;
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  const here = { InstanceId, RepoId };
  await bob.call('CreateRepoSourceCodeRepo', { ...here, ...code, AutoBuild: true });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const BuildRuleId = String((await bob.call('CreateRepoBuildRule', { ...here, ...rule })).BuildRuleId);
  const { Url, Secret } = await native(client, '/api/v1/repositories/team/app/hook', {});
  const push = async () => {
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      after: commit,
      repository: { full_name: 'team/app' },
      n: randomUUID(),
    });
    const headers = {
      'content-type': 'application/json',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', String(Secret)).update(body).digest('hex')}`,
    };
    const reply = (await (await fetch(String(Url), { method: 'POST', headers, body })).json()) as {
      Builds: { BuildRecordId: string }[];
    };
    return ended(client, { ...here, BuildRecordId: reply.Builds[0]?.BuildRecordId ?? '' });
  };
  const fails = async (says: RegExp) => {
    const { status, text } = await push();
    assert.equal(status, 'FAILED', text);
    assert.match(text, says);
  };

  const good = await push();
  const arn = `acs:ram::${root.AccountId}:user/bob`;
  assert.deepEqual((await native(client, `/api/v1/builds/${good.key.BuildRecordId}`)).Requesters, [
    { Part: 'rule', Arn: arn },
    { Part: 'source', Arn: arn },
  ]);
  assert.equal(good.status, 'SUCCESS', good.text);

  await eve.call('UpdateRepoSourceCodeRepo', { ...here, ...code });
  await fails(
    /no policy allows cr:PullRepository on acs:\S+secret\/vault to \S+user\/eve, who made or last changed the source/,
  );
  await bob.call('UpdateRepoSourceCodeRepo', { ...here, ...code });
  await eve.call('UpdateRepoBuildRule', { ...here, BuildRuleId, ...rule });
  await fails(
    /no policy allows cr:PullRepository on acs:\S+secret\/vault to \S+user\/eve, who made or last changed its build rule/,
  );
  await bob.call('UpdateRepoBuildRule', { ...here, BuildRuleId, ...rule });
  assert.equal((await push()).status, 'SUCCESS');

  const rebuilt = await eve.call('CreateBuildRecordByRecord', good.key);
  const again = await ended(client, { ...here, BuildRecordId: String(rebuilt.BuildRecordId) });
  assert.equal(again.status, 'FAILED', again.text);
  assert.match(again.text, /user\/eve, who requested this build/);
  const byRule = await eve.call('CreateBuildRecordByRule', { ...here, BuildRuleId });
  assert.equal((await ended(client, { ...here, BuildRecordId: String(byRule.BuildRecordId) })).status, 'FAILED');
  await eve.call('UpdateRepoBuildRule', { ...here, BuildRuleId, ...rule });
  const byOwner = await client.call('CreateBuildRecordByRule', { ...here, BuildRuleId });
  const ofEve = await ended(client, { ...here, BuildRecordId: String(byOwner.BuildRecordId) });
  assert.match(
    ofEve.text,
    /to \S+user\/eve, who made or last changed its build rule/,
    'a caller cannot lend rights to others',
  );
  await bob.call('UpdateRepoBuildRule', { ...here, BuildRuleId, ...rule });

  await client.call('DetachPolicyFromUser', { UserName: 'bob', PolicyName: 'bob', PolicyType: 'Custom' });
  await fails(/no policy allows cr:BuildRepositoryByRule on acs:\S+team\/app to \S+user\/bob/);
  const { AccessKeys } = await client.call('ListAccessKeys', { UserName: 'bob' });
  for (const { AccessKeyId = '' } of AccessKeys?.AccessKey ?? [])
    await client.call('DeleteAccessKey', { UserName: 'bob', UserAccessKeyId: AccessKeyId });
  await client.call('DeleteUser', { UserName: 'bob' });
  await fails(/user\/bob, who made or last changed its build rule, no longer exists.*UpdateRepoBuildRule/);
  await makeUser(client, 'bob', [BUILD_TEAM, PULL_SECRET]);
  await fails(/user\/bob, who made or last changed its build rule, no longer exists/);
  await client.call('UpdateRepoBuildRule', { ...here, BuildRuleId, ...rule });
  await fails(/user\/bob, who made or last changed the source of its repository, no longer exists/);
  await client.call('UpdateRepoSourceCodeRepo', { ...here, ...code });
  assert.equal((await push()).status, 'SUCCESS');

  using db = new DatabaseSync(join(dataFolder, 'db', 'slipway.sqlite'));
  db.exec('pragma busy_timeout = 5000; update build_rule set requester = null');
  await fails(
    /it is not known who made or last changed its build rule, so nobody is allowed cr:PullRepository.*UpdateRepoBuildRule/,
  );
});

/** The result of a build, with the text of its log. */
async function ended(client: Client, key: BuildKey): Promise<{ key: BuildKey; status: string; text: string }> {
  const status = await waitForStatus(client, key, isFinal);
  const text = (await readLog(client, key)).map((line) => line.Message).join('\n');
  return { key, status, text };
}

interface Pair {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
}

/** The server as the owner of a key sees it. */
function asUser(server: TestServer, pair: Pair): TestServer {
  return { ...server, client: createClient({ endpoint: server.root.Endpoint, ...pair }) };
}

async function makeUser(client: Client, UserName: string, statements: readonly object[]): Promise<Pair> {
  await client.call('CreateUser', { UserName });
  const { Policies } = await client.call('ListPolicies', { PolicyType: 'Custom' });
  if (Policies?.Policy?.some(({ PolicyName }) => PolicyName === UserName)) {
    await client.call('AttachPolicyToUser', { UserName, PolicyName: UserName, PolicyType: 'Custom' });
  } else await attach(client, UserName, UserName, statements);
  const { AccessKey } = await client.call('CreateAccessKey', { UserName });
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
}

async function attach(client: Client, UserName: string, PolicyName: string, statements: readonly object[]) {
  await client.call('CreatePolicy', { PolicyName, PolicyDocument: document(statements) });
  await client.call('AttachPolicyToUser', { UserName, PolicyName, PolicyType: 'Custom' });
}

function statement(actions: readonly string[], repositories: string): object {
  return statementOf(actions, { Resource: `acs:cr:*:*:repository/*/${repositories}` });
}

function statementOf(Action: string | readonly string[], more: object): object {
  return { Effect: 'Allow', Action, ...more };
}

function document(Statement: readonly object[]): string {
  return JSON.stringify({ Version: '1', Statement });
}
