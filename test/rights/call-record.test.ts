import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { callNative } from '@slipway/client/call-native.ts';
import { type Client, createClient } from '../../client/src/client.ts';
import { apiChecker } from '../support/api/openapi.ts';
import { native, slipway, startServer } from '../support/slipway.ts';

interface Call {
  Caller: string;
  AccessKeyId: string;
  Action: string;
  Code: string;
  Denied: boolean;
  Count: number;
  SourceIp: string;
}

test('writes and denials of both APIs are in the record of calls, with caller, action and origin, for anyone who may read it', async (t) => {
  const server = await startServer(t);
  const { client, root, dataFolder } = server;
  await client.call('CreateUser', { UserName: 'eve' });
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'eve' });
  const pair = { accessKeyId: AccessKey?.AccessKeyId ?? '', accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
  const eve = createClient({ endpoint: root.Endpoint, ...pair });
  await assert.rejects(eve.call('DeleteUser', { UserName: 'eve' }), /not authorized/);
  await assert.rejects(native(eve, '/api/v1/builds'), /NoPrivilege/);
  await assert.rejects(native(eve, '/api/v1/policy/simulate', { Action: 'cr:GetInstance' }), /NoPermission/);
  await assert.rejects(native(eve, '/api/v1/calls'), /NoPermission.*actiontrail:LookupEvents/);
  const cancel = { InstanceId: root.InstanceId, RepoId: 'crr-none', BuildRecordId: 'none' };
  await assert.rejects(client.call('CancelRepoBuildRecord', cancel));
  for (let i = 0; i < 5; i++) await client.call('ListInstance', {});

  const api = await apiChecker(server);
  const calls = async (query: Record<string, string> = {}): Promise<Call[]> =>
    (await api.get('/calls', {}, query)).Calls as Call[];
  const shown = (list: Call[]) => list.map((call) => [call.Action, call.Code, call.Denied, call.Count, call.SourceIp]);
  const denials = [
    ['actiontrail:LookupEvents', 'NoPermission', true, 1, '127.0.0.1'],
    ['ram:SimulatePolicy', 'NoPermission', true, 1, '127.0.0.1'],
    ['cr:ListRepositoryBuild', 'NoPrivilege', true, 1, '127.0.0.1'],
    ['ram:DeleteUser', 'NoPermission', true, 1, '127.0.0.1'],
  ];
  assert.deepEqual(shown(await calls({ caller: 'user/eve' })), denials);
  assert.deepEqual(shown(await calls({ key: pair.accessKeyId, result: 'denied' })), denials);
  assert.deepEqual(shown(await calls({ result: 'failed', since: '2020-01-01T00:00:00Z' })), [
    ['cr:CancelBuildRepository', 'REPO_NOT_EXIST', false, 1, '127.0.0.1'],
  ]);
  const created = await calls({ caller: `acs:ram::${root.AccountId}:root`, action: 'ram:Create*' });
  assert.deepEqual(shown(created), [
    ['ram:CreateAccessKey', 'success', false, 1, '127.0.0.1'],
    ['ram:CreateUser', 'success', false, 1, '127.0.0.1'],
  ]);
  await native(client, '/api/v1/tokens', {});
  assert.deepEqual(shown(await calls({ action: 'cr:GetAuthorizationToken' })), [
    ['cr:GetAuthorizationToken', 'success', false, 1, '127.0.0.1'],
  ]);
  const first = await api.get('/calls', {}, { caller: 'user/eve', limit: '3' });
  const rest = await api.get('/calls', {}, { caller: 'user/eve', limit: '3', cursor: String(first.Cursor) });
  assert.deepEqual(shown([first, rest].flatMap((page) => page.Calls as Call[])), denials);
  for (const [query, says] of [
    ['caller=a*b', /"caller".*nothing behind a \*/],
    ['cursor=1', /"cursor".*not a cursor returned by this list/],
    ['who=eve', /"who".*the parameters are request, caller, key, action/],
    ['since=now', /"since".*2026/],
  ] as const) {
    const { Code, Message } = await api.checkError(await client.fetch(`/api/v1/calls?${query}`));
    assert.equal(Code, 'InvalidParameter');
    assert.match(Message, says);
  }
  await refuseRule(server, 'ann');
  assert.deepEqual(shown(await calls({ caller: 'user/ann', result: 'denied' })), [
    ['cr:CreateArtifactLifecycleRule', 'NoPrivilege', true, 1, '127.0.0.1'],
  ]);
  const told = await slipway(['calls', '--caller', 'user/eve', '--since', '1h', '--data', dataFolder]);
  assert.equal(told.stdout.trimEnd().split('\n').length, 4, told.stderr);
  assert.match(told.stdout, /Z {2}denied NoPermission {2,}user\/eve {2}127\.0\.0\.1 {2}ram:DeleteUser {2}acs:ram:/);
  const json = await slipway(['calls', '--result', 'REPO_NOT_EXIST', '--limit', '1', '--json', '--data', dataFolder]);
  assert.equal((JSON.parse(json.stdout) as Call).Code, 'REPO_NOT_EXIST');
  assert.equal(await server.stop(), 0);

  using db = new DatabaseSync(join(dataFolder, 'db', 'slipway.sqlite'), { readOnly: true });
  const reads = db.prepare('select sum(calls) as calls from call_record where action = ?').get('cr:ListInstance');
  assert.equal(reads?.calls, 5, 'the reads of the last minute were written when the server stopped');
});

test('slipway calls finds every refusal by the RequestId in its answer', async (t) => {
  const server = await startServer(t);
  const { client, root, dataFolder } = server;
  const stranger = createClient({ endpoint: root.Endpoint, accessKeyId: 'nobody', accessKeySecret: 'x' });
  const forged = createClient({ endpoint: root.Endpoint, accessKeyId: root.AccessKeyId, accessKeySecret: 'x' });
  const params = { InstanceId: root.InstanceId, RepoId: 'crr-none' };
  let last = '';
  const hook = `${root.Endpoint}/hooks/none`;
  const refused: [send: () => Promise<Response>, code: string, caller?: string | undefined, action?: string][] = [
    [() => fetch(`${root.Endpoint}/?Format=JSON`), 'MissingParameter'],
    [() => call(stranger, 'GetInstance'), 'InvalidAccessKeyId.NotFound', undefined, 'cr:GetInstance'],
    [() => call(forged, 'GetInstance'), 'SignatureDoesNotMatch', undefined, 'cr:GetInstance'],
    [() => call(client, 'GetInstance'), 'MissingParameter', 'root', 'cr:GetInstance'],
    [() => call(client, 'GetRepository', params), 'REPO_NOT_EXIST', 'root', 'cr:GetRepository'],
    [() => client.fetch('/api/v1/nothing'), 'InvalidPath.NotFound', undefined, 'GET (no route)'],
    [() => stranger.fetch('/api/v1/builds'), 'InvalidAccessKeyId.NotFound', undefined, 'GET /api/v1/builds'],
    [() => client.fetch('/api/v1/builds?limit=x'), 'InvalidParameter', 'root', 'GET /api/v1/builds'],
    [() => client.fetch('/api/v1/builds/none'), 'BUILD_RECORD_NOT_EXIST', 'root', 'cr:GetRepositoryBuildRecord'],
    [
      () => client.fetch('/api/v1/builds/none/log/stream'),
      'BUILD_RECORD_NOT_EXIST',
      'root',
      'cr:GetRepositoryBuildLog',
    ],
    [() => fetch(hook, { method: 'POST' }), 'HOOK_NOT_EXIST', undefined, 'POST /hooks/:id'],
  ];
  for (const [send, code, caller, action] of refused) {
    const reply = await send();
    const { RequestId, Code } = (await reply.json()) as { RequestId: string; Code: string };
    assert.equal(Code, code);
    assert.equal(reply.headers.get('x-acs-request-id'), RequestId);
    const { Calls } = await callNative(client, 'listCalls', { request: RequestId.toLowerCase() });
    const found = Calls.map((one) => [one.Code, one.Caller, one.Action, one.SourceIp]);
    const arn = caller && `acs:ram::${root.AccountId}:${caller}`;
    assert.deepEqual(found, [[code, arn, action, '127.0.0.1']]);
    last = RequestId;
  }
  const told = await slipway(['calls', '--request', last, '--data', dataFolder]);
  assert.match(told.stdout, /Z {2}HOOK_NOT_EXIST {2,}- {2}127\.0\.0\.1 {2}POST \/hooks\/:id {2}-\n$/, told.stderr);
  const both = await native(client, `/api/v1/calls?request=${last}&caller=root`).catch((error: Error) => error.message);
  assert.match(String(both), /caller.*request is given too/);
});

/** Has a user make a rule, takes the right to it away, and has the rule run. */
async function refuseRule({ client, root }: Awaited<ReturnType<typeof startServer>>, user: string): Promise<void> {
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'kept' });
  const repository = { RepoNamespaceName: 'kept', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' } as const;
  await client.call('CreateRepository', { InstanceId, ...repository });
  await client.call('CreateUser', { UserName: user });
  const policy = { PolicyType: 'System', PolicyName: 'AliyunContainerRegistryFullAccess', UserName: user } as const;
  await client.call('AttachPolicyToUser', policy);
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: user });
  const pair = { accessKeyId: AccessKey?.AccessKeyId ?? '', accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
  const author = createClient({ endpoint: root.Endpoint, ...pair });
  const { RuleId = '' } = await author.call('CreateArtifactLifecycleRule', { InstanceId, RetentionTagCount: 1 });
  await client.call('DetachPolicyFromUser', policy);
  let run = await callNative(client, 'runLifecycleRule', { ruleId: RuleId });
  while (run.EndTime === undefined) run = await callNative(client, 'getLifecycleRun', { runId: run.RunId });
  assert.match(run.Failure ?? '', /No policy allows cr:CreateArtifactLifecycleRule/);
}

/** Any operation with any parameters, as a client sends it. */
async function call(client: Client, action: string, params: Record<string, string> = {}): Promise<Response> {
  const { url, headers } = await client.explain(action, params);
  return fetch(url, { method: 'POST', headers });
}
