import { enabledNode } from '#chain/chain.ts';
import { listChainInstances } from '#chain/chain-instance-store.ts';
import { nativeOperation } from '../native-operation.ts';

const LIST_DEFAULT = 50;
/** The nodes that do something. */
const ENABLED = ['VULNERABILITY_SCANNING', 'ACTIVATE_REPLICATION', 'TRIGGER'] as const;

/** `GET /chain-instances`: what passed, what did not, and why. The vendor lists neither tags nor reasons. */
export default nativeOperation('listChainInstances', async ({ db, instanceId }, params) => {
  const { namespace: namespaceName, name: repoName, chainId, limit = LIST_DEFAULT, cursor } = params;
  const beforeSequence = cursor === undefined ? undefined : Number(cursor);
  const filter = { instanceId, namespaceName, repoName, chainId, beforeSequence };
  const { instances, total } = await listChainInstances(db, filter, { limit, offset: 0 });
  return {
    ChainInstances: instances.map((instance) => ({
      ChainInstanceId: instance.chainInstanceId,
      ChainId: instance.chain.chainId,
      ChainName: instance.chain.name,
      Version: instance.chain.version,
      Repository: `${instance.namespaceName}/${instance.repoName}`,
      Tag: instance.event.body.tag,
      Digest: instance.event.body.digest,
      Status: instance.status,
      Result: instance.result,
      Reason: instance.reason,
      Nodes: ENABLED.filter((name) => enabledNode(instance.chain.config, name) !== undefined),
      Node: instance.node,
      ScanTaskId: instance.scanId,
      StartTime: instance.startedMs,
      EndTime: instance.endedMs,
    })),
    Cursor: total > instances.length ? String(instances.at(-1)?.sequence) : undefined,
  };
});
