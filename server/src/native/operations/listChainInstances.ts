import { listChainInstances } from '#chain/chain-instance-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

const LIST_DEFAULT = 50;

/** `GET /repositories/NAMESPACE/NAME/chain-instances`: what passed, what did not, and why. */
export default nativeOperation('listChainInstances', async (context, { namespace, name, limit = LIST_DEFAULT }) => {
  const { db, instanceId } = context;
  await getRepositoryByName(db, instanceId, namespace, name);
  const filter = { instanceId, namespaceName: namespace, repoName: name };
  const { instances } = await listChainInstances(db, filter, { limit, offset: 0 });
  return {
    ChainInstances: instances.map((instance) => ({
      ChainInstanceId: instance.chainInstanceId,
      ChainId: instance.chain.chainId,
      ChainName: instance.chain.name,
      Version: instance.chain.version,
      Tag: instance.event.body.tag,
      Digest: instance.event.body.digest,
      Status: instance.status,
      Result: instance.result,
      Reason: instance.reason,
      Node: instance.node,
      ScanTaskId: instance.scanId,
      StartTime: instance.startedMs,
      EndTime: instance.endedMs,
    })),
  };
});
