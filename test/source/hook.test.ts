import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startReceiver } from '../../server/src/outgoing/testing/receiver.ts';
import { filesWith } from '../support/bound-repository.ts';
import { isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { native, slipway, startServer, summaryValue, temporaryFolder } from '../support/slipway.ts';

const TOKEN = 'glpat-Zm9vYmFy+tok/en0123';

test('a push event from a code host builds its commit with the configured token and sets its status, and neither token nor secret is stored or shown', async (t) => {
  const authorization = `Basic ${Buffer.from(`oauth2:${TOKEN}`).toString('base64')}`;
  const host = await startGitHost(t, { authorization });
  // The source has the token and prints it in every way a program can.
  const commit = host.addRepository('team/app', {
    Dockerfile: `FROM busybox\nRUN echo "token ${TOKEN}"; echo -n ${TOKEN} | base64; printf '%s' '${TOKEN.slice(0, 9)}'; sleep 1; echo '${TOKEN.slice(9)}'\n`,
  });
  const { promise: succeeded, resolve: succeed } = Promise.withResolvers<void>();
  const statuses = await startReceiver(t, (response, { body }) => {
    response.writeHead(201).end('{}');
    if (JSON.parse(body).state === 'success') succeed();
  });
  const server = await startServer(t);
  const { dataFolder, client, root } = server;
  const { InstanceId } = root;

  const tokenFile = join(temporaryFolder(t), 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`);
  const set = await slipway([
    'source',
    'set',
    'GITLAB',
    '--base-url',
    host.url,
    '--token-file',
    tokenFile,
    '--allow-private',
    '--status-api',
    'gitlab',
    '--status-url',
    statuses.url,
    '--data',
    dataFolder,
  ]);
  assert.equal(set.code, 0, set.stderr);
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  const makeHook = () => slipway(['source', 'hook', 'team/app', '--data', dataFolder]);
  assert.match((await makeHook()).stderr, /team\/app has no source: pushes build nothing/);
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code, AutoBuild: false });
  assert.match((await makeHook()).stderr, /AutoBuild is off for team\/app: pushes build nothing/);
  await client.call('UpdateRepoSourceCodeRepo', { InstanceId, RepoId, ...code, AutoBuild: 'true' });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'ma(?<rest>.*)', ImageTag: 'v${rest}' } as const;
  await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule });

  const made = await makeHook();
  assert.equal(made.code, 0, made.stderr);
  assert.doesNotMatch(made.stderr, /AutoBuild|no source/);
  const [url = '', secret = ''] = [summaryValue(made.stdout, 'Url'), summaryValue(made.stdout, 'Secret')];
  const body = JSON.stringify({ ref: 'refs/heads/main', after: commit, repository: { full_name: 'team/app' } });
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const deliver = async (headers: Record<string, string>) => {
    const sent = { 'content-type': 'application/json', 'x-github-delivery': 'one', ...headers };
    const response = await fetch(url, { method: 'POST', headers: sent, body });
    return { status: response.status, reply: (await response.json()) as { Builds?: { BuildRecordId: string }[] } };
  };
  assert.equal((await deliver({})).status, 403);
  const { reply } = await deliver({ 'x-hub-signature-256': signature });
  assert.equal(reply.Builds?.length, 1, JSON.stringify(reply));
  assert.deepEqual((await deliver({ 'x-hub-signature-256': signature })).reply.Builds, []);

  const command = (...words: string[]) => slipway(['source', ...words, '--data', dataFolder]);
  const checked = await command('check', 'team/app');
  assert.deepEqual([checked.code, checked.stdout.trim()], [0, 'branch  main\ntag     v1'], checked.stderr);
  const listed = (await command('deliveries', 'team/app')).stdout;
  assert.match(
    listed,
    /nothing +branch main +this delivery was already processed\n.* built +branch main +.* as vin\n.* refused +-/,
  );

  const key = { InstanceId, RepoId, BuildRecordId: reply.Builds?.[0]?.BuildRecordId ?? '' };
  const status = await waitForStatus(client, key, isFinal);
  const lines = await readLog(client, key);
  const text = JSON.stringify(lines, null, 1);
  assert.equal(status, 'SUCCESS', text);
  await succeeded;
  const sentStatuses = statuses.received.map(({ body: sent }) => JSON.parse(sent).state);
  assert.ok(['pending', 'running'].includes(sentStatuses[0]), sentStatuses.join());
  assert.equal(sentStatuses.at(-1), 'success');
  assert.equal(statuses.received[0]?.path, `/hook/projects/team%2Fapp/statuses/${commit}`);
  assert.equal(statuses.received[0]?.headers['private-token'], TOKEN);
  assert.ok(
    lines.some((line) => line.Message === 'token ***'),
    text,
  );
  assert.ok(
    lines.some((line) => line.Message.startsWith(`commit ${commit} (Ada: First commit)`)),
    text,
  );
  let record = await native(client, `/api/v1/builds/${key.BuildRecordId}`);
  for (; record.Seal === undefined; record = await native(client, `/api/v1/builds/${key.BuildRecordId}`))
    await sleep(20);
  assert.ok((record.Seal as { maskedValues: number }).maskedValues >= 3);
  assert.equal(record.ImageTag, 'vin');

  const own = server.stderr();
  const id = key.BuildRecordId;
  assert.match(own, new RegExp(`INFO  hook delivery received .* repository=team/app builds=\\["${id}"\\]`));
  assert.match(
    own,
    new RegExp(`INFO  build ${id} began repository=team/app tag=vin rule=crbr-\\w+ for=acs:ram::\\d+:root`),
  );
  assert.match(
    own,
    new RegExp(`INFO  build ${id} ended SUCCESS repository=team/app tag=vin seconds=[\\d.]+ digest=sha256:`),
  );

  const steps = await native(client, `/api/v1/builds/${key.BuildRecordId}/steps`);
  const sources = await native(client, '/api/v1/sources');
  const shown = [text, listed, JSON.stringify([record, steps, sources]), set.stdout, set.stderr, server.stderr()].join(
    '\n',
  );
  // The image consists of the source's own bytes; everything else that the server stores is searched.
  const places = ['db', 'logs', 'blobs', 'nonces', 'run', 'work'].map((name) => join(dataFolder, name));
  assert.ok(filesWith(commit, places).length > 0, 'the search finds what is stored');
  for (const value of [TOKEN, Buffer.from(TOKEN).toString('base64').slice(0, -2), root.AccessKeySecret, secret]) {
    assert.ok(!shown.includes(value), 'shown');
    assert.deepEqual(filesWith(value, places), [], 'stored');
  }
  assert.equal(summaryValue(set.stdout, 'GITLAB')?.includes('with a token'), true);
});

test('without its token, the code host’s refusal is reported as such', {
  skip: process.env.SLIPWAY_TEST_LONG !== '1' && 'set SLIPWAY_TEST_LONG=1 to run it',
}, async (t) => {
  const host = await startGitHost(t, { authorization: 'Basic nobody' });
  host.addRepository('team/app', { Dockerfile: 'FROM scratch\n' });
  const server = await startServer(t, { flags: ['--source-url-gitlab', host.url, '--allow-addresses', '127.0.0.0/8'] });
  const { client, root } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  const hook = () => slipway(['source', 'hook', 'team/app', '--data', server.dataFolder]);
  assert.match((await hook()).stderr, /team\/app has no source: pushes build nothing until slipway source bind/);
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code });
  assert.match((await hook()).stderr, /AutoBuild is off for team\/app: pushes build nothing until slipway source bind/);
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const { BuildRuleId } = await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule });
  const build = async () => {
    const made = await client.call('CreateBuildRecordByRule', { InstanceId, RepoId, BuildRuleId: String(BuildRuleId) });
    const key = { InstanceId, RepoId, BuildRecordId: String(made.BuildRecordId) };
    assert.equal(await waitForStatus(client, key, isFinal), 'FAILED');
    return (await readLog(client, key)).at(-2)?.Message ?? '';
  };
  assert.match(await build(), /asks for credentials, or does not exist$/);
  const tokenFile = join(temporaryFolder(t), 'token');
  writeFileSync(tokenFile, TOKEN);
  const set = ['source', 'set', 'GITLAB', '--base-url', host.url, '--token-file', tokenFile, '--allow-private'];
  assert.equal((await slipway([...set, '--data', server.dataFolder])).code, 0);
  assert.match(await build(), /does not accept the token that is set for this code host, or does not exist$/);
});

test('a pull request gets no secret, its image is not pushed, no other build has its cache, and its own begins as a copy if the operator wants that', async (t) => {
  const host = await startGitHost(t);
  const dockerfile = (text: string) => ({
    Dockerfile: `FROM busybox\nRUN --mount=type=secret,id=key echo "key is [$(cat /run/secrets/key)]"; echo ${text}\n`,
  });
  host.addRepository('team/app', dockerfile('same'));
  const commit = host.addCommit('team/app', { README: 'proposed' });
  const server = await startServer(t, {
    flags: [
      '--source-url-gitlab',
      host.url,
      '--allow-addresses',
      '127.0.0.0/8',
      '--pull-requests',
      'build',
      '--pull-request-cache',
      'copy',
    ],
  });
  const { client, root, dataFolder } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code, AutoBuild: true });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const { BuildRuleId } = await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule });
  const secretFile = join(temporaryFolder(t), 'key');
  writeFileSync(secretFile, 'the-value-of-the-key');
  const setSecret = ['secret', 'set', 'key', '--repository', 'team/app', '--file', secretFile, '--data', dataFolder];
  const set = await slipway(setSecret);
  assert.equal(set.code, 0, set.stderr);
  const hook = await slipway(['source', 'hook', 'team/app', '--data', dataFolder]);
  const base = { ref: 'main', repo: { full_name: 'team/app' } };
  const deliver = async (number: number) => {
    const event = { action: 'opened', number, pull_request: { number, head: { sha: commit }, base } };
    const headers = { 'content-type': 'application/json', 'x-gitlab-token': summaryValue(hook.stdout, 'Secret') ?? '' };
    const sent = { method: 'POST', headers, body: JSON.stringify(event) };
    const reply = (await (await fetch(summaryValue(hook.stdout, 'Url') ?? '', sent)).json()) as {
      Builds?: { BuildRecordId: string }[];
    };
    return reply.Builds?.[0]?.BuildRecordId ?? assert.fail(JSON.stringify(reply));
  };
  const ended = async (BuildRecordId: string) => {
    const key = { InstanceId, RepoId, BuildRecordId };
    const status = await waitForStatus(client, key, isFinal);
    const log = (await readLog(client, key)).map((line) => line.Message).join('\n');
    assert.equal(status, 'SUCCESS', log);
    return log;
  };
  const proposed = await ended(await deliver(5));
  assert.match(proposed, /^key is \[\]$/m);
  assert.doesNotMatch(proposed, /begins as a copy/, 'the repository has no cache yet');
  assert.match(proposed, /^not pushed, because it is of a pull request/m);
  const made = await client.call('CreateBuildRecordByRule', { InstanceId, RepoId, BuildRuleId: String(BuildRuleId) });
  const trusted = await ended(String(made.BuildRecordId));
  assert.match(trusted, /^key is \[\*\*\*\]$/m, 'the step of the pull request was not taken from its cache');
  const copied = await ended(await deliver(6));
  assert.match(copied, /^the layer cache begins as a copy of the repository’s$/m);
  assert.match(copied, /^CACHED STEP \d\/\d: RUN/m, 'a step of the repository is not run again');
  const { Images } = await client.call('ListRepoTag', { InstanceId, RepoId });
  assert.deepEqual(
    (Images as { Tag: string }[]).map(({ Tag }) => Tag),
    ['latest'],
  );
});
