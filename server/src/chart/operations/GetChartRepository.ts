import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { chartRepositoryReply } from '../chart-reply.ts';
import { getChartRepository } from '../chart-repository-store.ts';

export default operation('GetChartRepository', {
  async run({ db }, { InstanceId, RepoNamespaceName, RepoName }) {
    await getInstance(db, InstanceId);
    return chartRepositoryReply(await getChartRepository(db, InstanceId, RepoNamespaceName, RepoName));
  },
});
