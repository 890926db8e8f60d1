import { getInstance } from '#instance/instance-store.ts';
import { deniedPaths } from '#rpc/denied-paths.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listChartNamespaceNames, listChartNamespaces } from '../chart-namespace-store.ts';
import { chartNamespaceReply } from '../chart-reply.ts';

export default operation('ListChartNamespace', {
  async run(context, params) {
    const { db } = context;
    const { InstanceId: instanceId, NamespaceName: name } = params;
    await getInstance(db, instanceId);
    const page = planPage(params);
    const prefix = `chart/${instanceId}/`;
    const denied = await deniedPaths(context, 'cr:ListNamespace', async () =>
      (await listChartNamespaceNames(db, instanceId)).map((each) => `${prefix}${each}`),
    );
    const exceptNames = [...denied].map((path) => path.slice(prefix.length));
    // No namespace is ever being deleted: a deletion is complete when it is answered.
    const { namespaces, total } =
      params.NamespaceStatus === 'DELETING'
        ? { namespaces: [], total: 0 }
        : await listChartNamespaces(db, { instanceId, name, exceptNames }, page);
    return {
      Namespaces: namespaces.map(chartNamespaceReply),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
