import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';
import { insertInstance } from '#instance/instance-store.ts';

async function list(gateway: GatewayUnderTest, params: Record<string, string>) {
  const { body } = await callV1(gateway, 'ListInstance', params);
  return JSON.parse(body);
}

async function startWithThree(): Promise<GatewayUnderTest> {
  const gateway = await startGatewayUnderTest();
  for (const name of ['second', 'third']) {
    const createdMs = 1_800_000_000_000 + name.length;
    const instance = {
      instanceId: `cri-${name}`,
      name,
      regionId: 'local',
      status: 'RUNNING',
      createdMs,
      modifiedMs: createdMs,
    };
    await insertInstance(gateway.means.db, instance);
  }
  return gateway;
}

test('lists the oldest first, with times as text and the count as a number', async () => {
  await using gateway = await startWithThree();
  const { Instances, TotalCount, PageNo, PageSize } = await list(gateway, {});
  assert.deepEqual([TotalCount, PageNo, PageSize], [3, 1, 30]);
  assert.deepEqual(
    Instances.map((instance: { InstanceName: string }) => instance.InstanceName),
    ['slipway', 'third', 'second'],
  );
  assert.equal(Instances[0].CreateTime, '1700000000000');
});

test('filters by name, status and resource group', async () => {
  await using gateway = await startWithThree();
  assert.equal((await list(gateway, { InstanceName: 'second' })).TotalCount, 1);
  assert.equal((await list(gateway, { InstanceName: 'SECOND' })).TotalCount, 0);
  assert.equal((await list(gateway, { InstanceStatus: 'STOPPED' })).TotalCount, 0);
  assert.equal((await list(gateway, { InstanceStatus: 'RUNNING' })).TotalCount, 3);
  assert.deepEqual((await list(gateway, { ResourceGroupId: 'rg-1' })).Instances, []);
});

test('returns page after page, and an empty page past the end', async () => {
  await using gateway = await startWithThree();
  const second = await list(gateway, { PageNo: '2', PageSize: '2' });
  assert.deepEqual([second.Instances.length, second.TotalCount, second.PageNo, second.PageSize], [1, 3, 2, 2]);
  assert.deepEqual((await list(gateway, { PageNo: '9' })).Instances, []);
});

test('refuses a page number or size out of range, naming it', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const [name, value] of [
    ['PageNo', '0'],
    ['PageNo', '9007199254740991'],
    ['PageSize', '0'],
    ['PageSize', '-1'],
  ] as const) {
    const { Code, Message } = await list(gateway, { [name]: value });
    assert.equal(Code, 'InvalidParameter', value);
    assert.match(Message, new RegExp(`"${name}"`));
  }
});
