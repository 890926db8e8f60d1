import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { type Client, createClient, type FetchInit } from '../../client/src/client.ts';
import type { NativeSpec } from '../../server/src/native/native-spec.ts';
import { nativeSpecs } from '../../server/src/native/spec.gen.ts';
import type { NativeName } from '../../server/src/rpc/native-types.gen.ts';
import { isFinal, waitForStatus } from '../support/log-reader.ts';
import { native, startServer } from '../support/slipway.ts';

const operations = Object.entries(nativeSpecs) as [NativeName, NativeSpec][];
const decided = operations.filter(([, spec]) => !spec.everybody && !spec.anonymous);
const actions = [...new Set(decided.map(([, { action }]) => action))].sort();

/** A body for each operation, with which it gets as far as it can; a new operation with a body needs an entry. */
const BODIES: Partial<Record<NativeName, object>> = {
  setCodeHost: { BaseUrl: 'https://git.invalid' },
  setBuildSecret: { Value: 'a value' },
  setRegistryLogin: { User: 'builder', Password: 'none' },
  setRegistryMirrors: { Mirrors: [] },
  setRegistryReach: {},
  createEventRule: { Name: 'none', EventType: 'cr:Artifact:PushCompleted', Method: 'https', Url: 'https://x.invalid/' },
  createAdvisorySet: { Name: 'none', Source: 'OSV', DataTime: 1 },
  addAdvisories: { Advisories: [] },
  createBuild: { Image: 'plans/app', Source: { GitUrl: 'https://git.invalid/a.git' } },
  simulatePolicy: { Action: 'cr:GetInstance', UserName: 'nobody' },
  checkPolicy: { PolicyDocument: '' },
  mayCaller: { Calls: [] },
  openSessionByPassword: { UserName: 'nobody', Password: 'none' },
};

const GIVEN: Record<string, string> = { digest: `sha256:${'0'.repeat(64)}`, action: 'cr:GetInstance' };

const server = await startServer({ after });
const { InstanceId, Endpoint } = server.root;
await server.client.call('CreateNamespace', { InstanceId, NamespaceName: 'plans' });
const APP = { RepoNamespaceName: 'plans', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
await server.client.call('CreateRepository', { InstanceId, ...APP });
const { BuildRecordId } = await native(server.client, '/api/v1/builds', BODIES.createBuild);
const VAULT = { ...APP, RepoName: 'vault' } as const;
await server.client.call('CreateRepository', { InstanceId, ...VAULT });
const vaultBuild = await native(server.client, '/api/v1/builds', { ...BODIES.createBuild, Image: 'plans/vault' });
const onlyApp = await userWithPolicy('one', [
  { Effect: 'Allow', Action: '*', Resource: `acs:cr:*:*:repository/${InstanceId}/plans/app` },
]);
const users = new Map<string, Client>();
for (const action of ['', ...actions]) users.set(action, await userWith(action));

test('every operation of the native API refuses unsigned requests and wrong signatures', async () => {
  const wrong = createClient({ endpoint: Endpoint, accessKeyId: server.root.AccessKeyId, accessKeySecret: 'wrong' });
  for (const [name, spec] of operations) {
    const { path, init } = requestOf(name, spec);
    const unsigned = await answerOf(await fetch(Endpoint + path, init as RequestInit));
    const forged = await answerOf(await wrong.fetch(path, init));
    if (spec.anonymous) {
      assert.notEqual(forged.code, 'SignatureDoesNotMatch', name);
      continue;
    }
    assert.match(unsigned.code ?? '', /^(MissingParameter|IncompleteSignature|InvalidAccessKeyId\.NotFound)$/, name);
    assert.deepEqual([forged.status, forged.code], [400, 'SignatureDoesNotMatch'], name);
  }
});

test('each operation is allowed by its own action, and by no other action alone', async () => {
  for (const [name, spec] of decided) {
    for (const [action, client] of users) {
      const { path, init } = requestOf(name, spec);
      const { status, code } = await answerOf(await client.fetch(path, init));
      const isRefused = code === 'NoPrivilege' || code === 'NoPermission';
      const isEnough = action === spec.action && spec.needs === undefined;
      assert.equal(isRefused, !isEnough, `${name} by ${action || 'nothing'}: ${status} ${code}`);
    }
  }
});

test('anyone who may not is answered alike for what exists and for what does not', async () => {
  const stranger = users.get('') as Client;
  for (const [name, spec] of decided) {
    const [there, missing] = [requestOf(name, spec), requestOf(name, spec, { id: randomUUID() })];
    const answers = [there, missing].map(async ({ path, init }) => {
      const { RequestId: _, ...body } = JSON.parse((await answerOf(await stranger.fetch(path, init))).text);
      return body;
    });
    const [known, unknown] = await Promise.all(answers);
    assert.deepEqual(known, unknown, name);
  }
});

test('what belongs to another repository or user is answered like what does not exist', async () => {
  const tokenMaker = users.get('cr:GetAuthorizationToken') as Client;
  const { TokenId } = await callNative(server.client, 'createToken', {});
  const others = { id: String(vaultBuild.BuildRecordId), name: 'vault', tokenId: String(TokenId) };
  const nothing = { id: randomUUID(), name: 'nothing', tokenId: `tok-${randomUUID()}` };
  const { RepoId: vaultId = '' } = await server.client.call('GetRepository', { InstanceId, ...VAULT });
  const trigger = { TriggerName: 'deploy', TriggerType: 'ALL', TriggerUrl: 'https://ci.invalid/' } as const;
  const { TriggerId } = await server.client.call('CreateRepoTrigger', { InstanceId, RepoId: vaultId, ...trigger });
  const ofOthers = decided.filter(([, { path, query }]) => /\{(id|name|tokenId)\}/.test(path) || query.repository);
  const withTrigger = decided.filter(([, { path }]) => path.includes('{triggerId}'));
  const cases = [
    ...ofOthers.map((operation) => [operation, others, nothing] as const),
    // The caller's own repository, with a trigger of the other one.
    ...withTrigger.map((it) => [it, { triggerId: String(TriggerId) }, { triggerId: 'crw-nothing' }] as const),
  ];
  for (const [[name, spec], theirs, none] of cases) {
    const client = spec.path.includes('{tokenId}') ? tokenMaker : onlyApp;
    const [known, unknown] = await Promise.all(
      [theirs, none].map(async (ids) => {
        const { path, init } = requestOf(name, spec, ids);
        const { status, text } = await answerOf(await client.fetch(path, init));
        const { RequestId: _, ...body } = JSON.parse(text);
        const shown = Object.values(ids).reduce((told, id) => told.replaceAll(id, 'ID'), JSON.stringify(body));
        return { status, shown };
      }),
    );
    assert.ok(known && known.status >= 400, `${name}: ${known?.status}`);
    assert.deepEqual(known, unknown, name);
  }
  assert.deepEqual(
    (await callNative(server.client, 'listTokens', {})).Tokens.map((token) => token.TokenId),
    [TokenId],
  );
});

test('a list over repositories leaves out what the caller may not read', async () => {
  const { RepoId: vaultId } = await server.client.call('GetRepository', { InstanceId, ...VAULT });
  const key = { InstanceId, RepoId: String(vaultId), BuildRecordId: String(vaultBuild.BuildRecordId) };
  const { RepoId } = await callNative(server.client, 'getBuild', { id: String(BuildRecordId) });
  const first = { InstanceId, RepoId, BuildRecordId: String(BuildRecordId) };
  for (const build of [first, key]) await waitForStatus(server.client, build, isFinal);
  const stores = join(server.dataFolder, 'sandbox/stores');
  for (const RepoName of ['app', 'vault']) {
    const { RepoId } = await server.client.call('GetRepository', { InstanceId, RepoNamespaceName: 'plans', RepoName });
    mkdirSync(join(stores, String(RepoId)), { recursive: true });
    writeFileSync(join(stores, String(RepoId), 'store.img'), 'layers');
  }
  mkdirSync(join(stores, 'crr-gone'));
  const [all, ...some] = await Promise.all([
    userWithPolicy('all', [{ Effect: 'Allow', Action: '*', Resource: '*' }]),
    userWithPolicy('all-but-one', [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: '*', Resource: `acs:cr:*:*:repository/${InstanceId}/plans/vault` },
    ]),
    onlyApp,
  ]);
  const named = (entries: readonly { Repository?: string | undefined }[]) => [
    ...new Set(entries.map(({ Repository }) => Repository)),
  ];
  const builds = async (by: Client, repository?: string) =>
    (await callNative(by, 'getStatistics', { repository })).Buckets.reduce(
      (sum, { Succeeded, Failed, Cancelled }) => sum + Succeeded + Failed + Cancelled,
      0,
    );
  const lists = {
    listBuilds: async (by: Client) => named((await callNative(by, 'listBuilds', {})).Builds),
    listFailing: async (by: Client) => named((await callNative(by, 'listFailing', {})).Builds),
    listCaches: async (by: Client) => named((await callNative(by, 'listCaches', {})).Caches),
    getStatistics: (by: Client) => builds(by),
    searchLogs: async (by: Client) => named((await callNative(by, 'searchLogs', { q: 'a' })).Builds),
    removeCaches: async (by: Client) => {
      const { Removed, Kept } = await callNative(by, 'removeCaches', {});
      return named([...Removed, ...Kept]);
    },
  };
  assert.deepEqual(Object.keys(lists).sort(), operations.flatMap(([name, { each }]) => (each ? [name] : [])).sort());
  const of = 'plans/app';
  const ofOne = await builds(all as Client, of);
  for (const by of some) {
    assert.deepEqual(await lists.listBuilds(by), [of]);
    assert.deepEqual(await lists.listFailing(by), [of]);
    assert.deepEqual(await lists.listCaches(by), [of]);
    assert.deepEqual(await lists.getStatistics(by), ofOne);
    // The right to read logs is one for all logs.
    if (by === onlyApp) await assert.rejects(lists.searchLogs(by), { code: 'NoPrivilege' });
    else assert.deepEqual(await lists.searchLogs(by), [of]);
    for (const name of ['listBuilds', 'listFailing', 'listCaches', 'getStatistics', 'removeCaches'] as const)
      await assert.rejects(callNative(by, name, { repository: 'plans/vault' }), { code: 'NoPrivilege' });
    const vault = callNative(by, 'searchLogs', { repository: 'plans/vault', q: 'a' });
    await assert.rejects(vault, { code: 'NoPrivilege' });
  }
  const reader = await userWithPolicy('logs-of-one', [
    { Effect: 'Allow', Action: 'cr:GetRepositoryBuildLog', Resource: '*' },
    { Effect: 'Allow', Action: 'cr:ListRepositoryBuild', Resource: `acs:cr:*:*:repository/${InstanceId}/plans/app` },
  ]);
  assert.deepEqual(await lists.searchLogs(reader), [of]);
  assert.deepEqual((await lists.listBuilds(all as Client)).sort(), [of, 'plans/vault']);
  assert.deepEqual((await lists.listFailing(all as Client)).sort(), [of, 'plans/vault']);
  assert.deepEqual((await lists.searchLogs(all as Client)).sort(), [of, 'plans/vault']);
  assert.deepEqual((await lists.listCaches(all as Client)).sort(), [of, 'plans/vault', undefined]);
  assert.equal(await lists.getStatistics(all as Client), ofOne + 1);
  assert.deepEqual(await lists.removeCaches(some[0] as Client), [of]);
  assert.deepEqual(await lists.removeCaches(some[1] as Client), []);
  assert.deepEqual((await lists.removeCaches(all as Client)).sort(), ['plans/vault', undefined]);
});

test('a call that writes has an entry of its own in the record of calls, however often it is made', async () => {
  const writing = operations.filter(([, { level, anonymous }]) => !/^(Read|List)$/.test(level) && !anonymous);
  for (const [name, spec] of writing) {
    const { path, init } = requestOf(name, spec);
    for (const _ of [1, 2]) {
      const { text } = await answerOf(await server.client.fetch(path, init));
      const { RequestId } = JSON.parse(text) as { RequestId: string };
      const { Calls } = await callNative(server.client, 'listCalls', { request: RequestId });
      assert.ok(
        Calls.length > 0 && Calls.every(({ Count }) => Count === 1),
        `${name}: ${text} ${JSON.stringify(Calls)}`,
      );
    }
  }
});

/** A request to an operation, about the build and repository of this test or about other ids. */
function requestOf(name: NativeName, spec: NativeSpec, ids: Record<string, string> = {}) {
  const places: Record<string, string> = {
    id: String(BuildRecordId),
    namespace: 'plans',
    name: 'app',
    type: 'GITHUB',
    secret: 'token',
    tag: 'v1',
    reference: 'v1',
    tokenId: 'tok-none',
    host: 'registry.example',
    ruleId: 'cralr-none',
    triggerId: 'crw-none',
    buildRuleId: 'crbr-none',
    deliveryId: '00000000-0000-4000-8000-000000000000',
    setId: '00000000-0000-4000-8000-000000000000',
    archive: '00000000-0000-4000-8000-000000000000',
    runId: 'cralrun-none',
    ...ids,
  };
  const path = spec.path.replace(/\{(\w+)\}/g, (_, place: string) => places[place] ?? assert.fail(place));
  const needed = Object.entries(spec.query).filter(([key, { required }]) => required || key === 'repository');
  const values = needed.map(([key, scalar]) => [
    key,
    key === 'repository' ? `plans/${places.name}` : (GIVEN[key] ?? scalar.enum?.[0] ?? 'main'),
  ]);
  const query = needed.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(values))}`;
  const init: FetchInit = { method: spec.method };
  const target = `/api/v1${path}${query}`;
  if (spec.stream !== undefined)
    return { path: target, init: { ...init, headers: { 'content-type': spec.stream }, body: Buffer.alloc(1024) } };
  if (spec.body === undefined) return { path: target, init };
  const body = JSON.stringify(BODIES[name] ?? assert.fail(`${name} has no body to test it with`));
  return { path: target, init: { ...init, headers: { 'content-type': 'application/json' }, body } };
}

async function answerOf(response: Response): Promise<{ status: number; code: string | undefined; text: string }> {
  const { status } = response;
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return { status, code: undefined, text: '{}' };
  }
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status, code: isJson ? (JSON.parse(text) as { Code?: string }).Code : undefined, text };
}

/** A user with a policy that allows one action on everything, or without a policy. */
async function userWith(action: string): Promise<Client> {
  const statements = action === '' ? [] : [{ Effect: 'Allow', Action: action, Resource: '*' }];
  return userWithPolicy(action.replace(/\W/g, '-') || 'nothing', statements);
}

async function userWithPolicy(what: string, statements: object[]): Promise<Client> {
  const name = `may-${what}`;
  await server.client.call('CreateUser', { UserName: name });
  if (statements.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: statements });
    await server.client.call('CreatePolicy', { PolicyName: name, PolicyDocument });
    await server.client.call('AttachPolicyToUser', { UserName: name, PolicyName: name, PolicyType: 'Custom' });
  }
  const { AccessKey } = await server.client.call('CreateAccessKey', { UserName: name });
  return createClient({
    endpoint: Endpoint,
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    accessKeySecret: AccessKey?.AccessKeySecret ?? '',
  });
}
