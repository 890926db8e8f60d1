import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { operation } from '#rpc/operation.ts';
import { loadOperations } from './load-operations.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway.ts';
import { operationsOf } from './testing/operations.ts';
import { callV1, type RawReply, send, signV1, target } from './testing/send.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const UUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;

function assertRefused(reply: RawReply, status: number, code: string, message?: RegExp): void {
  const body = JSON.parse(reply.body);
  assert.equal(body.Code, code, reply.body);
  assert.equal(reply.status, status, reply.body);
  if (message) assert.match(body.Message, message);
  assert.deepEqual(Object.keys(body), ['RequestId', 'HostId', 'Code', 'Message', 'Recommend']);
  assert.match(body.RequestId, UUID);
  assert.equal(reply.headers['x-acs-request-id'], body.RequestId);
}

function changed(gateway: GatewayUnderTest, change: Record<string, string | undefined>): string {
  const parameters = { ...signV1(gateway, 'GET', { Action: 'ListInstance' }), ...change };
  const sent = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return target(Object.fromEntries(sent));
}

test('answers a signed call from the query, from a body, and split between them', async () => {
  await using gateway = await startGatewayUnderTest();
  const params = { Action: 'GetInstance', InstanceId: gateway.instanceId };
  const all = signV1(gateway, 'POST', params);
  const { InstanceId, ...common } = signV1(gateway, 'POST', params);
  const replies = [
    await send(gateway, target(signV1(gateway, 'GET', params))),
    await send(gateway, '/', { method: 'POST', headers: FORM, body: target(all).slice(2) }),
    await send(gateway, target(common), { method: 'POST', headers: FORM, body: `InstanceId=${InstanceId}` }),
    await send(gateway, target(signV1(gateway, 'POST', params)), { method: 'POST', headers: FORM }),
  ];
  for (const reply of replies) {
    assert.equal(reply.status, 200, reply.body);
    assert.equal(reply.headers['content-type'], 'application/json;charset=utf-8');
    const body = JSON.parse(reply.body);
    assert.equal(body.InstanceId, gateway.instanceId);
    assert.deepEqual([body.Code, body.IsSuccess], ['success', true]);
    assert.match(body.RequestId, UUID);
  }
});

test('refuses what is unsigned, wrongly signed or signed in another way, each with its code', async () => {
  await using gateway = await startGatewayUnderTest();
  const cases: [Record<string, string | undefined>, number, string, RegExp?][] = [
    [{ AccessKeyId: undefined }, 400, 'MissingParameter', /"AccessKeyId"/],
    [{ Signature: undefined }, 400, 'MissingParameter', /"Signature"/],
    [{ Signature: '' }, 400, 'MissingParameter', /"Signature"/],
    [{ SignatureNonce: undefined }, 400, 'MissingParameter', /"SignatureNonce"/],
    [{ Timestamp: undefined }, 400, 'MissingParameter', /"Timestamp"/],
    [{ Action: undefined }, 400, 'MissingParameter', /"Action"/],
    [{ Version: undefined }, 400, 'MissingParameter', /"Version"/],
    [{ Version: '2016-06-07' }, 400, 'InvalidVersion'],
    [{ Action: 'ListEverything' }, 404, 'InvalidAction.NotFound'],
    [{ Action: 'listInstance' }, 404, 'InvalidAction.NotFound'],
    [{ Action: 'toString' }, 404, 'InvalidAction.NotFound'],
    [{ Action: 'GetInstance' }, 400, 'SignatureDoesNotMatch'],
    [{ Signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 400, 'SignatureDoesNotMatch'],
    [{ Signature: 'x' }, 400, 'SignatureDoesNotMatch'],
    [{ Signature: '💥' }, 400, 'SignatureDoesNotMatch'],
    [{ AccessKeyId: 'nobody' }, 404, 'InvalidAccessKeyId.NotFound'],
    [{ AccessKeyId: '__proto__' }, 404, 'InvalidAccessKeyId.NotFound'],
    [{ Extra: 'unsigned' }, 400, 'SignatureDoesNotMatch'],
    [{ Format: 'YAML' }, 400, 'InvalidParameter', /"Format"/],
    [{ action: 'ListInstance' }, 400, 'InvalidParameter', /"action"/],
    [{ SIGNATURE: 'x' }, 400, 'InvalidParameter', /"SIGNATURE"/],
    [{ TimeStamp: '2018-01-01T12:00:00Z' }, 400, 'InvalidParameter', /"Timestamp"/],
    [{ Timestamp: '2018-01-01T12:00:00Z' }, 400, 'InvalidTimeStamp.Expired'],
    [{ Timestamp: 'yesterday' }, 400, 'InvalidTimeStamp.Format'],
    [{ SignatureNonce: 'n'.repeat(129) }, 400, 'InvalidParameter', /"SignatureNonce"/],
  ];
  for (const [change, status, code, message] of cases) {
    const reply = await send(gateway, changed(gateway, change), { headers: { accept: 'application/json' } });
    assertRefused(reply, status, code, message);
  }
  assert.deepEqual(gateway.faults, []);
});

test('refuses a request that could be read in two ways', async () => {
  await using gateway = await startGatewayUnderTest();
  const good = target(signV1(gateway, 'GET', { Action: 'ListInstance' }));
  const json = { accept: 'application/json' };
  const post = { method: 'POST', headers: { ...json, ...FORM } };
  assertRefused(
    await send(gateway, `${good}&Action=ListInstance`, { headers: json }),
    400,
    'InvalidParameter',
    /"Action"/,
  );
  assertRefused(
    await send(gateway, good, { ...post, body: 'Action=GetInstance' }),
    400,
    'InvalidParameter',
    /"Action"/,
  );
  assertRefused(await send(gateway, `${good}&%41ction=x`, { headers: json }), 400, 'InvalidParameter', /"Action"/);
  assertRefused(await send(gateway, `${good}&a=%zz`, { headers: json }), 400, 'InvalidParameter', /"a"/);
  assertRefused(await send(gateway, `${good}&a=%ff`, { headers: json }), 400, 'InvalidParameter', /"a"/);
  const many = Array.from({ length: 1001 }, (_, i) => `p${i}=`).join('&');
  assertRefused(await send(gateway, '/', { ...post, body: many }), 400, 'InvalidParameter', /1000/);
  const typed = { method: 'POST', headers: { ...json, 'content-type': 'application/json' }, body: '{}' };
  assertRefused(await send(gateway, good, typed), 400, 'InvalidParameter', /"Content-Type"/);
  const acs3 = { ...json, authorization: 'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b' };
  assertRefused(await send(gateway, good, { headers: acs3 }), 400, 'InvalidParameter', /"Signature"/);
});

test('refuses a body over one MiB with a readable reply, at once or after reading on', async () => {
  await using gateway = await startGatewayUnderTest();
  const post = { method: 'POST', headers: { accept: 'application/json', ...FORM } };
  for (const sizeBytes of [1024 * 1024 + 1, 6 * 1024 * 1024]) {
    const reply = await send(gateway, '/', { ...post, body: Buffer.alloc(sizeBytes, 'a') });
    assertRefused(reply, 400, 'InvalidParameter', /"body"/);
  }
  const large = Array.from({ length: 16 }, (_, i) => `&a${i}=${'b'.repeat(65_000)}`).join('');
  const reply = await send(gateway, '/', { ...post, body: `Action=ListInstance${large}` });
  assertRefused(reply, 400, 'MissingParameter', /"Version"/);
});

test('ends the message of a mismatch with the string to sign, nothing after it', async () => {
  await using gateway = await startGatewayUnderTest();
  const reply = await send(gateway, changed(gateway, { Signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }));
  const { Message } = JSON.parse(reply.body);
  const prefix = 'Specified signature is not matched with our calculation. server string to sign is:';
  assert.ok(Message.startsWith(`${prefix}GET&%2F&AccessKeyId%3Dtest-key%26Action%3DListInstance%26Format%3DJSON%26`));
  assert.match(Message, /%26Version%3D2018-12-01$/);
});

test('answers the same signed request once', async () => {
  await using gateway = await startGatewayUnderTest();
  const once = target(signV1(gateway, 'GET', { Action: 'ListInstance' }));
  assert.equal((await send(gateway, once)).status, 200);
  assertRefused(await send(gateway, once), 400, 'SignatureNonceUsed');
  const badly = { ...signV1(gateway, 'GET', { Action: 'ListInstance', SignatureNonce: 'fixed' }), Signature: 'x' };
  assertRefused(await send(gateway, target(badly)), 400, 'SignatureDoesNotMatch');
  const first = signV1(gateway, 'GET', { Action: 'ListInstance', SignatureNonce: 'fixed' });
  assert.equal((await send(gateway, target(first))).status, 200);
});

test('a nonce is on file before its reply goes out, and before a call that changes something runs', async () => {
  const lines = () => {
    const files = readdirSync(gateway.nonceFolder).filter((name) => name.endsWith('.nonces'));
    return files.flatMap((name) => readFileSync(join(gateway.nonceFolder, name), 'latin1').match(/\n/g) ?? []).length;
  };
  const seen: number[] = [];
  const change = operation('CreateNamespace', {
    async run() {
      seen.push(lines());
      return {};
    },
  });
  const operations = new Map([...(await loadOperations()), ...operationsOf(change)]);
  await using gateway = await startGatewayUnderTest({ operations });
  const reply = await callV1(gateway, 'GetInstance', { InstanceId: gateway.instanceId });
  assert.equal(reply.status, 200, reply.body);
  assert.equal(lines(), 1);
  const created = await callV1(gateway, 'CreateNamespace', { InstanceId: gateway.instanceId, NamespaceName: 'team' });
  assert.equal(created.status, 200, created.body);
  assert.deepEqual(seen, [2]);
});

test('refuses methods other than GET and POST', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const reply = await send(gateway, '/', { method, headers: { accept: 'application/json' } });
    assertRefused(reply, 403, 'UnsupportedHTTPMethod');
  }
});

test('names a wrong parameter only to who may call, and an unbuilt operation whatever its parameters', async () => {
  await using gateway = await startGatewayUnderTest({ operations: new Map() });
  assertRefused(await callV1(gateway, 'CreateChain'), 400, 'NotImplemented', /CreateChain/);
  assertRefused(await send(gateway, '/?Action=CreateChain&Version=2018-12-01&Format=json'), 400, 'MissingParameter');
});

test('answers a fault of its own with nothing of it, and tells the logger under the same RequestId', async () => {
  const cause = new Error('disk on fire');
  const broken = operation('GetInstance', {
    run: async () => {
      throw new Error('read instance', { cause });
    },
  });
  await using gateway = await startGatewayUnderTest({ operations: operationsOf(broken) });
  const reply = await callV1(gateway, 'GetInstance', { InstanceId: 'cri-1' });
  assertRefused(reply, 500, 'SystemError', /^Unknown error\.$/);
  assert.doesNotMatch(reply.body, /disk|read instance/);
  const [fault] = gateway.faults as { requestId: string; action: string; err: Error }[];
  assert.equal(fault?.requestId, JSON.parse(reply.body).RequestId);
  assert.equal(fault?.action, 'GetInstance');
  assert.equal(fault?.err.cause, cause);
});

test('chooses the format by parameter, then by Accept, then by the form of the signature', async () => {
  await using gateway = await startGatewayUnderTest();
  const type = async (params: Record<string, string>, headers: Record<string, string> = {}) =>
    (await send(gateway, target(signV1(gateway, 'GET', { Action: 'ListInstance', ...params })), { headers })).headers[
      'content-type'
    ];
  const [json, xml] = ['application/json;charset=utf-8', 'text/xml;charset=utf-8'];
  assert.equal(await type({ Format: 'json' }), json);
  assert.equal(await type({ Format: 'xMl' }, { accept: 'application/json' }), xml);
  assert.equal(await type({ Format: '' }, { accept: 'application/json' }), json);
  assert.equal(await type({ Format: '' }), xml);
  assert.equal((await send(gateway, '/')).headers['content-type'], xml);
});

/** Writes these bytes and answers what came back until the server closed. */
function talk(gateway: GatewayUnderTest, text: string, { end = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.endpoint).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(heard));
    if (end) socket.end(text);
    else socket.write(text);
  });
}

test('survives a client that leaves in the middle of its body', async () => {
  await using gateway = await startGatewayUnderTest();
  await talk(gateway, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf', { end: true });
  assert.equal((await callV1(gateway, 'ListInstance')).status, 200);
  assert.deepEqual(gateway.faults, []);
});

test("answers what is no HTTP request in the vendor's shape", async () => {
  await using gateway = await startGatewayUnderTest();
  const smuggled = 'Content-Length: 5\r\nTransfer-Encoding: chunked';
  const requests: [string, number][] = [
    ['hello\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n', 400],
    [`POST / HTTP/1.1\r\nHost: x\r\n${smuggled}\r\n\r\n0\r\n\r\n`, 400],
    [`GET /?a=${'b'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ];
  for (const [text, status] of requests) {
    const heard = await talk(gateway, text);
    assert.match(
      heard,
      new RegExp(`^HTTP/1\\.1 ${status} .*<Error><RequestId>.*<Code>InvalidParameter</Code>`, 's'),
      text,
    );
  }
});

test('answers requests to another path than / as not found', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const path of ['/x', '//', '/%2f', `http://${gateway.host}/`]) {
    assertRefused(
      await send(gateway, path, { headers: { accept: 'application/json' } }),
      404,
      'InvalidAction.NotFound',
    );
  }
});
