import { getInstance } from '#instance/instance-store.ts';
import { deniedPaths } from '#rpc/denied-paths.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { namespaceReply } from '../namespace-reply.ts';
import { listNamespaceNames, listNamespaces } from '../namespace-store.ts';

export default operation('ListNamespace', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const page = planPage(params);
    const prefix = `repository/${params.InstanceId}/`;
    const denied = await deniedPaths(context, 'cr:ListNamespace', async () =>
      (await listNamespaceNames(context.db, params.InstanceId)).map((name) => `${prefix}${name}`),
    );
    const filter = {
      instanceId: params.InstanceId,
      name: params.NamespaceName,
      status: params.NamespaceStatus,
      exceptNames: [...denied].map((path) => path.slice(prefix.length)),
    };
    const { namespaces, total } = await listNamespaces(context.db, filter, page);
    return {
      Namespaces: namespaces.map(namespaceReply),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
