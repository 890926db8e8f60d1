import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createClient } from '../../client/src/client.ts';
import { startGatewayUnderTest } from '../../server/src/gateway/gateway-under-test.ts';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { callV1, send, signV1, target } from '../../server/src/gateway/send-under-test.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';

const actions = (Object.keys(operationSpecs) as Action[]).filter((action) => operationSpecs[action].product === 'cr');
const accept = { accept: 'application/json' };

test('every one of the 119 actions is refused unsigned and wrongly signed', async () => {
  await using gateway = await startGatewayUnderTest();
  assert.equal(actions.length, 119);
  for (const action of actions) {
    const query = `/?Action=${action}&Version=2018-12-01`;
    const unsigned = await send(gateway, query, { headers: accept });
    assert.equal(unsigned.status, 400, action);
    assert.equal(JSON.parse(unsigned.body).Code, 'MissingParameter', action);
    const empty = await send(gateway, `${query}&AccessKeyId=&Signature=`, { headers: accept });
    assert.equal(empty.status, 400, action);
    const signed = signV1(gateway, 'GET', { Action: action });
    for (const Signature of ['AAAA', signed.Signature?.slice(0, -1) ?? '', `${signed.Signature}=`]) {
      const wrong = await send(gateway, target({ ...signed, Signature }));
      assert.equal(JSON.parse(wrong.body).Code, 'SignatureDoesNotMatch', action);
    }
    const headers = { ...accept, 'x-acs-action': action, 'x-acs-version': '2018-12-01' };
    const anonymous = await send(gateway, '/', { method: 'POST', headers });
    assert.equal(JSON.parse(anonymous.body).Code, 'MissingParameter', action);
  }
});

test('every one of the 119 actions is answered by its operation, or 501, in both signature forms', async () => {
  await using gateway = await startGatewayUnderTest();
  const operations = await loadOperations();
  const client = createClient(gateway);
  for (const action of actions) {
    const v1 = await callV1(gateway, action);
    const acs3 = await client.callAny(action, {}).then(
      () => 200,
      (error) => error.status,
    );
    if (operations.has(action)) assert.ok(v1.status < 500, `${action}: ${v1.body}`);
    else assert.equal(v1.status, 501, `${action}: ${v1.body}`);
    assert.equal(acs3, v1.status, action);
  }
  assert.deepEqual(gateway.faults, []);
});

test('unimplemented-actions.txt lists exactly the actions without an operation', async () => {
  const operations = await loadOperations();
  const file = new URL('../../unimplemented-actions.txt', import.meta.url);
  const expected = actions.filter((action) => !operations.has(action)).sort();
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, expected.map((action) => `${action}\n`).join(''));
  const listed = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  assert.deepEqual(listed, expected);
});
