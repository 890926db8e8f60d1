import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeChartRelease } from '../chart-release-store.ts';
import { getChartRepository } from '../chart-repository-store.ts';

/** Deletes one version of a chart and frees its space. */
export default operation('DeleteChartRelease', {
  async run({ db, now, removeObjects }, params) {
    const { InstanceId, RepoNamespaceName, RepoName, Chart: chart, Release: version } = params;
    await getInstance(db, InstanceId);
    const { repoId } = await getChartRepository(db, InstanceId, RepoNamespaceName, RepoName);
    await removeObjects(await removeChartRelease(db, repoId, { chart, version }, now()));
    return {};
  },
});
