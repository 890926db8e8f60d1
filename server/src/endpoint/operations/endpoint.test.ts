import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpRange } from '#address/ip-range.ts';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { endpointGate } from '../endpoint-gate.ts';

const at = (gateway: GatewayUnderTest) => ({ InstanceId: gateway.instanceId, EndpointType: 'internet' });

async function stands(gateway: GatewayUnderTest) {
  const { RequestId, Code, IsSuccess, Domains, ...rest } = await owner(gateway, 'GetInstanceEndpoint', at(gateway));
  assert.deepEqual(Domains, [{ Domain: 'registry.example:8720', Type: 'SYSTEM' }]);
  return rest;
}

test('the public endpoint is open to all at first, has no status when off, and gets the vendor’s entry when switched on again', async () => {
  await using gateway = await startGatewayUnderTest();
  const open = { AclEnable: false, AclEntries: [], Enable: true, Status: 'RUNNING' };
  assert.deepEqual(await stands(gateway), open);
  const turn = (Enable: string) => owner(gateway, 'UpdateInstanceEndpointStatus', { ...at(gateway), Enable });
  // A plan of Terraform's data source changes nothing, however often it is made.
  for (let plan = 0; plan < 10; plan++) await turn('true');
  assert.deepEqual(await stands(gateway), open);
  await turn('false');
  assert.deepEqual(await stands(gateway), { AclEnable: false, AclEntries: [], Enable: false });
  await turn('true');
  const AclEntries = [{ Comment: 'default', Entry: '127.0.0.1/32' }];
  assert.deepEqual(await stands(gateway), { AclEnable: true, AclEntries, Enable: true, Status: 'RUNNING' });
});

test('keeps entries exactly as they were given, one or several at once, and removes them by that text', async () => {
  await using gateway = await startGatewayUnderTest();
  const change = (verb: 'Create' | 'Delete', params: Record<string, string>) =>
    callAs(gateway, gateway, `${verb}InstanceEndpointAclPolicy`, {
      ...at(gateway),
      EndpointType: 'Internet',
      ...params,
    });
  const texts = async () => (await stands(gateway)).AclEntries.map((one: Record<string, string>) => one.Entry);
  await change('Create', { Entry: '10.0.0.1/8', Comment: 'office' });
  // The same text again adds no second entry; another text of the same range does.
  await change('Create', { Entry: '10.0.0.1/8' });
  await change('Create', { Entry: '10.0.0.0/8' });
  const several = JSON.stringify([{ Entry: '2001:db8::/32', Comment: 'six' }, { Entry: '192.0.2.7' }]);
  await change('Create', { Entries: several });
  assert.deepEqual(await texts(), ['10.0.0.1/8', '10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);
  assert.equal((await stands(gateway)).AclEntries[0].Comment, 'office');
  const before = await texts();
  // All or nothing.
  const half = await change('Delete', { Entries: JSON.stringify([{ Entry: '192.0.2.7' }, { Entry: '192.0.2.8' }]) });
  assert.deepEqual([half.status, half.body.Code], [404, 'ENDPOINT_ACL_NOT_EXIST']);
  assert.deepEqual(await texts(), before);
  await change('Delete', { 'Entries.1.Entry': '192.0.2.7', Entry: '10.0.0.0/8' });
  assert.deepEqual(await texts(), ['10.0.0.1/8', '2001:db8::/32']);
  const again = await change('Delete', { Entry: '10.0.0.0/8' });
  assert.deepEqual([again.status, again.body.Code], [404, 'ENDPOINT_ACL_NOT_EXIST']);
});

test('lists endpoints with the same fields, without the entries if a summary is requested', async () => {
  await using gateway = await startGatewayUnderTest();
  await owner(gateway, 'CreateInstanceEndpointAclPolicy', { ...at(gateway), Entry: '192.0.2.0/24' });
  const list = async (params: Record<string, string>) =>
    (await owner(gateway, 'ListInstanceEndpoint', { InstanceId: gateway.instanceId, ...params })).Endpoints[0];
  assert.deepEqual(await list({}), {
    AclEnable: true,
    AclEntries: [{ Entry: '192.0.2.0/24' }],
    Domains: [{ Domain: 'registry.example:8720', Type: 'SYSTEM' }],
    Enable: true,
    EndpointType: 'internet',
    LinkedVpcs: [],
    Status: 'RUNNING',
  });
  assert.equal('AclEntries' in (await list({ Summary: 'true' })), false);
  const chart = await list({ ModuleName: 'Chart' });
  const chartDomains = [{ Domain: 'registry.example:8720/chart', Type: 'SYSTEM' }];
  assert.deepEqual([chart.Enable, chart.Domains, chart.AclEntries], [true, chartDomains, []]);
});

test('the endpoint of chart repositories has its own switch, allow-list and links', async () => {
  const clients = parseIpRange('10.8.0.0/16');
  assert.ok(clients);
  const networks = [{ vpcId: 'vpc-1', vswitchId: 'vsw-1', clients, address: '10.8.0.1' }];
  await using gateway = await startGatewayUnderTest({ means: { networks } });
  const chart = { ...at(gateway), ModuleName: 'Chart' };
  const gates = (['Registry', 'Chart'] as const).map((module) =>
    endpointGate(gateway.means.db, gateway.instanceId, module, networks),
  );
  const open = async (from: string) => Promise.all(gates.map(async (gate) => (await gate(from)) === undefined));
  await owner(gateway, 'CreateInstanceEndpointAclPolicy', { ...chart, Entry: '192.0.2.0/24' });
  assert.deepEqual(await open('198.51.100.1'), [true, false]);
  await owner(gateway, 'UpdateInstanceEndpointStatus', { ...chart, Enable: 'false' });
  assert.deepEqual(await open('192.0.2.1'), [true, false]);
  await owner(gateway, 'UpdateInstanceEndpointStatus', { ...at(gateway), Enable: 'false' });
  const link = { InstanceId: gateway.instanceId, VpcId: 'vpc-1', VswitchId: 'vsw-1', ModuleName: 'Chart' };
  await owner(gateway, 'CreateInstanceVpcEndpointLinkedVpc', link);
  assert.deepEqual(await open('10.8.0.7'), [false, true]);
  const { Domains } = await owner(gateway, 'GetInstanceVpcEndpoint', link);
  assert.deepEqual(Domains, ['registry.example:8720/chart']);
  await owner(gateway, 'DeleteInstanceVpcEndpointLinkedVpc', link);
  assert.deepEqual(await open('10.8.0.7'), [false, false]);
});

test('refuses a wrong value by its name, and an unknown instance as not existing', async () => {
  await using gateway = await startGatewayUnderTest();
  const create = 'CreateInstanceEndpointAclPolicy';
  const entry = { ...at(gateway), Entry: '10.0.0.0/8' };
  const cases: [Action, Record<string, string>, number, string][] = [
    ...[
      '',
      '300.0.0.1',
      '10.0.0.0/33',
      'all',
      ' 10.0.0.0/8',
      'fe80::1%eth0',
      '10.0.0.0/8,11.0.0.0/8',
      '1'.repeat(5000),
    ].map((Entry): [Action, Record<string, string>, number, string] => [
      create,
      { ...entry, Entry },
      400,
      Entry === '' ? 'MissingParameter' : 'InvalidParameter.Entry',
    ]),
    [create, { ...entry, Comment: 'x'.repeat(501) }, 400, 'InvalidParameter'],
    [create, { ...entry, EndpointType: 'vpc' }, 400, 'InvalidParameter.EndpointType'],
    [create, { ...entry, ModuleName: 'registry' }, 400, 'InvalidParameter'],
    [create, { ...entry, InstanceId: 'cri-none' }, 404, 'INSTANCE_NOT_EXIST'],
    ['UpdateInstanceEndpointStatus', { ...at(gateway), Enable: 'yes' }, 400, 'InvalidParameter'],
    ['GetInstanceEndpoint', { ...at(gateway), EndpointType: 'vpc' }, 400, 'InvalidParameter.EndpointType'],
    ['ListInstanceEndpoint', { InstanceId: 'cri-none' }, 404, 'INSTANCE_NOT_EXIST'],
  ];
  for (const [action, params, status, code] of cases) {
    const { status: got, body } = await callAs(gateway, gateway, action, params);
    assert.deepEqual([got, body.Code], [status, code], `${action} ${JSON.stringify(params).slice(0, 200)}`);
  }
  assert.deepEqual((await stands(gateway)).AclEntries, []);
});

test('accepts at most two hundred entries, also from concurrent calls', async () => {
  await using gateway = await startGatewayUnderTest();
  const batch = (from: number) =>
    JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ Entry: `10.${from}.${i}.0/24` })));
  const replies = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((from) =>
      callAs(gateway, gateway, 'CreateInstanceEndpointAclPolicy', { ...at(gateway), Entries: batch(from) }),
    ),
  );
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 200, 200, 200, 400, 400]);
  assert.equal((await stands(gateway)).AclEntries.length, 200);
});

test('lets a caller with rights on this instance alone change its endpoint', async () => {
  await using gateway = await startGatewayUnderTest();
  const place = (id: string) => `acs:cr:*:*:instance/${id}`;
  const own = await makeUser(gateway, 'own', policy('Allow', 'cr:*InstanceEndpoint*', place(gateway.instanceId)));
  const other = await makeUser(gateway, 'other', policy('Allow', 'cr:*', place('cri-other')));
  const params = { ...at(gateway), Entry: '10.0.0.0/8', Enable: 'true' };
  for (const action of [
    'CreateInstanceEndpointAclPolicy',
    'DeleteInstanceEndpointAclPolicy',
    'UpdateInstanceEndpointStatus',
    'GetInstanceEndpoint',
    'ListInstanceEndpoint',
  ] as const) {
    assert.equal((await callAs(gateway, own, action, params)).status, 200, action);
    assert.equal((await callAs(gateway, other, action, params)).body.Code, 'NoPrivilege', action);
  }
});

test('links, shows, counts and unlinks a network that the operator names, and refuses any other', async () => {
  const clients = parseIpRange('10.8.0.0/16');
  assert.ok(clients);
  const networks = ['a', 'b', 'c', 'd'].map((name) => ({
    vpcId: 'vpc-1',
    vswitchId: `vsw-${name}`,
    clients,
    address: `10.8.0.${name.charCodeAt(0)}`,
  }));
  await using gateway = await startGatewayUnderTest({ means: { networks } });
  const { instanceId: InstanceId } = gateway;
  const on = (verb: 'Create' | 'Delete', params: Record<string, string>) =>
    callAs(gateway, gateway, `${verb}InstanceVpcEndpointLinkedVpc`, { InstanceId, VpcId: 'vpc-1', ...params });
  const code = async (verb: 'Create' | 'Delete', params: Record<string, string>) => (await on(verb, params)).body.Code;
  const shown = async () => {
    const { Domains, Enable, LinkedVpcs, ModuleName } = await owner(gateway, 'GetInstanceVpcEndpoint', { InstanceId });
    return { Domains, Enable, LinkedVpcs, ModuleName };
  };
  assert.deepEqual(await shown(), { Domains: [], Enable: false, LinkedVpcs: [], ModuleName: 'Registry' });
  assert.equal(await code('Create', { VswitchId: 'vsw-a', EnableCreateDNSRecordInPvzt: 'true' }), 'success');
  assert.equal(await code('Create', { VswitchId: 'vsw-a' }), 'INSTANCE_ACCESS_ALREADY_EXIST');
  assert.equal(await code('Create', { VswitchId: 'vsw-z' }), 'InvalidVswitchId.NotFound');
  assert.equal(await code('Create', { VpcId: 'vpc-2', VswitchId: 'vsw-a' }), 'InvalidVpcId.NotFound');
  assert.deepEqual(await shown(), {
    Domains: ['registry.example:8720'],
    Enable: true,
    LinkedVpcs: [
      {
        DefaultAccess: true,
        Ip: '10.8.0.97',
        Issue: 'PRIVATE_ZONE_NOT_MANAGED',
        Status: 'RUNNING',
        VpcId: 'vpc-1',
        VswitchId: 'vsw-a',
      },
    ],
    ModuleName: 'Registry',
  });
  const { Endpoints } = await owner(gateway, 'ListInstanceEndpoint', { InstanceId });
  assert.deepEqual([Endpoints[1].EndpointType, Endpoints[1].LinkedVpcs], ['vpc', [{ VpcId: 'vpc-1' }]]);
  const more = await Promise.all(['b', 'c', 'd'].map((name) => code('Create', { VswitchId: `vsw-${name}` })));
  assert.deepEqual(more.sort(), ['VPC_QUOTA_EXCEED', 'success', 'success']);
  const { VpcQuota, VpcUsage } = await owner(gateway, 'GetInstanceUsage', { InstanceId });
  assert.deepEqual([VpcQuota, VpcUsage], ['3', '3']);
  assert.equal(await code('Delete', { VswitchId: 'vsw-a' }), 'success');
  assert.equal(await code('Delete', { VswitchId: 'vsw-a' }), 'INSTANCE_ACCESS_NOT_EXIST');
});
