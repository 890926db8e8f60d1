import { countChartNamespaces } from '#chart/chart-namespace-store.ts';
import { countChartRepositories } from '#chart/chart-repository-store.ts';
import { LINKS_LIMIT } from '#endpoint/network.ts';
import { countNetworkLinks } from '#endpoint/network-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { countNamespaces } from '#namespace/namespace-store.ts';
import { operation } from '#rpc/operation.ts';
import { countRepositories } from '../repository-store.ts';

/** Every quota is enforced where it is used; a quota below the current number is shown as that number. */
export default operation('GetInstanceUsage', {
  async run({ db, quotas }, { InstanceId }) {
    await getInstance(db, InstanceId);
    const namespaces = await countNamespaces(db, InstanceId);
    const repositories = await countRepositories(db, InstanceId);
    const chartNamespaces = await countChartNamespaces(db, InstanceId);
    const chartRepositories = await countChartRepositories(db, InstanceId);
    return {
      ChartNamespaceQuota: String(Math.max(quotas.chartNamespaces, chartNamespaces)),
      ChartNamespaceUsage: String(chartNamespaces),
      ChartRepoQuota: String(Math.max(quotas.chartRepositories, chartRepositories)),
      ChartRepoUsage: String(chartRepositories),
      NamespaceQuota: String(Math.max(quotas.namespaces, namespaces)),
      NamespaceUsage: String(namespaces),
      RepoQuota: String(Math.max(quotas.repositories, repositories)),
      RepoUsage: String(repositories),
      VpcQuota: String(LINKS_LIMIT),
      VpcUsage: String(await countNetworkLinks(db, InstanceId)),
    };
  },
});
