import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listChainInstances } from '../chain-instance-store.ts';

/** The walks of images through chains, newest first. */
export default operation('ListChainInstance', {
  async run({ db }, params) {
    const { InstanceId: instanceId, RepoNamespaceName: namespaceName, RepoName: repoName } = params;
    await getInstance(db, instanceId);
    const page = planPage(params);
    const { instances, total } = await listChainInstances(db, { instanceId, namespaceName, repoName }, page);
    return {
      ChainInstances: instances.map((instance) => ({
        Chain: {
          ChainId: instance.chain.chainId,
          ChainName: instance.chain.name,
          Version: instance.chain.version,
        },
        ChainInstanceId: instance.chainInstanceId,
        EndTime: instance.endedMs,
        RepoName: instance.repoName,
        RepoNamespaceName: instance.namespaceName,
        Result: instance.result,
        StartTime: instance.startedMs,
        Status: instance.status,
      })),
      InstanceId: instanceId,
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: total,
    };
  },
});
