import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type BuildKey, isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { native, startServer } from '../support/slipway.ts';

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'builds three times: runs with SLIPWAY_TEST_LONG=1';

test('a rebuild uses the old commit although the branch has moved, and record and image name the commit, author and bases', {
  skip: SKIP_LONG,
}, async (t) => {
  const host = await startGitHost(t);
  const first = host.addRepository('team/app', {
    Dockerfile: 'FROM busybox\nCOPY word /\nRUN cat /word\n',
    word: 'old\n',
  });
  const server = await startServer(t, { flags: ['--source-url-gitee', host.url, '--allow-addresses', '127.0.0.0/8'] });
  const { client, root } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITEE', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const BuildRuleId = String((await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule })).BuildRuleId);
  const end = async (BuildRecordId: unknown) => {
    const key: BuildKey = { InstanceId, RepoId, BuildRecordId: String(BuildRecordId) };
    const status = await waitForStatus(client, key, isFinal);
    const lines = (await readLog(client, key)).map((line) => line.Message);
    assert.equal(status, 'SUCCESS', lines.join('\n'));
    return { key, lines, record: await native(client, `/api/v1/builds/${key.BuildRecordId}`) };
  };

  const byRule = async () =>
    (await client.call('CreateBuildRecordByRule', { InstanceId, RepoId, BuildRuleId })).BuildRecordId;
  const one = await end(await byRule());
  const second = host.addCommit('team/app', { word: 'new\n' });
  const two = await end(await byRule());
  const again = await end((await client.call('CreateBuildRecordByRecord', one.key)).BuildRecordId);

  assert.deepEqual([one.record.CommitId, two.record.CommitId, again.record.CommitId], [first, second, first]);
  assert.ok(one.lines.includes('old') && two.lines.includes('new') && !two.lines.includes('old'));
  assert.ok(
    again.lines.some((line) => line.endsWith(`team/app.git refs/heads/main, at ${first}`)),
    again.lines.join('\n'),
  );
  assert.deepEqual([two.record.CommitAuthor, two.record.CommitMessage], ['Ada', 'Next commit']);
  const [base] = again.record.BaseImages as { Name: string; Digest: string }[];
  assert.match(`${base?.Name} ${base?.Digest}`, /library\/busybox:latest sha256:[0-9a-f]{64}$/);

  const image = `docker://${new URL(root.Endpoint).host}/team/app@${again.record.ImageDigest}`;
  const login = ['--creds', `${root.AccessKeyId}:${root.AccessKeySecret}`];
  const config = execFileSync('skopeo', ['inspect', '--config', '--tls-verify=false', ...login, image], {
    encoding: 'utf8',
  });
  const { Labels } = (JSON.parse(config) as { config: { Labels: Record<string, string> } }).config;
  assert.equal(Labels['org.opencontainers.image.revision'], first);
  assert.equal(Labels['org.opencontainers.image.source'], `${host.url}/team/app.git`);
});
