import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeUser } from '../../server/src/gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { callV1, send, signAcs3, signV1, target } from '../../server/src/gateway/testing/send.ts';
import { parseXmlReplies } from '../support/api/xml.ts';

// Attacks on the API and on identity that other services have suffered, one test for each kind. For attacks on roles
// and sessions see server/src/account/assume-role.test.ts, on policies server/src/ram/decide-model.test.ts, on signed
// parts server/src/signature/tampering.test.ts, and with ids of others test/rights/foreign-ids.test.ts.

const JSON_REPLY = { accept: 'application/json' };
const SIGNATURE = 'SignatureDoesNotMatch';

async function codeOf(gateway: GatewayUnderTest, query: string): Promise<string> {
  return JSON.parse((await send(gateway, query, { headers: JSON_REPLY })).body).Code;
}

test('two credentials at once are refused, whichever of them is valid', async () => {
  await using gateway = await startGatewayUnderTest();
  const v1 = signV1(gateway, 'POST', { Action: 'ListInstance' });
  const acs3 = signAcs3(gateway, { 'x-acs-action': 'ListInstance' }, Object.entries(v1));
  const both = await send(gateway, target(v1), { method: 'POST', headers: acs3.flat() });
  assert.equal(JSON.parse(both.body).Code, 'InvalidParameter');
});

test('a duplicate parameter, in any letter case for common parameters, cannot smuggle in a value', async () => {
  await using gateway = await startGatewayUnderTest();
  const signed = signV1(gateway, 'GET', { Action: 'GetInstance', InstanceId: gateway.instanceId });
  const query = target(signed);
  for (const [name, value] of Object.entries(signed)) {
    for (const other of [value, 'another', '']) {
      for (const place of [`${query}&${name}=${encodeURIComponent(other)}`, `/?${name}=${other}&${query.slice(2)}`]) {
        assert.equal(await codeOf(gateway, place), 'InvalidParameter', `${name}=${other}`);
      }
    }
    const variant = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    const code = await codeOf(gateway, `${query}&${variant}=x`);
    assert.ok(['InvalidParameter', SIGNATURE].includes(code), `${variant}: ${code}`);
  }
});

test('bytes that are encoded twice, in part or as invalid UTF-8 are refused, or read exactly as signed', async () => {
  await using gateway = await startGatewayUnderTest();
  for (let byte = 0; byte < 256; byte++) {
    const hex = byte.toString(16).padStart(2, '0');
    for (const raw of [`%${hex}`, `%25${hex}`, `%${hex[0]}`, `%${hex}%${hex}`]) {
      const query = `${target(signV1(gateway, 'GET', { Action: 'ListInstance' }))}&InstanceName=${raw}`;
      const code = await codeOf(gateway, query);
      assert.ok([SIGNATURE, 'InvalidParameter'].includes(code), `${raw}: ${code}`);
    }
  }
});

test('only the algorithm of the signature form is accepted, however another one is spelled', async () => {
  await using gateway = await startGatewayUnderTest();
  const spellings = [
    '',
    'NONE',
    'none',
    'HMAC-SHA256',
    'HMAC-SHA1 ',
    ' HMAC-SHA1',
    'hmac-sha1',
    'HMAC-MD5',
    'SHA1',
    'RSA',
  ];
  for (const SignatureMethod of spellings) {
    const code = await codeOf(gateway, target(signV1(gateway, 'GET', { Action: 'ListInstance', SignatureMethod })));
    assert.ok(['InvalidParameter', 'MissingParameter'].includes(code), `${SignatureMethod}: ${code}`);
  }
  const lines = signAcs3(gateway, { 'x-acs-action': 'ListInstance' });
  for (const name of ['ACS3-HMAC-SHA1', 'ACS3-HMAC-SM3', 'ACS3-none', 'acs3-hmac-sha256']) {
    const changed = lines.map(([header, value]) => [header, value.replace('ACS3-HMAC-SHA256', name)]);
    const reply = await send(gateway, '/', { method: 'POST', headers: changed.flat() });
    assert.ok(reply.status >= 400 && reply.status < 500, `${name}: ${reply.status}`);
  }
});

test('an empty secret signs nothing, and only the code distinguishes an unknown key from a wrong signature', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const accessKeyId of [gateway.accessKeyId, 'unknown', '']) {
    const query = target(signV1({ accessKeyId, accessKeySecret: '' }, 'GET', { Action: 'ListInstance' }));
    const expected = {
      [gateway.accessKeyId]: SIGNATURE,
      unknown: 'InvalidAccessKeyId.NotFound',
      '': 'MissingParameter',
    };
    assert.equal(await codeOf(gateway, query), expected[accessKeyId]);
  }
});

test('a replayed request is refused, and a nonce belongs to its key only', async () => {
  await using gateway = await startGatewayUnderTest();
  const key = await makeUser(gateway, 'u');
  const query = target(signV1(gateway, 'GET', { Action: 'ListInstance', SignatureNonce: 'n' }));
  assert.equal(await codeOf(gateway, query), 'success');
  assert.equal(await codeOf(gateway, query), 'SignatureNonceUsed');
  const others = target(signV1(key, 'GET', { Action: 'ListInstance', SignatureNonce: 'n' }));
  assert.equal(await codeOf(gateway, others), 'NoPrivilege');
});

test('names of JavaScript’s own objects are ordinary names', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const name of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__proto__.x',
    'a.__proto__',
  ]) {
    const reply = await callV1(gateway, 'ListInstance', { [name]: 'x', InstanceName: name });
    assert.equal(reply.status, 200, `${name}: ${reply.body}`);
    assert.equal(await codeOf(gateway, target(signV1(gateway, 'GET', { Action: name }))), 'InvalidAction.NotFound');
  }
  assert.equal(({} as { x?: string }).x, undefined);
});

test('a value with markup or with a line of the server’s log comes back as plain text', async () => {
  await using gateway = await startGatewayUnderTest();
  const hostile = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `${text}]]>&<b>\u001b[31m\r\n\u2028`);
  const bodies: string[] = [];
  await fc.assert(
    fc.asyncProperty(hostile, async (value) => {
      const params = { Action: 'GetInstance', InstanceId: value, Format: 'XML' };
      const { body, headers } = await send(gateway, target(signV1(gateway, 'GET', params)));
      assert.equal(headers['x-content-type-options'], 'nosniff');
      bodies.push(body);
    }),
    { numRuns: 60 },
  );
  for (const reply of parseXmlReplies(bodies)) assert.match(JSON.stringify(reply), /INSTANCE_NOT_EXIST/);
  assert.deepEqual(gateway.faults, []);
});
