import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { readChainConfig } from './given-config.ts';

const NODES = [
  'DOCKER_IMAGE_BUILD',
  'DOCKER_IMAGE_PUSH',
  'VULNERABILITY_SCANNING',
  'ACTIVATE_REPLICATION',
  'TRIGGER',
  'SNAPSHOT',
  'TRIGGER_SNAPSHOT',
];
const router = (from: string, to: string) => ({ From: { NodeName: from }, To: { NodeName: to } });
const POLICY = {
  IssueLevel: 'HIGH',
  IssueCount: '1',
  IssueList: 'CVE-2020-1,CVE-2020-2',
  MaliciousList: 'a,b',
  BaselineList: 'c',
  Logic: 'AND',
  Action: 'BLOCK_RETAG',
};

async function setUp() {
  const gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  for (const NamespaceName of ['team', 'other']) await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName });
  const repository = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { ...repository, RepoType: 'PRIVATE', Summary: 's' });
  return { gateway, InstanceId, repository, RepoId: String(RepoId) };
}

test('a chain reads back as it was written in either spelling, gets a new version by each change, and is gone with its repository', async () => {
  const { gateway, InstanceId, repository, RepoId } = await setUp();
  await using _ = gateway;
  // As the Terraform provider writes it: node_config, and empty texts for what nobody chose.
  const empty = { DenyPolicy: { IssueCount: '', IssueLevel: '', Logic: '', Action: '' } };
  const given = {
    Nodes: NODES.map((NodeName, i) => ({
      NodeName,
      Enable: i < 5,
      node_config: i === 2 ? { DenyPolicy: POLICY } : empty,
    })),
    Routers: [router('DOCKER_IMAGE_BUILD', 'DOCKER_IMAGE_PUSH'), router('VULNERABILITY_SCANNING', 'SNAPSHOT')],
  };
  const Name = 'release';
  const words = { Name, Description: 'd', ChainConfig: JSON.stringify(given), 'ScopeExclude.1': 'lib, base' };
  const { ChainId } = await owner(gateway, 'CreateChain', { ...repository, ...words });
  assert.match(String(ChainId), /^chi-[a-z0-9]{16}$/);
  const one = { InstanceId, ChainId: String(ChainId) };
  const shown = await owner(gateway, 'GetChain', one);
  const { ChainConfigId, ...config } = shown.ChainConfig;
  assert.match(ChainConfigId, /^cci-/);
  assert.deepEqual(config, {
    Nodes: given.Nodes.map(({ node_config: NodeConfig, ...node }) => ({ ...node, NodeConfig })),
    Routers: given.Routers,
    IsActive: true,
    Version: '1',
  });
  const { CreateTime, ModifiedTime, RequestId, Code, IsSuccess, ChainConfig, ...rest } = shown;
  assert.deepEqual(rest, {
    ...one,
    Name,
    Description: 'd',
    ScopeExclude: ['lib, base'],
    ScopeId: RepoId,
    ScopeType: 'REPOSITORY',
  });
  // What GetChain answers can be sent back.
  await owner(gateway, 'UpdateChain', { ...one, Name: 'renamed', ChainConfig: JSON.stringify(ChainConfig) });
  const changed = await owner(gateway, 'GetChain', one);
  assert.deepEqual([changed.Name, changed.Description, changed.ChainConfig.Version], ['renamed', 'd', '2']);
  assert.deepEqual(changed.ChainConfig.Nodes, config.Nodes);

  await owner(gateway, 'CreateChain', { InstanceId, RepoNamespaceName: 'other', Name });
  const names = async (params: Record<string, string>) => {
    const { Chains, TotalCount } = await owner(gateway, 'ListChain', { InstanceId, ...params });
    return [TotalCount, ...Chains.map((chain: { Name: string }) => chain.Name)];
  };
  assert.deepEqual(await names({}), [2, 'renamed', 'release']);
  assert.deepEqual(await names({ PageSize: '1', PageNo: '2' }), [2, 'release']);
  assert.deepEqual(await names({ RepoNamespaceName: 'team', RepoName: 'app' }), [1, 'renamed']);
  const { Chains } = await owner(gateway, 'ListChain', { InstanceId, RepoNamespaceName: 'other' });
  const plain = await owner(gateway, 'GetChain', { InstanceId, ChainId: Chains[0].ChainId });
  assert.equal(plain.ScopeType, 'NAMESPACE');
  const enabled = plain.ChainConfig.Nodes.filter(({ Enable }: { Enable: boolean }) => Enable);
  assert.deepEqual(
    enabled.map(({ NodeName }: { NodeName: string }) => NodeName),
    NODES.slice(0, 2),
  );

  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId });
  assert.equal((await callAs(gateway, gateway, 'GetChain', one)).body.Code, 'CHAIN_NOT_EXIST');
  await owner(gateway, 'DeleteNamespace', { InstanceId, NamespaceName: 'other' });
  assert.deepEqual(await names({}), [0]);
  assert.deepEqual(gateway.faults, []);
});

test('refuses, naming the place and the fix, what no chain can be', async () => {
  const { gateway, InstanceId, repository } = await setUp();
  await using _ = gateway;
  const create = (params: Record<string, string>) =>
    callAs(gateway, gateway, 'CreateChain', { ...repository, Name: 'x', ...params });
  const node = (NodeName: string, more: object = {}) => ({ NodeName, Enable: true, ...more });
  const scan = (NodeConfig: unknown) => ({ Nodes: [node('VULNERABILITY_SCANNING', { NodeConfig })] });
  const deny = (DenyPolicy: unknown) => scan({ DenyPolicy });
  const both = [node('DOCKER_IMAGE_PUSH'), node('TRIGGER')];
  for (const [config, place] of [
    ['{', /it is not JSON/],
    ['[]', /must be an object/],
    [{ Nodes: {} }, /Nodes: it must be a list/],
    [{ Nodes: [1] }, /Nodes\[0\]: it must be an object/],
    [{ Nodes: NODES.concat('TRIGGER').map((name) => node(name)) }, /Nodes: it has 8 entries/],
    [{ Nodes: [node('TRIGGER'), node('TRIGGER')] }, /TRIGGER twice/],
    [{ Nodes: [node('DEPLOY')] }, /Nodes\[0\].NodeName: it must be one of DOCKER_IMAGE_BUILD/],
    [{ Nodes: [node('TRIGGER', { Enable: 'true' })] }, /Enable: it must be true or false/],
    [{ Nodes: [node('SNAPSHOT')] }, /SNAPSHOT is a paid service/],
    [{ Nodes: [node('TRIGGER_SNAPSHOT')] }, /TRIGGER_SNAPSHOT is a paid service/],
    [{ Nodes: [node('TRIGGER', { NodeConfig: {}, node_config: {} })] }, /both/],
    [{ Nodes: both, Routers: [router('DOCKER_IMAGE_PUSH', 'ACTIVATE_REPLICATION')] }, /no node ACTIVATE_REPLICATION/],
    [
      { Nodes: both, Routers: [router('DOCKER_IMAGE_PUSH', 'TRIGGER'), router('TRIGGER', 'DOCKER_IMAGE_PUSH')] },
      /Routers\[1\]: it leads from TRIGGER back/,
    ],
    [{ Nodes: both, Routers: [router('TRIGGER', 'TRIGGER')] }, /Routers\[0\]: it leads from TRIGGER back/],
    [{ Nodes: both, Routers: [{ From: { NodeName: 'TRIGGER' } }] }, /Routers\[0\].To: it must be an object/],
    [scan({ Timeout: 86_401 }), /Timeout: it must be a number from 0 to 86400/],
    [scan({ Timeout: '900' }), /Timeout/],
    [scan({ Retry: -1 }), /Retry: it must be a number from 0 to 10/],
    [scan({ ScanEngine: 'SAS_SCAN_SERVICE' }), /ScanEngine: it must be ACR_SCAN_SERVICE/],
    [deny({ IssueLevel: 'CRITICAL' }), /IssueLevel: it must be one of HIGH, MEDIUM, LOW, UNKNOWN/],
    [deny({ IssueCount: '0' }), /IssueCount: it must be a number from 1/],
    [deny({ IssueCount: '1e3' }), /IssueCount/],
    [deny({ IssueList: ['CVE-2020-1'] }), /IssueList: it must be names in one text/],
    [deny({ IssueList: Array(101).fill('a').join() }), /IssueList: it has 101 names/],
    [deny({ BaselineList: 'x'.repeat(101) }), /BaselineList: it has a name of more than 100/],
    [deny({ Logic: 'XOR' }), /Logic: it must be one of AND, OR/],
    [deny({ Action: 'DROP' }), /Action: it must be one of BLOCK, BLOCK_RETAG, BLOCK_DELETE_TAG/],
    [deny({ IsueLevel: 'HIGH' }), /unknown field "IsueLevel"/],
  ] as const) {
    const ChainConfig = typeof config === 'string' ? config : JSON.stringify(config);
    const { status, body } = await create({ ChainConfig });
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter.ChainConfig'], ChainConfig.slice(0, 200));
    assert.match(String(body.Message), place);
  }
  for (const [params, status, code] of [
    [{ Name: 'x'.repeat(65) }, 400, 'InvalidParameter'],
    [{ Description: 'x'.repeat(501) }, 400, 'InvalidParameter'],
    [{ 'ScopeExclude.1': 'A' }, 400, 'InvalidParameter'],
    [{ 'ScopeExclude.1': Array(51).fill('a').join() }, 400, 'InvalidParameter'],
    [{ RepoName: 'none' }, 404, 'REPO_NOT_EXIST'],
    [{ RepoNamespaceName: 'none' }, 404, 'NAMESPACE_NOT_EXIST'],
    [{ InstanceId: 'cri-none', ChainConfig: '{' }, 404, 'INSTANCE_NOT_EXIST'],
  ] as const) {
    const { status: got, body } = await create(params);
    assert.deepEqual([got, body.Code], [status, code], JSON.stringify(params));
  }
  const noNamespace = await callAs(gateway, gateway, 'CreateChain', { InstanceId, Name: 'x' });
  assert.equal(noNamespace.body.Code, 'MissingParameter');
  assert.equal((await create({})).status, 200);
  assert.match(String((await create({ Name: 'y' })).body.Message), /team\/app already has the delivery chain x/);
  const named = await callAs(gateway, gateway, 'CreateChain', { InstanceId, RepoNamespaceName: 'other', Name: 'x' });
  assert.match(String(named.body.Message), /a delivery chain named x/);
  assert.throws(() => readChainConfig(' '.repeat(32_769)), /32768 is the limit/);
  const gone = { InstanceId, ChainId: 'chi-none' };
  for (const [action, params] of [
    ['GetChain', gone],
    ['DeleteChain', gone],
    ['UpdateChain', { ...gone, Name: 'x', ChainConfig: '{' }],
  ] as const)
    assert.deepEqual(
      [404, 'CHAIN_NOT_EXIST'],
      await callAs(gateway, gateway, action, params).then(({ status, body }) => [status, body.Code]),
    );
});
