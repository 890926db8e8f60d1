import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import { type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { openLogin } from '#testing/login.ts';

test('a login to the registry keeps to the conditions of policies: address, time and transport', async () => {
  let nowMs = Date.now();
  await using gateway = await startGatewayUnderTest({ means: { now: () => nowMs } });
  await using it = await openLogin(gateway);
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'ns' });
  const repository = { RepoNamespaceName: 'ns', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  await owner(gateway, 'CreateRepository', { InstanceId, ...repository });
  const pulls = 'cr:PullRepository';
  const office = await makeUser(gateway, 'office', {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: pulls, Resource: '*', Condition: { IpAddress: { 'acs:SourceIp': '203.0.113.0/24' } } },
      {
        Effect: 'Allow',
        Action: 'cr:PushRepository',
        Resource: '*',
        Condition: { Bool: { 'acs:SecureTransport': 'true' } },
      },
    ],
  });
  assert.equal(await it.login(office, { sourceIp: '203.0.113.9', secureTransport: true }), 'pull,push');
  assert.equal(await it.login(office, { sourceIp: '203.0.113.9' }), 'pull');
  assert.equal(await it.login(office, { sourceIp: '198.51.100.9', secureTransport: true }), 'push');
  assert.equal(await it.login(office, {}), '');

  const peer = await makeUser(gateway, 'peer', policy('Allow', ['cr:PushRepository', 'cr:CreateRepositorySync']));
  const replicates = async (user: KeyUnderTest) => {
    const { answer } = await it.ask(user, { secureTransport: true }, ['repository:ns/app:push']);
    return 'body' in answer && decodeJwt(answer.body.token).replicates === true;
  };
  assert.equal(await replicates(peer), true);
  assert.equal(await replicates(office), false, 'a login that only pushes');

  const end = new Date(nowMs + 3_600_000).toISOString();
  const guest = await makeUser(
    gateway,
    'guest',
    policy('Allow', pulls, '*', { DateLessThan: { 'acs:CurrentTime': end } }),
  );
  assert.equal(await it.login(guest, {}), 'pull');
  nowMs += 3_600_000;
  assert.equal(await it.login(guest, {}), '');

  nowMs -= 3_600_000;
  const { calls } = await it.calls.list({ action: pulls, result: 'denied' }, { limit: 10 });
  assert.deepEqual(
    calls.map(({ callerArn, sourceIp, code }) => [callerArn.split('/')[1], sourceIp, code]),
    [
      ['guest', undefined, 'NoPrivilege'],
      ['office', undefined, 'NoPrivilege'],
      ['office', '198.51.100.9', 'NoPrivilege'],
    ],
  );
  const used = await owner(gateway, 'GetAccessKeyLastUsed', { UserName: 'guest', UserAccessKeyId: guest.accessKeyId });
  assert.ok(used.AccessKeyLastUsed.LastUsedDate, 'a login is a use of the key');
});

test('the record of calls has each login to the registry under its RequestId: what was refused first, and wrong passwords', async () => {
  await using gateway = await startGatewayUnderTest();
  await using it = await openLogin(gateway);
  const reader = await makeUser(gateway, 'reader', policy('Allow', 'cr:PullRepository'));
  const found = async (key: KeyUnderTest, scopes: string[]) => {
    const { requestId } = await it.ask(key, { sourceIp: '203.0.113.9' }, scopes);
    const call = await it.calls.find(requestId);
    return call && [call.callerArn.split('/')[1], call.accessKeyId, call.action, call.denied, call.code, call.sourceIp];
  };
  const id = reader.accessKeyId;
  const scopes = ['repository:ns/app:push', 'repository:ns/app:pull'];
  const denied = ['reader', id, 'cr:PushRepository', true, 'NoPrivilege', '203.0.113.9'];
  assert.deepEqual(await found(reader, scopes), denied);
  const wrong = { ...reader, accessKeySecret: 'wrong' };
  assert.deepEqual(await found(wrong, scopes), [undefined, id, 'GET /token', true, 'UNAUTHORIZED', '203.0.113.9']);
  const { requestId } = await it.ask({ accessKeyId: 'my secret', accessKeySecret: 'x' }, {}, []);
  assert.equal((await it.calls.find(requestId))?.accessKeyId, '');
  const plain = await it.ask(reader, {}, []);
  await it.calls.close();
  assert.equal((await it.calls.find(plain.requestId))?.code, 'success');
});
