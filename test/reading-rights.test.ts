import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, createClient } from '../client/src/client.ts';
import { isFinal, waitForSeal, waitForStatus } from './support/log-reader.ts';
import { queueBuild } from './support/queue-build.ts';
import { native, startServer, type TestServer } from './support/slipway.ts';

const READ_LOG = { Effect: 'Allow', Action: 'cr:GetRepositoryBuildLog', Resource: '*' };
const MAKE_TOKEN = { Effect: 'Allow', Action: 'cr:GetAuthorizationToken', Resource: '*' };

test('a policy decides on * about every form of a log; a token has its maker’s rights whenever it is used', async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo secret plans\n' }, 'team/plans:v1');
  await waitForStatus(server.client, key, isFinal);
  await waitForSeal(server.client, key.BuildRecordId);
  const forms = formsOf(key.BuildRecordId);

  await t.test('who is allowed on * reads them all', async () => {
    const reader = await user(server, 'reader', [READ_LOG]);
    assert.deepEqual(
      await statuses(reader.client, forms),
      forms.map(() => 200),
    );
  });

  await t.test(
    'a grant narrowed to the repository, another action, a Deny on * or nothing at all reads none',
    async () => {
      const repository = `acs:cr:*:*:repository/${key.InstanceId}/team/plans`;
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
    },
  );

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

  await t.test('nobody makes a token without being allowed to', async () => {
    const { client } = await user(server, 'plain', [READ_LOG]);
    const refused = await client.fetch('/api/v1/tokens', { method: 'POST' });
    assert.equal(refused.status, 403);
  });
});

function formsOf(id: string): string[] {
  const log = `/api/v1/builds/${id}/log`;
  const below = ['', '/seal', '/stream', '/search?q=plans', '/sections', '.txt', '.ndjson', '.ndjson.gz'];
  const forms = below.map((form) => `${log}${form}`);
  return [
    ...forms,
    `/api/v1/builds/${id}/card`,
    `/api/v1/builds/${id}/steps`,
    '/api/v1/log/search?repository=team/plans&q=plans',
  ];
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

/** A user of that name with a key and, where there are statements, a policy of its own. */
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
