import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listChartReleases } from '../chart-release-store.ts';
import { getChartRepository } from '../chart-repository-store.ts';

/** The versions of the charts of a repository, most recently pushed first. `Chart` is the beginning of a name. */
export default operation('ListChartRelease', {
  async run({ db }, params) {
    const { InstanceId, RepoNamespaceName, RepoName, Chart: chart } = params;
    await getInstance(db, InstanceId);
    const { repoId } = await getChartRepository(db, InstanceId, RepoNamespaceName, RepoName);
    const page = planPage(params);
    const { releases, total } = await listChartReleases(db, { repoId, chart }, page);
    return {
      ChartReleases: releases.map((release) => ({
        Chart: release.chart,
        InstanceId,
        ModifiedTime: release.pushedMs,
        Release: release.version,
        RepoId: repoId,
        Size: String(release.sizeBytes),
        Status: 'ENABLED',
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
