import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createClient } from '../../client/src/client.ts';
import { native, startServer } from '../support/slipway.ts';
import { familyOf, searchMemory, unlessGone } from './process-memory.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'set SLIPWAY_TEST_LONG=1 to run it'
    : process.getuid?.() !== 0 && 'it reads the memory of other processes, so it must run as root';

test('a secret that was not used since the start is in no memory of the server and its children, as a core dump would show', {
  skip,
}, async (t) => {
  const first = await startServer(t);
  const { client, root, dataFolder } = first;
  await client.call('CreateUser', { UserName: 'robot' });
  const password = 'canary-of-the-password';
  await client.call('CreateLoginProfile', { UserName: 'robot', Password: password });
  const used = await client.call('CreateAccessKey', { UserName: 'robot' });
  const unused = await client.call('CreateAccessKey', { UserName: 'robot' });
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${root.AccountId}:root`] } };
  const document = JSON.stringify({ Version: '1', Statement: [trust] });
  const { Role } = await client.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: document });
  const { Credentials } = await client.call('AssumeRole', { RoleArn: Role?.Arn ?? '', RoleSessionName: 'nightly' });
  const { Token: bearerToken, TokenId: bearerTokenId } = await native(client, '/api/v1/tokens', {});
  const codeHostToken = 'canary-of-the-code-host';
  const codeHost = await client.fetch('/api/v1/sources/GITLAB', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ BaseUrl: 'https://gitlab.example', Token: codeHostToken }),
  });
  assert.equal(codeHost.status, 200, await codeHost.text());
  assert.equal(await first.stop(), 0);

  const secrets = {
    'secret of a key': unused.AccessKey?.AccessKeySecret ?? '',
    'secret of a session': Credentials?.AccessKeySecret ?? '',
    'token of a session': Credentials?.SecurityToken ?? '',
    password: password,
    'bearer token': String(bearerToken),
    'token of a code host': codeHostToken,
  };
  assert.ok(Object.values(secrets).every((secret) => secret.length >= 20));
  const usedKey = 'secret of a key that signed';
  const server = await startServer(t, { dataFolder });
  const pair = {
    accessKeyId: used.AccessKey?.AccessKeyId ?? '',
    accessKeySecret: used.AccessKey?.AccessKeySecret ?? '',
  };
  await createClient({ endpoint: server.root.Endpoint, ...pair }).call('GetCallerIdentity', {});
  for (let i = 0; i < 20; i++) {
    await server.client.call('ListAccessKeys', { UserName: 'robot' });
    await server.client.call('GetLoginProfile', { UserName: 'robot' });
    await native(server.client, '/api/v1/tokens');
    await native(server.client, '/api/v1/sources');
  }
  // The search finds values that the server did use, so it would find the secrets too.
  const known = { [usedKey]: pair.accessKeySecret, 'id of a token': String(bearerTokenId) };
  assert.deepEqual(searchMemory(server.child.pid ?? 0, { ...secrets, ...known }), Object.keys(known).sort());
  const searched = familyOf(server.child.pid ?? 0)
    .slice(1)
    .map((pid) =>
      unlessGone(() => {
        const program = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        assert.deepEqual(searchMemory(pid, { ...secrets, [usedKey]: pair.accessKeySecret }), [], program);
        return program;
      }),
    );
  assert.ok(searched.includes('docker-registry'), String(searched));
});
