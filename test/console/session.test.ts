import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { type Client, createClient } from '../../client/src/client.ts';
import { startServer } from '../support/slipway.ts';

interface SessionReply {
  AccessKeyId: string;
  AccessKeySecret: string;
  SecurityToken: string;
  ExpireTime: number;
  Arn: string;
}
interface Refusal {
  Code: string;
  Message: string;
}

test('sessions of the console', async (t) => {
  const server = await startServer(t);

  await t.test(
    'a console session acts as the caller for an hour, opens no other session, and ends at sign-out or with its key',
    async () => {
      const { Endpoint: endpoint, AccountId } = server.root;
      const askedMs = Date.now();
      const opened = await open(server.client);
      assert.equal(opened.Arn, `acs:ram::${AccountId}:root`);
      const lastsMs = 3_600_000;
      assert.ok(askedMs + lastsMs <= opened.ExpireTime && opened.ExpireTime <= Date.now() + lastsMs);
      const session = clientOf(endpoint, opened);
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
      assert.equal((await clientOf(endpoint, reader).fetch('/api/v1/builds')).status, 403);
      await server.client.call('DeleteAccessKey', { UserName: 'reader', UserAccessKeyId: pair.accessKeyId });
      await assert.rejects(clientOf(endpoint, reader).call('GetCallerIdentity', {}), /./);
    },
  );

  await t.test(
    'a renewal cookie only renews: it signs nothing, no script can read it, and it ends at sign-out',
    async () => {
      const { Endpoint: endpoint } = server.root;
      const opened = await server.client.fetch('/api/v1/session', { method: 'POST' });
      const [cookie = '', ...attributes] = (opened.headers.get('set-cookie') ?? '').split('; ');
      assert.deepEqual(attributes.slice(0, 3), ['Path=/api/v1/session', 'HttpOnly', 'SameSite=Strict']);
      const withCookie = (path: string, headers: Record<string, string> = {}, method = 'POST') =>
        fetch(`${endpoint}${path}`, { method, headers: { cookie, ...headers } });

      const renewed = await withCookie('/api/v1/session/renew');
      assert.equal(renewed.status, 200);
      const session = (await renewed.json()) as SessionReply;
      assert.equal((await clientOf(endpoint, session).call('GetCallerIdentity', {})).Arn, session.Arn);
      assert.equal((await fetch(`${endpoint}/api/v1/session/renew`, { method: 'POST' })).status, 204);
      for (const [method, path] of [
        ['GET', '/api/v1/builds'],
        ['POST', '/api/v1/session'],
        ['DELETE', '/api/v1/session'],
      ] as const) {
        assert.ok((await withCookie(path, {}, method)).status >= 400, `${method} ${path}`);
      }
      assert.equal((await withCookie('/api/v1/session/renew', { origin: 'http://evil.example' })).status, 403);
      assert.equal((await withCookie('/api/v1/session/renew', { 'sec-fetch-site': 'same-site' })).status, 403);
      assert.equal((await withCookie('/api/v1/session/renew', { origin: endpoint })).status, 200);
      await clientOf(endpoint, session).fetch('/api/v1/session', { method: 'DELETE', headers: { cookie } });
      assert.equal((await withCookie('/api/v1/session/renew')).status, 204);
      const { Calls } = await callNative(server.client, 'listCalls', { action: 'console:*', caller: session.Arn });
      assert.deepEqual(
        Calls.map(({ Action, Code }) => `${Action} ${Code}`).slice(0, 4),
        ['console:SignOut', 'console:RenewSession', 'console:RenewSession', 'console:SignIn'].map(
          (a) => `${a} success`,
        ),
      );

      assert.equal(await statusFor(endpoint, '/console/', 'evil.example'), 421);
      assert.equal(await statusFor(endpoint, '/api/v1/session/renew', 'evil.example:80', 'POST'), 421);
      assert.equal(await statusFor(endpoint, '/console/', 'localhost:1'), 200);
    },
  );

  await t.test(
    'a console password opens its user’s session on localhost, a change can be enforced, and guessing is slowed down',
    async () => {
      const { Endpoint: endpoint, AccountId } = server.root;
      const signIn = (fields: Record<string, string>, host?: string) =>
        postJson(`${endpoint}/api/v1/session/password`, fields, host);
      await server.client.call('CreateUser', { UserName: 'ada' });
      const profile = { UserName: 'ada', Password: 'first-of-ada', PasswordResetRequired: true };
      await server.client.call('CreateLoginProfile', profile);

      const first = { UserName: 'ada', Password: 'first-of-ada' };
      assert.equal((await signIn(first)).Code, 'PasswordResetRequired');
      assert.match((await signIn({ ...first, NewPassword: 'short' })).Message ?? '', /Password.*5 characters/);
      const second = await signIn({ ...first, NewPassword: 'second-of-ada' });
      assert.equal(second.Arn, `acs:ram::${AccountId}:user/ada`);
      const session = clientOf(endpoint, second as SessionReply);
      assert.equal((await session.call('GetCallerIdentity', {})).Arn, second.Arn);
      assert.equal((await signIn(first)).Code, 'IncorrectPassword');
      assert.equal((await signIn({ UserName: 'nobody', Password: 'first-of-ada' })).Code, 'IncorrectPassword');
      assert.match((await signIn(first, '10.0.0.1:8720')).Message ?? '', /https, or localhost/);
      await server.client.call('UpdateLoginProfile', { UserName: 'ada', Password: 'third-of-ada' });
      await assert.rejects(session.call('GetCallerIdentity', {}), /./);
      for (let guesses = 0; guesses < 9; guesses++) await signIn({ UserName: 'ada', Password: `guess-${guesses}` });
      assert.equal((await signIn({ UserName: 'ada', Password: 'third-of-ada' })).Code, 'Throttling');
    },
  );
});

async function open(client: Client): Promise<SessionReply> {
  const response = await client.fetch('/api/v1/session', { method: 'POST' });
  assert.equal(response.status, 200);
  return (await response.json()) as SessionReply;
}

function clientOf(endpoint: string, session: SessionReply): Client {
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = session;
  return createClient({ endpoint, accessKeyId, accessKeySecret, securityToken });
}

/** The status of a request that names another host; fetch would not send it. */
async function statusFor(endpoint: string, path: string, host: string, method = 'GET'): Promise<number | undefined> {
  const sent = request(`${endpoint}${path}`, { method, headers: { host } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

async function postJson(url: string, fields: object, host?: string): Promise<Partial<SessionReply & Refusal>> {
  const headers = { 'content-type': 'application/json', ...(host ? { host } : {}) };
  const sent = request(url, { method: 'POST', headers }).end(JSON.stringify(fields));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return JSON.parse(Buffer.concat(await response.toArray()).toString()) as Partial<SessionReply & Refusal>;
}
