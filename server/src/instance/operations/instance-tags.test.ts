import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { insertInstance } from '#instance/instance-store.ts';
import type { Action } from '#rpc/spec.gen.ts';

const of = (instanceId: string) => ({ RegionId: 'local', ResourceType: 'Instance', 'ResourceId.1': instanceId });
const tags = (...pairs: [key: string, value: string][]) =>
  Object.fromEntries(
    pairs.flatMap(([key, value], i) => [
      [`Tag.${i + 1}.Key`, key],
      [`Tag.${i + 1}.Value`, value],
    ]),
  ) as Record<string, string>;

async function tagsOf(gateway: GatewayUnderTest, params: Record<string, string>) {
  const { TagResources, NextToken, ...rest } = await owner(gateway, 'ListTagResources', params);
  assert.deepEqual(Object.keys(rest), ['RequestId']);
  const list = TagResources.TagResource.map((one: Record<string, string>) => [
    one.ResourceId,
    one.TagKey,
    one.TagValue,
  ]);
  return { list, NextToken };
}

test('adds tags to an instance, replaces them by key, shows them with the instance, and removes them by key or all at once', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: id } = gateway;
  await owner(gateway, 'TagResources', { ...of(id), ...tags(['team', 'core'], ['stage', '']) });
  await owner(gateway, 'TagResources', { ...of(id), ...tags(['team', 'web']) });
  const shown = [
    { TagKey: 'stage', TagValue: '' },
    { TagKey: 'team', TagValue: 'web' },
  ];
  assert.deepEqual((await owner(gateway, 'GetInstance', { InstanceId: id })).Tags, shown);
  assert.deepEqual((await owner(gateway, 'ListInstance')).Instances[0].Tags, shown);
  const both = [
    [id, 'stage', ''],
    [id, 'team', 'web'],
  ];
  assert.deepEqual(await tagsOf(gateway, of(id)), { list: both, NextToken: '' });
  const by = { RegionId: 'local', ResourceType: 'Instance' };
  assert.deepEqual((await tagsOf(gateway, { ...by, 'Tag.1.Key': 'team', 'Tag.2.Key': 'stage' })).list, both);
  assert.deepEqual((await tagsOf(gateway, { ...by, ...tags(['team', 'core']) })).list, []);
  await owner(gateway, 'UntagResources', { ...of(id), 'TagKey.1': 'team', 'TagKey.2': 'none' });
  assert.deepEqual((await tagsOf(gateway, of(id))).list, [[id, 'stage', '']]);
  await owner(gateway, 'UntagResources', { ...of(id), All: 'true' });
  assert.deepEqual((await tagsOf(gateway, of(id))).list, []);
});

test('each change of tags or resource group shows in the next call, however often the instance was read before', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: id } = gateway;
  const move = (group: string) =>
    owner(gateway, 'ChangeResourceGroup', { ResourceId: id, ResourceRegionId: 'local', ResourceGroupId: group });
  const shown = async () => {
    const { Tags, ResourceGroupId } = await owner(gateway, 'GetInstance', { InstanceId: id });
    return [Tags.map((tag: { TagValue: string }) => tag.TagValue).join(), ResourceGroupId];
  };
  for (let round = 1; round <= 5; round += 1) {
    // Reads that are answered while the change is made must not keep the old labels alive.
    const meanwhile = [shown(), shown()];
    await owner(gateway, 'TagResources', { ...of(id), ...tags(['round', String(round)]) });
    assert.equal((await shown())[0], String(round));
    await Promise.all([move(`rg-${round}`), shown(), shown()]);
    assert.deepEqual(await shown(), [String(round), `rg-${round}`]);
    await Promise.all(meanwhile);
  }
  await owner(gateway, 'UntagResources', { ...of(id), 'TagKey.1': 'round' });
  assert.deepEqual(await shown(), ['', 'rg-5']);
});

test('answers a wrong call about tags with the vendor’s code for the mistake', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: id } = gateway;
  const many = (name: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}.${i + 1}`, `x${i}`]));
  const manyTags = (count: number) =>
    tags(...Array.from({ length: count }, (_, i) => [`k${i}`, 'v'] as [string, string]));
  const { 'ResourceId.1': _, ...nothing } = of(id);
  const { RegionId: _r, ...noRegion } = of(id);
  const { ResourceType: _t, ...noType } = of(id);
  const one = tags(['a', 'b']);
  const cases: [Action, Record<string, string>, string][] = [
    ['TagResources', { ...nothing, ...one }, 'MissingParameter.ResourceIds'],
    ['TagResources', { ...noType, ...one }, 'MissingParameter.ResourceType'],
    ['TagResources', { ...noRegion, ...one }, 'MissingParameter'],
    ['TagResources', of(id), 'MissingParameter.Tags'],
    ['TagResources', { ...of(id), 'Tag.1.Value': 'v' }, 'MissingParameter.TagKey'],
    ['TagResources', { ...of(id), 'Tag.1.Key': 'k' }, 'MissingParameter.TagValue'],
    ['TagResources', { ...of(id), ...one, ResourceType: 'Repository' }, 'InvalidParameter.ResourceType'],
    ['TagResources', { ...of(id), ...one, RegionId: 'cn-hangzhou' }, 'InvalidParameter.RegionId'],
    ...['aliyun', 'acs:x', 'a http://b', 'https://', 'k'.repeat(129)].map(
      (key): [Action, Record<string, string>, string] => [
        'TagResources',
        { ...of(id), ...tags([key, 'v']) },
        'InvalidParameter.TagKey',
      ],
    ),
    ['TagResources', { ...of(id), ...tags(['k', 'acs:v']) }, 'InvalidParameter.TagValue'],
    ['TagResources', { ...of(id), ...tags(['k', 'v'], ['k', 'w']) }, 'Duplicate.TagKey'],
    ['TagResources', { ...of(id), ...manyTags(21) }, 'NumberExceed.Tags'],
    ['TagResources', { ...nothing, ...many('ResourceId', 21), ...one }, 'NumberExceed.ResourceIds'],
    ['TagResources', { ...of('cri-none'), ...one }, 'InvalidResourceId.NotFound'],
    ['UntagResources', { ...of(id), ...many('TagKey', 21) }, 'NumberExceed.TagKeys'],
    ['UntagResources', of(id), 'InvalidParameter.TagKeysOrDeleteAll'],
    ['UntagResources', { ...of(id), All: 'false' }, 'InvalidParameter.TagKeysOrDeleteAll'],
    ['ListTagResources', nothing, 'MissingParameter.ResourceIdsOrTags'],
    ['ListTagResources', { ...nothing, 'Tag.1.Value': 'v' }, 'MissingParameter.TagKey'],
    ['ListTagResources', { ...of(id), NextToken: 'made-up' }, 'InvalidParameter.NextToken'],
  ];
  for (const [action, params, code] of cases) {
    const { status, body } = await callAs(gateway, gateway, action, params);
    assert.deepEqual([status, body.Code], [400, code], `${action} ${JSON.stringify(params)}`);
  }
  assert.deepEqual((await tagsOf(gateway, of(id))).list, []);
});

test('accepts at most twenty tags, also from concurrent calls, and adds none from a call that exceeds that', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: id } = gateway;
  const put = (from: number, count: number) =>
    callAs(gateway, gateway, 'TagResources', {
      ...of(id),
      ...tags(...Array.from({ length: count }, (_, i) => [`k${from + i}`, 'v'] as [string, string])),
    });
  const replies = await Promise.all(Array.from({ length: 9 }, (_, i) => put(i * 3, 3)));
  const codes = replies.map(({ body }) => body.Code ?? 'good').sort();
  assert.deepEqual(codes, [...Array(3).fill('QuotaExceed.TagsPerResource'), ...Array(6).fill('good')]);
  assert.equal((await tagsOf(gateway, of(id))).list.length, 18);
});

test('lists tags page by page, each once', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const name of ['cri-a', 'cri-b', 'cri-c', 'cri-d']) {
    const times = { createdMs: 1, modifiedMs: 1 };
    await insertInstance(gateway.means.db, { instanceId: name, name, regionId: 'local', status: 'RUNNING', ...times });
    const given = tags(...Array.from({ length: 20 }, (_, i) => [`k${i + 10}`, 'v'] as [string, string]));
    await owner(gateway, 'TagResources', { ...of(name), ...given });
  }
  const by = { RegionId: 'local', ResourceType: 'Instance', 'Tag.1.Key': 'k10' };
  const first = await tagsOf(gateway, by);
  const second = await tagsOf(gateway, { ...by, NextToken: first.NextToken });
  assert.deepEqual([first.list.length, second.list.length, second.NextToken], [50, 30, '']);
  assert.equal(new Set([...first.list, ...second.list].map(String)).size, 80);
});

test('moves an instance into a resource group, finds it by the group, shows it there, and refuses wrong ids with the vendor’s codes', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: ResourceId } = gateway;
  const change = { ResourceId, ResourceRegionId: 'local', ResourceGroupId: 'rg-acfm4n5kzyfxxxx' };
  for (let time = 0; time < 2; time++)
    assert.deepEqual(Object.keys(await owner(gateway, 'ChangeResourceGroup', change)), ['RequestId']);
  assert.equal((await owner(gateway, 'GetInstance', { InstanceId: ResourceId })).ResourceGroupId, 'rg-acfm4n5kzyfxxxx');
  const listed = async (ResourceGroupId: string) =>
    (await owner(gateway, 'ListInstance', { ResourceGroupId })).TotalCount;
  assert.deepEqual([await listed('rg-acfm4n5kzyfxxxx'), await listed('rg-other')], [1, 0]);
  for (const [params, code] of [
    [{ ...change, ResourceId: '' }, 'MissingParameter.ResourceId'],
    [{ ...change, ResourceRegionId: '' }, 'MissingParameter.ResourceRegionId'],
    [{ ...change, ResourceGroupId: '' }, 'MissingParameter.ResourceGroupId'],
    [{ ...change, ResourceGroupId: 'group' }, 'InvalidResourceGroup'],
    [{ ...change, ResourceGroupId: 'rg-' }, 'InvalidResourceGroup'],
    [{ ...change, ResourceId: 'cri-none' }, 'ResourceNotFound'],
    [{ ...change, ResourceRegionId: 'cn-hangzhou' }, 'ResourceNotFound'],
  ] as const) {
    const { status, body } = await callAs(gateway, gateway, 'ChangeResourceGroup', params);
    assert.deepEqual([status, body.Code], [400, code], JSON.stringify(params));
  }
});

test('lets a caller with rights on this instance change its group, and nobody else', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: ResourceId } = gateway;
  const change = { ResourceId, ResourceRegionId: 'local', ResourceGroupId: 'rg-a' };
  const on = (id: string) => policy('Allow', 'cr:ChangeResourceGroup', `acs:cr:*:*:instance/${id}`);
  const own = await makeUser(gateway, 'own', on(ResourceId));
  const other = await makeUser(gateway, 'other', on('cri-other'));
  assert.equal((await callAs(gateway, own, 'ChangeResourceGroup', change)).status, 200);
  assert.equal((await callAs(gateway, other, 'ChangeResourceGroup', change)).body.Code, 'NoPrivilege');
});

test('counts the instances, and names the only region in the requested language', async () => {
  await using gateway = await startGatewayUnderTest();
  assert.equal((await owner(gateway, 'GetInstanceCount')).Count, 1);
  for (const [Lang, name] of [
    ['zh-CN', '本服务器（local）'],
    ['zh_CN', '本服务器（local）'],
    ['ja-JP', 'このサーバー（local）'],
    ['en-US', 'This server (local)'],
    ['xx', 'This server (local)'],
    ['', 'This server (local)'],
  ] as const) {
    const { Regions } = await owner(gateway, 'ListInstanceRegion', { Lang });
    assert.deepEqual(Regions, [{ LocalName: name, RegionId: 'local' }]);
  }
});
