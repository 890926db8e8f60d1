import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, createClient } from '../client/src/client.ts';
import { startServer } from './support/slipway.ts';

interface SessionReply {
  AccessKeyId: string;
  AccessKeySecret: string;
  SecurityToken: string;
  ExpireTime: number;
  Arn: string;
}

test('a session of the console is the caller for an hour, opens no other, and ends at sign-out or with its key', async (t) => {
  const server = await startServer(t);
  const { Endpoint: endpoint, AccountId } = server.root;
  const clientOf = (session: SessionReply) =>
    createClient({
      endpoint,
      accessKeyId: session.AccessKeyId,
      accessKeySecret: session.AccessKeySecret,
      securityToken: session.SecurityToken,
    });

  const opened = await open(server.client);
  assert.equal(opened.Arn, `acs:ram::${AccountId}:root`);
  assert.ok(Math.abs(opened.ExpireTime - Date.now() - 3_600_000) < 60_000);
  const session = clientOf(opened);
  assert.equal((await session.call('GetCallerIdentity', {})).Arn, opened.Arn);
  assert.equal((await session.fetch('/api/v1/builds')).status, 200);
  assert.equal((await session.fetch('/api/v1/session', { method: 'POST' })).status, 403);

  const bare = createClient({ endpoint, accessKeyId: opened.AccessKeyId, accessKeySecret: opened.AccessKeySecret });
  await assert.rejects(bare.call('GetCallerIdentity', {}), { code: 'MissingSecurityToken' });
  assert.equal((await fetch(`${endpoint}/api/v1/session`, { method: 'POST' })).ok, false);
  const foreign = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
  assert.equal((await server.client.fetch('/api/v1/session', foreign)).status, 403);

  assert.equal((await session.fetch('/api/v1/session', { method: 'DELETE' })).status, 200);
  await assert.rejects(session.call('GetCallerIdentity', {}), /./);

  await server.client.call('CreateUser', { UserName: 'reader' });
  const { AccessKey } = await server.client.call('CreateAccessKey', { UserName: 'reader' });
  const pair = { accessKeyId: AccessKey?.AccessKeyId ?? '', accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
  const reader = await open(createClient({ endpoint, ...pair }));
  assert.equal(reader.Arn, `acs:ram::${AccountId}:user/reader`);
  assert.equal((await clientOf(reader).fetch('/api/v1/builds')).status, 403);
  await server.client.call('DeleteAccessKey', { UserName: 'reader', UserAccessKeyId: pair.accessKeyId });
  await assert.rejects(clientOf(reader).call('GetCallerIdentity', {}), /./);
});

async function open(client: Client): Promise<SessionReply> {
  const response = await client.fetch('/api/v1/session', { method: 'POST' });
  assert.equal(response.status, 200);
  return (await response.json()) as SessionReply;
}
