import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';

/** Parameters that fill a variable of a resource pattern, where the parameter has another name than the variable. */
const FILLERS: Record<string, string[]> = { NamespaceName: ['NamespaceName', 'RepoNamespaceName'] };

test('an operation whose parameters do not determine its RAM resource names the resource itself', async () => {
  for (const [action, operation] of await loadOperations()) {
    const { resource, parameters } = operationSpecs[operation.action];
    const places = [...resource.matchAll(/\{(\w+)\}/g)].map(([, place]) => place ?? '');
    const open = places.filter((place) => !(FILLERS[place] ?? [place]).some((name) => name in parameters));
    if (open.length > 0) assert.ok(operation.resource, `${action}: nothing fills ${open.join(', ')} of ${resource}`);
  }
});

/** The vendor's authorization pages: operations, action (the operation's own name without one), resource, as they are there. */
const PAGES: [operations: string, action: string | undefined, resource: string][] = [
  ['CreateRepoTag', undefined, 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['ListRepoTag', 'cr:ListRepositoryTag', 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['CreateRepoTagScanTask', 'cr:PutScan', 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['GetRepoTagScanStatus ListRepoTagScanResult', 'cr:GetScan', 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['GetRepoTagScanSummary', 'cr:GetScanCount', 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['CreateScanRule ListScanRule', undefined, 'instance/{InstanceId}/scanrule/*'],
  ['GetScanRule UpdateScanRule DeleteScanRule', undefined, 'instance/{InstanceId}/scanrule/{ScanRuleId}'],
  ['CreateRepoSyncRule', 'cr:CreateSyncRule', 'repository/{InstanceId}'],
  ['DeleteRepoSyncRule', 'cr:DeleteSyncRule', 'repository/{InstanceId}'],
  ['ListRepoSyncRule', 'cr:ListSyncRule', 'repository/{InstanceId}'],
  ['CreateRepoSyncTask', 'cr:CreateRepositorySync', 'repository/{InstanceId}'],
  ['CreateRepoSyncTaskByRule', 'cr:CreateRepositorySync', '*'],
  ['GetRepoSyncTask ListRepoSyncTask', 'cr:GetRepositorySync', 'repository/{InstanceId}'],
  ['UpdateRepoTrigger', 'cr:UpdateWebHook', 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['DeleteRepoTrigger', 'cr:DeleteWebHook', 'repository/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['CreateChain GetChain UpdateChain DeleteChain ListChain ListChainInstance', undefined, 'repository/{InstanceId}'],
  ['DeleteChartRelease ListChartRelease', undefined, 'chart/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['DeleteChartRepository', 'cr:DeleteRepository', 'chart/{InstanceId}/{NamespaceName}/{RepoName}'],
  ['DeleteChartNamespace', 'cr:DeleteNamespace', 'chart/{InstanceId}/{NamespaceName}'],
  ['UpdateChartNamespace', 'cr:UpdateNamespace', 'chart/{InstanceId}/{NamespaceName}'],
  ['GetChartNamespace', 'cr:GetNamespace', 'chart/{InstanceId}/{NamespaceName}'],
  ['CreateStorageDomainRoutingRule', undefined, 'instance/{InstanceId}/storagedomainroutingrule/*'],
  [
    'GetStorageDomainRoutingRule UpdateStorageDomainRoutingRule DeleteStorageDomainRoutingRule',
    undefined,
    'instance/{InstanceId}/storagedomainroutingrule/{RuleId}',
  ],
  [
    'GetInstanceCustomizedDomain GetInstanceEndpoint ListInstanceEndpoint UpdateInstanceEndpointStatus CreateInstanceEndpointAclPolicy GetInstanceVpcEndpoint',
    undefined,
    'instance/{InstanceId}',
  ],
  [
    'CreateArtifactLifecycleRule GetArtifactLifecycleRule UpdateArtifactLifecycleRule DeleteArtifactLifecycleRule ListArtifactLifecycleRule',
    undefined,
    'instance/{InstanceId}',
  ],
  [
    'CreateArtifactSubscriptionRule GetArtifactSubscriptionRule UpdateArtifactSubscriptionRule DeleteArtifactSubscriptionRule ListArtifactSubscriptionRule',
    undefined,
    'instance/{InstanceId}',
  ],
  [
    'CreateArtifactSubscriptionTask GetArtifactSubscriptionTask GetArtifactSubscriptionTaskResult ListArtifactSubscriptionTask',
    undefined,
    'instance/{InstanceId}',
  ],
  ['CreateArtifactBuildRule UpdateEventCenterRule', undefined, 'instance/{InstanceId}'],
  ['ListTagResources', undefined, '*'],
  ['GetAuthorizationToken', undefined, 'repository/{InstanceId}'],
  ['ResetLoginPassword', undefined, 'instance/{InstanceId}'],
];

test("each operation has the action and the resource of the vendor's authorization page", () => {
  for (const [operations, action, resource] of PAGES) {
    for (const name of operations.split(' ') as Action[]) {
      const spec = operationSpecs[name];
      assert.deepEqual([name, spec.ramAction, spec.resource], [name, action ?? `cr:${name}`, resource]);
    }
  }
});

test("the log's RAM action is the vendor's, on every resource only", () => {
  const { ramAction, level, resource } = operationSpecs.ListRepoBuildRecordLog;
  assert.deepEqual([ramAction, level, resource], ['cr:GetRepositoryBuildLog', 'Read', '*']);
});
