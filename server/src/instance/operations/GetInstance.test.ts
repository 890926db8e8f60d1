import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';

test('returns an instance, with times as numbers', async () => {
  await using gateway = await startGatewayUnderTest();
  const { status, body } = await callV1(gateway, 'GetInstance', { InstanceId: gateway.instanceId });
  const { RequestId, ...rest } = JSON.parse(body);
  assert.equal(status, 200);
  assert.deepEqual(rest, {
    Code: 'success',
    CreateTime: 1_700_000_000_000,
    InstanceId: gateway.instanceId,
    InstanceName: 'slipway',
    InstanceSpecification: 'Enterprise_Advanced',
    InstanceStatus: 'RUNNING',
    IsSuccess: true,
    ModifiedTime: 1_700_000_000_001,
    Tags: [],
  });
});

test('answers 404 INSTANCE_NOT_EXIST for an unknown instance', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const id of ['cri-none', "' or 1=1 --", gateway.instanceId.toUpperCase()]) {
    const { status, body } = await callV1(gateway, 'GetInstance', { InstanceId: id });
    assert.equal(status, 404, id);
    assert.equal(JSON.parse(body).Code, 'INSTANCE_NOT_EXIST');
  }
});
