import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { type RawReply, send, signAcs3 } from '#gateway/testing/send.ts';

const ACTION = { 'x-acs-action': 'ListInstance' };
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Posts with these header lines and the body's length. */
function post(gateway: GatewayUnderTest, lines: [string, string][], target = '/', body = ''): Promise<RawReply> {
  const headers = [...lines.flat(), 'content-length', String(Buffer.byteLength(body))];
  return send(gateway, target, { method: 'POST', headers, body });
}

function assertRefused(reply: RawReply, code: string, message: RegExp): void {
  const body = JSON.parse(reply.body);
  assert.deepEqual([reply.status, body.Code], [400, code], reply.body);
  assert.match(body.Message, message);
}

test('reads parameters from a signed query and from a signed form body', async () => {
  await using gateway = await startGatewayUnderTest();
  const get = { 'x-acs-action': 'GetInstance' };
  const inQuery = signAcs3(gateway, get, [['InstanceId', gateway.instanceId]]);
  assert.equal((await post(gateway, inQuery, `/?InstanceId=${gateway.instanceId}`)).status, 200);
  const body = `InstanceId=${gateway.instanceId}`;
  const inBody = signAcs3(gateway, { ...get, 'content-type': FORM_TYPE }, [], body);
  assert.equal((await post(gateway, inBody, '/', body)).status, 200);
});

test('refuses a body that does not have the signed hash', async () => {
  await using gateway = await startGatewayUnderTest();
  const lines = signAcs3(gateway, { ...ACTION, 'content-type': FORM_TYPE }, [], 'PageSize=1');
  assertRefused(await post(gateway, lines, '/', 'PageSize=2'), 'IncompleteSignature', /not the SHA-256 of the body/);
  assertRefused(await post(gateway, lines), 'IncompleteSignature', /not the SHA-256 of the body/);
});

test('refuses a body whose type is not signed', async () => {
  await using gateway = await startGatewayUnderTest();
  const lines = signAcs3(gateway, ACTION, [], 'PageSize=1');
  const typed: [string, string][] = [...lines, ['content-type', FORM_TYPE]];
  assertRefused(await post(gateway, typed, '/', 'PageSize=1'), 'IncompleteSignature', /content-type is not signed/);
});

test('reads the operation from the signed header, and refuses a parameter that names another', async () => {
  await using gateway = await startGatewayUnderTest();
  const other = signAcs3(gateway, ACTION, [['Action', 'GetInstance']]);
  assertRefused(await post(gateway, other, '/?Action=GetInstance'), 'InvalidParameter', /"Action".*x-acs-action/);
  const version = signAcs3(gateway, ACTION, [['Version', '2016-06-07']]);
  assertRefused(await post(gateway, version, '/?Version=2016-06-07'), 'InvalidParameter', /"Version"/);
});

test('accepts a temporary key only with its own token', async () => {
  const [accessKeyId, accessKeySecret, securityToken] = ['STS.temporary', 'temporary-secret', 'token-1'];
  const owner = { kind: 'root', accountId: '1', accessKeyId, arn: 'acs:ram::1:root' } as const;
  const status = 'Active' as const;
  const account = {
    findKey: (id: string) =>
      id === accessKeyId ? { accessKeyId, accessKeySecret, securityToken, status, principal: owner } : undefined,
  };
  await using gateway = await startGatewayUnderTest({ account });
  const signer = { host: gateway.host, accessKeyId, accessKeySecret };
  const token = (value: string) => ({ ...ACTION, 'x-acs-accesskey-id': accessKeyId, 'x-acs-security-token': value });
  assert.equal((await post(gateway, signAcs3(signer, token('token-1')))).status, 200);
  const mismatch = 'InvalidSecurityToken.MismatchWithAccessKey';
  assertRefused(await post(gateway, signAcs3(signer, token('token-2'))), mismatch, /SecurityToken/);
  assertRefused(await post(gateway, signAcs3(signer, ACTION)), 'MissingSecurityToken', /SecurityToken/);
  const named = signAcs3(signer, { ...token('token-1'), 'x-acs-accesskey-id': 'another' });
  assertRefused(await post(gateway, named), 'InvalidParameter', /x-acs-accesskey-id/);
});

test('refuses a token with a permanent key', async () => {
  await using gateway = await startGatewayUnderTest();
  const lines = signAcs3(gateway, { ...ACTION, 'x-acs-security-token': 'any' });
  assertRefused(await post(gateway, lines), 'InvalidSecurityToken.MismatchWithAccessKey', /SecurityToken/);
});

test('denies a caller without a policy the same way for what exists, what does not, and what this server refuses', async () => {
  const [accessKeyId, accessKeySecret] = ['user-key', 'user-secret'];
  const caller = { accountId: '1', accessKeyId, arn: 'acs:ram::1:user/u', userId: '2', userName: 'u' };
  const principal = { kind: 'user' as const, ...caller, policies: [] };
  const key = { accessKeyId, accessKeySecret, status: 'Active' as const, principal };
  const account = { findKey: () => key };
  await using gateway = await startGatewayUnderTest({ account });
  const signer = { host: gateway.host, accessKeyId, accessKeySecret };
  const ask = async (name: string, instanceId: string) => {
    const lines = signAcs3(signer, { 'x-acs-action': name }, [['InstanceId', instanceId]]);
    const { status, body } = await post(gateway, lines, `/?InstanceId=${instanceId}`);
    const { Code, Message } = JSON.parse(body);
    return [status, Code, Message];
  };
  const denied = [403, 'NoPrivilege', 'Access denied for this user.'];
  assert.deepEqual(await ask('GetInstance', gateway.instanceId), denied);
  assert.deepEqual(await ask('GetInstance', 'cri-none'), denied);
  assert.deepEqual(await ask('ListScanBaselineByTask', gateway.instanceId), denied);
});

test('accepts the public host instead of the one a proxy sent, and no other', async () => {
  await using gateway = await startGatewayUnderTest({ publicHost: 'builds.example:8443' });
  const sentTo = (host: string) => {
    const lines = signAcs3({ ...gateway, host }, ACTION);
    // A proxy sends the host that it connects to.
    return post(
      gateway,
      lines.map(([name, value]) => (name === 'host' ? [name, gateway.host] : [name, value])),
    );
  };
  assert.equal((await sentTo('builds.example:8443')).status, 200);
  assert.equal((await sentTo(gateway.host)).status, 200);
  assertRefused(await sentTo('elsewhere.example'), 'SignatureDoesNotMatch', /server string to sign is:/);
});
