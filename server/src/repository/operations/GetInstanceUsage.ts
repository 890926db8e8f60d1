import { LINKS_LIMIT } from '#endpoint/network.ts';
import { listNetworkLinks } from '#endpoint/network-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { countNamespaces } from '#namespace/namespace-store.ts';
import { operation } from '#rpc/operation.ts';
import { countRepositories } from '../repository-store.ts';

/** Every quota is enforced where it is used up; one below what is there already is shown as what is there. */
export default operation('GetInstanceUsage', {
  async run({ db, quotas }, { InstanceId }) {
    await getInstance(db, InstanceId);
    const namespaces = await countNamespaces(db, InstanceId);
    const repositories = await countRepositories(db, InstanceId);
    return {
      // No charts can be made yet.
      ChartNamespaceQuota: '0',
      ChartNamespaceUsage: '0',
      ChartRepoQuota: '0',
      ChartRepoUsage: '0',
      NamespaceQuota: String(Math.max(quotas.namespaces, namespaces)),
      NamespaceUsage: String(namespaces),
      RepoQuota: String(Math.max(quotas.repositories, repositories)),
      RepoUsage: String(repositories),
      VpcQuota: String(LINKS_LIMIT),
      VpcUsage: String((await listNetworkLinks(db, InstanceId)).length),
    };
  },
});
