import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkChartSummary } from '../chart.ts';
import { getChartRepository, updateChartRepository } from '../chart-repository-store.ts';

/** Changes the given fields and keeps the rest. */
export default operation('UpdateChartRepository', {
  async run({ db, now }, { InstanceId, RepoNamespaceName, RepoName, RepoType, Summary }) {
    await getInstance(db, InstanceId);
    const repository = await getChartRepository(db, InstanceId, RepoNamespaceName, RepoName);
    if (Summary !== undefined) checkChartSummary(Summary);
    await updateChartRepository(db, {
      ...repository,
      type: RepoType ?? repository.type,
      summary: Summary ?? repository.summary,
      modifiedMs: now(),
    });
    return {};
  },
});
