import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { type Client, createClient, type FetchInit } from '../client/src/client.ts';
import type { NativeSpec } from '../server/src/native/native-spec.ts';
import { nativeSpecs } from '../server/src/native/spec.gen.ts';
import type { NativeName } from '../server/src/rpc/native-types.gen.ts';
import { native, startServer } from './support/slipway.ts';

const operations = Object.entries(nativeSpecs) as [NativeName, NativeSpec][];
const decided = operations.filter(([, spec]) => !spec.everybody && !spec.anonymous);
const actions = [...new Set(decided.map(([, { action }]) => action))].sort();

/** Bodies with which an operation gets as far as it can; a new operation with a body must have one here. */
const BODIES: Partial<Record<NativeName, object>> = {
  setCodeHost: { BaseUrl: 'https://git.invalid' },
  setBuildSecret: { Value: 'a value' },
  setRegistryLogin: { User: 'builder', Password: 'none' },
  setRegistryMirrors: { Mirrors: [] },
  setRegistryReach: {},
  createBuild: { Image: 'plans/app', Source: { GitUrl: 'https://git.invalid/a.git' } },
  simulatePolicy: { Action: 'cr:GetInstance', UserName: 'nobody' },
  mayCaller: { Calls: [] },
  openSessionByPassword: { UserName: 'nobody', Password: 'none' },
};

const server = await startServer({ after });
const { InstanceId, Endpoint } = server.root;
await server.client.call('CreateNamespace', { InstanceId, NamespaceName: 'plans' });
const app = { RepoNamespaceName: 'plans', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
await server.client.call('CreateRepository', { InstanceId, ...app });
const { BuildRecordId } = await native(server.client, '/api/v1/builds', BODIES.createBuild);
const users = new Map<string, Client>();
for (const action of ['', ...actions]) users.set(action, await userWith(action));

test('every operation of the native API refuses who does not sign, and who signs with a wrong secret', async () => {
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

test('each operation is allowed by its own action, and by no other alone', async () => {
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

test('whoever may not is answered alike for what exists and for what does not', async () => {
  const stranger = users.get('') as Client;
  for (const [name, spec] of decided) {
    const [there, missing] = [requestOf(name, spec), requestOf(name, spec, randomUUID())];
    const answers = [there, missing].map(async ({ path, init }) => {
      const { RequestId: _, ...body } = JSON.parse((await answerOf(await stranger.fetch(path, init))).text);
      return body;
    });
    const [known, unknown] = await Promise.all(answers);
    assert.deepEqual(known, unknown, name);
  }
});

/** A request that an operation would answer, about the build and repository of this test or another id. */
function requestOf(name: NativeName, spec: NativeSpec, id = String(BuildRecordId)): { path: string; init: FetchInit } {
  const places: Record<string, string> = {
    id,
    namespace: 'plans',
    name: 'app',
    type: 'GITHUB',
    secret: 'token',
    tokenId: 'tok-none',
    host: 'registry.example',
  };
  const path = spec.path.replace(/\{(\w+)\}/g, (_, place: string) => places[place] ?? assert.fail(place));
  const query = spec.query.repository === undefined ? '' : '?repository=plans/app';
  const init: FetchInit = { method: spec.method };
  const target = `/api/v1${path}${query}`;
  if (spec.stream !== undefined)
    return { path: target, init: { ...init, headers: { 'content-type': spec.stream }, body: Buffer.alloc(1024) } };
  if (spec.body === undefined) return { path: target, init };
  const body = JSON.stringify(BODIES[name] ?? assert.fail(`${name} has no body to try it with`));
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

/** A user with a policy of one action on everything, or without any. */
async function userWith(action: string): Promise<Client> {
  const name = `may-${action.replace(/\W/g, '-') || 'nothing'}`;
  await server.client.call('CreateUser', { UserName: name });
  if (action !== '') {
    const statement = { Effect: 'Allow', Action: action, Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] });
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
