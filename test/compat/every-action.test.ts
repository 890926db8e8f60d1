import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createClient } from '../../client/src/client.ts';
import type { Tables } from '../../server/src/db/schema/schema.ts';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { type KeyUnderTest, makeUser, policy } from '../../server/src/gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { callV1, type RawReply, send, signAcs3, signV1, target } from '../../server/src/gateway/testing/send.ts';
import { type Action, operationSpecs, productVersions } from '../../server/src/rpc/spec.gen.ts';
import { wireAction } from '../../server/src/rpc/wire-action.ts';
import { sampleParams } from '../support/api/sample-params.ts';

const actions = (Object.keys(operationSpecs) as Action[]).filter((action) => operationSpecs[action].product === 'cr');
const ACCEPT = { accept: 'application/json' };

test('every action of every product is refused without a credential and with any wrong one, and changes nothing', async () => {
  await using gateway = await startGatewayUnderTest();
  const other = await makeUser(gateway, 'other', policy('Allow', '*'));
  const before = await everythingOf(gateway);
  for (const action of Object.keys(operationSpecs) as Action[]) {
    const Version = productVersions[operationSpecs[action].product];
    const Action = wireAction(action);
    const call = { ...sampleParams(action, { InstanceId: gateway.instanceId }), Action, Version };
    const signed = signV1(gateway, 'GET', call);
    const { Signature = '' } = signed;
    const headers = { accept: 'application/json', 'x-acs-action': Action, 'x-acs-version': Version };
    const acs3 = (key: KeyUnderTest) => signAcs3({ ...gateway, ...key }, headers).flat();
    const post = (lines: Record<string, string> | string[], query = '/') =>
      send(gateway, query, { method: 'POST', headers: lines });
    const v1 = (params: Record<string, string>) => send(gateway, target(params), { headers: ACCEPT });
    const swapped = { accessKeyId: gateway.accessKeyId, accessKeySecret: other.accessKeySecret };
    const cases: [credential: string, code: string, reply: Promise<RawReply>][] = [
      ['none', 'MissingParameter', v1({ ...call, Format: 'JSON' })],
      ['none, ACS3', 'MissingParameter', post(headers)],
      ['empty', 'MissingParameter', v1({ ...signed, AccessKeyId: '', Signature: '' })],
      ['empty signature', 'MissingParameter', v1({ ...signed, Signature: '' })],
      ['another signature', 'SignatureDoesNotMatch', v1({ ...signed, Signature: 'AAAA' })],
      ['cut', 'SignatureDoesNotMatch', v1({ ...signed, Signature: Signature.slice(0, -1) })],
      ['longer', 'SignatureDoesNotMatch', v1({ ...signed, Signature: `${Signature}=` })],
      ['of another key', 'SignatureDoesNotMatch', v1(signV1(swapped, 'GET', call))],
      ['under another id', 'SignatureDoesNotMatch', v1({ ...signed, AccessKeyId: other.accessKeyId })],
      ['of another key, ACS3', 'SignatureDoesNotMatch', post(acs3(swapped))],
      ['both at once', 'InvalidParameter', post(acs3(gateway), target(signV1(gateway, 'POST', call)))],
    ];
    for (const [credential, code, reply] of cases) {
      const { status, body } = await reply;
      assert.ok(status >= 400 && status < 500, `${action} ${credential}: ${status}`);
      assert.equal(JSON.parse(body).Code, code, `${action} ${credential}: ${body}`);
    }
  }
  assert.deepEqual(await everythingOf(gateway), before);
  assert.deepEqual(gateway.faults, []);
});

test('every one of the 119 actions is answered by its operation, refused with its reason, or not implemented, never 5xx, in both signature forms', async () => {
  await using gateway = await startGatewayUnderTest();
  assert.equal(actions.length, 119);
  const operations = await loadOperations();
  const client = createClient(gateway);
  for (const action of actions) {
    const v1 = await callV1(gateway, action);
    const acs3 = await client.callAny(action, {}).then(
      () => 200,
      (error) => error.status,
    );
    const { refusal } = operationSpecs[action];
    assert.ok(!(refusal && operations.has(action)), `${action} is both built and refused`);
    const { Code, Message } = JSON.parse(v1.body);
    assert.ok(v1.status < 500, `${action}: ${v1.body}`);
    if (refusal) assert.deepEqual([v1.status, Code, Message], [refusal.status, refusal.code, refusal.message]);
    else assert.equal(Code === 'NotImplemented', !operations.has(action), `${action}: ${v1.body}`);
    assert.equal(acs3, v1.status, action);
  }
  assert.deepEqual(gateway.faults, []);
});

test('unimplemented-actions.txt lists exactly the actions that are neither built nor refused', async () => {
  const operations = await loadOperations();
  const file = new URL('../../unimplemented-actions.txt', import.meta.url);
  const expected = actions.filter((action) => !operations.has(action) && !operationSpecs[action].refusal).sort();
  const listed = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  assert.deepEqual(listed, expected);
});

/** All rows of all tables. */
async function everythingOf({ means: { db } }: GatewayUnderTest): Promise<unknown> {
  const tables = await db.introspection.getTables();
  return Promise.all(
    tables.map(({ name }) =>
      db
        .selectFrom(name as keyof Tables)
        .selectAll()
        .execute(),
    ),
  );
}
