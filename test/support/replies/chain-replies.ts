import { chainEvents } from '../../../server/src/chain/chain-events.ts';
import { takeBatch } from '../../../server/src/event/event-consumers.ts';
import { pushUnderTest } from '../../../server/src/image/testing/pushed-image.ts';
import type { Means } from '../../../server/src/rpc/context.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';

const POLICY = {
  IssueLevel: 'HIGH',
  IssueCount: '10',
  IssueList: 'CVE-2020-8286',
  MaliciousList: 'abnormal_program',
  BaselineList: 'identification',
  Logic: 'AND',
  Action: 'BLOCK',
};
const NODE_CONFIG = { Timeout: 900, Retry: 3, ScanEngine: 'ACR_SCAN_SERVICE', DenyPolicy: POLICY };
const CONFIG = {
  Nodes: [
    { NodeName: 'DOCKER_IMAGE_PUSH', Enable: true },
    { NodeName: 'VULNERABILITY_SCANNING', Enable: true, NodeConfig: NODE_CONFIG },
  ],
  Routers: [{ From: { NodeName: 'DOCKER_IMAGE_PUSH' }, To: { NodeName: 'VULNERABILITY_SCANNING' } }],
};

/** Calls the operations of delivery chains, with a chain of a namespace that a push of its repository `app` walks through. */
export async function callChains(
  means: Means,
  call: (action: Action, params: Record<string, string>) => Promise<Record<string, string>>,
  pushed: { instanceId: string; namespaceName: string; name: string },
): Promise<void> {
  const consumer = chainEvents(means);
  await takeBatch(means.db, consumer);
  const { instanceId: InstanceId, namespaceName: RepoNamespaceName } = pushed;
  const words = { Name: 'release', Description: 'd', ChainConfig: JSON.stringify(CONFIG), 'ScopeExclude.1': 'lib' };
  const { ChainId = '' } = await call('CreateChain', { InstanceId, RepoNamespaceName, ...words });
  await pushUnderTest(means.db, pushed, { tag: 'chain', image: 1, nowMs: means.now() });
  await takeBatch(means.db, consumer);
  const one = { InstanceId, ChainId };
  await call('GetChain', one);
  await call('ListChain', { InstanceId });
  await call('ListChainInstance', { InstanceId });
  await call('UpdateChain', { ...one, Name: 'release', ChainConfig: JSON.stringify(CONFIG) });
  await call('DeleteChain', one);
}
