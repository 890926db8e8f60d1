import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listNamespaces } from '../namespace-store.ts';

export default operation('ListNamespace', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const page = planPage(params);
    const filter = { instanceId: params.InstanceId, name: params.NamespaceName, status: params.NamespaceStatus };
    const { namespaces, total } = await listNamespaces(context.db, filter, page);
    return {
      Namespaces: namespaces.map((namespace) => ({
        AutoCreateRepo: namespace.autoCreateRepo,
        DefaultRepoConfiguration: {
          ArtifactBuildRuleParameters: { ImageIndexOnly: false },
          RepoType: namespace.defaultRepoType,
          TagImmutability: false,
        },
        DefaultRepoType: namespace.defaultRepoType,
        InstanceId: namespace.instanceId,
        NamespaceId: namespace.namespaceId,
        NamespaceName: namespace.name,
        NamespaceStatus: namespace.status,
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
