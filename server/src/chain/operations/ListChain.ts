import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { chainReply } from '../chain-reply.ts';
import { listChains } from '../chain-store.ts';

/** The chains of an instance, or of one namespace or repository, in the order of their creation. */
export default operation('ListChain', {
  async run({ db }, params) {
    const { InstanceId: instanceId, RepoNamespaceName: namespaceName, RepoName: repoName } = params;
    await getInstance(db, instanceId);
    const page = planPage(params);
    const { chains, total } = await listChains(db, { instanceId, namespaceName, repoName }, page);
    return { Chains: chains.map(chainReply), PageNo: page.pageNo, PageSize: page.pageSize, TotalCount: total };
  },
});
