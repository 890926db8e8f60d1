import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, createClient } from '../../client/src/client.ts';
import { isFinal, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, startServer, type TestServer } from '../support/slipway.ts';

const SEARCH = '?repository=team/plans&q=plans';
const READ_LOG = { Effect: 'Allow', Action: 'cr:GetRepositoryBuildLog', Resource: '*' };
const MAKE_TOKEN = { Effect: 'Allow', Action: 'cr:GetAuthorizationToken', Resource: '*' };

test('a policy on * decides about every form of a log; a token always has its creator’s current rights', async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo secret plans\n' }, 'team/plans:v1');
  await waitForStatus(server.client, key, isFinal);
  await waitForSeal(server.client, key.BuildRecordId);
  const formsOf = await logForms(server.root.Endpoint);
  const forms = formsOf(key.BuildRecordId);
  const repository = `acs:cr:*:*:repository/${key.InstanceId}/team/plans`;
  const list = { Effect: 'Allow', Action: 'cr:ListRepositoryBuild', Resource: repository };

  await t.test('a user allowed on * reads them all', async () => {
    const reader = await user(server, 'reader', [READ_LOG, list]);
    assert.deepEqual(
      await statuses(reader.client, forms),
      forms.map(() => 200),
    );
  });

  await t.test('a grant on only the repository, another action, a Deny on * or no policy reads none', async () => {
    const policies = {
      narrow: [{ ...READ_LOG, Resource: repository }],
      other: [{ ...READ_LOG, Action: 'cr:GetRepositoryBuildRecord' }],
      denied: [READ_LOG, { ...READ_LOG, Effect: 'Deny' }],
      nobody: [],
    };
    for (const [name, statements] of Object.entries(policies)) {
      const { client } = await user(server, name, statements);
      assert.deepEqual(
        await statuses(client, forms),
        forms.map(() => 403),
        name,
      );
      const absent = formsOf('00000000-0000-4000-8000-000000000000');
      assert.deepEqual(
        await statuses(client, absent),
        absent.map(() => 403),
        `${name} learns nothing of what exists`,
      );
    }
  });

  await t.test('repairing a log and searching the logs of a repository need rights on that repository', async () => {
    const { client } = await user(server, 'logs', [READ_LOG]);
    assert.deepEqual(await statuses(client, [`/api/v1/log/search${SEARCH}`]), [403]);
    const keeper = await user(server, 'keeper', [
      { Effect: 'Allow', Action: 'cr:UpdateRepository', Resource: repository.replace('plans', '*') },
    ]);
    const repair = (as: Client, id: string) => as.fetch(`/api/v1/builds/${id}/log/repair`, { method: 'POST' });
    const none = '00000000-0000-4000-8000-000000000000';
    assert.equal((await repair(keeper.client, key.BuildRecordId)).status, 200);
    for (const [as, id] of [
      [client, key.BuildRecordId],
      [client, none],
      [keeper.client, none],
    ] as const)
      assert.equal(
        (await repair(as, id)).status,
        403,
        'what does not exist is refused exactly like what belongs to others',
      );
  });

  await t.test('a list of builds includes only builds of repositories that the caller may list', async () => {
    const everything = { Effect: 'Allow', Action: 'cr:*', Resource: '*' };
    for (const [name, statements, count] of [
      ['lister', [list], 1],
      ['lister-denied', [everything, { ...list, Effect: 'Deny' }], 0],
    ] as const) {
      const { client } = await user(server, name, statements);
      assert.equal(((await native(client, '/api/v1/builds')).Builds as object[]).length, count, name);
      const { Buckets } = await native(client, '/api/v1/builds/statistics');
      const succeeded = (Buckets as { Succeeded: number }[]).reduce((sum, bucket) => sum + bucket.Succeeded, 0);
      assert.equal(succeeded, count, name);
    }
    const other = await user(server, 'lister-else', [{ ...list, Resource: repository.replace('plans', 'none') }]);
    assert.deepEqual(await statuses(other.client, ['/api/v1/builds', '/api/v1/builds/statistics']), [403, 403]);
  });

  await t.test('a token loses its rights with its maker’s policy, and its use with its maker’s key', async () => {
    const { client, accessKeyId } = await user(server, 'holder', [READ_LOG, MAKE_TOKEN]);
    const { Token } = await native(client, '/api/v1/tokens', {});
    const read = async () => {
      const headers = { authorization: `Bearer ${Token}` };
      return (await fetch(`${server.root.Endpoint}/api/v1/builds/${key.BuildRecordId}/log`, { headers })).status;
    };
    assert.equal(await read(), 200);
    await server.client.call('DetachPolicyFromUser', {
      UserName: 'holder',
      PolicyName: 'holder',
      PolicyType: 'Custom',
    });
    assert.equal(await read(), 403);
    await server.client.call('UpdateAccessKey', {
      UserName: 'holder',
      UserAccessKeyId: accessKeyId,
      Status: 'Inactive',
    });
    assert.equal(await read(), 401);
  });

  await t.test('creating a token needs permission', async () => {
    const { client } = await user(server, 'plain', [READ_LOG]);
    const refused = await client.fetch('/api/v1/tokens', { method: 'POST' });
    assert.equal(refused.status, 403);
  });
});

/**
 * Every route that needs the right to read logs according to `/api/v1/openapi.json`; new routes are included
 * automatically.
 */
async function logForms(endpoint: string): Promise<(id: string) => string[]> {
  const { paths } = (await (await fetch(`${endpoint}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, { get?: { 'x-ram-action'?: string } }>;
  };
  const reading = Object.keys(paths).filter((path) => paths[path]?.get?.['x-ram-action'] === READ_LOG.Action);
  assert.ok(reading.length >= 12, reading.join(' '));
  const query = (path: string, id: string) =>
    ({ '/builds/{id}/log/search': '?q=plans', '/builds/{id}/diff': `?with=${id}`, '/log/search': SEARCH })[path] ?? '';
  return (id) => reading.map((path) => `/api/v1${path.replace('{id}', id)}${query(path, id)}`);
}

async function statuses(client: Client, paths: readonly string[]): Promise<number[]> {
  const answers: number[] = [];
  for (const path of paths) {
    const response = await client.fetch(path);
    await response.body?.cancel();
    answers.push(response.status);
  }
  return answers;
}

/** Creates a user with a key and, if there are statements, a policy. */
async function user(
  server: TestServer,
  name: string,
  statements: readonly object[],
): Promise<{ client: Client; accessKeyId: string }> {
  await server.client.call('CreateUser', { UserName: name });
  const { AccessKey } = await server.client.call('CreateAccessKey', { UserName: name });
  if (statements.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: statements });
    await server.client.call('CreatePolicy', { PolicyName: name, PolicyDocument });
    await server.client.call('AttachPolicyToUser', { UserName: name, PolicyName: name, PolicyType: 'Custom' });
  }
  const accessKeyId = AccessKey?.AccessKeyId ?? '';
  const pair = { accessKeyId, accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
  return { client: createClient({ endpoint: server.root.Endpoint, ...pair }), accessKeyId };
}
