import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getChartNamespace } from '../chart-namespace-store.ts';
import { chartNamespaceReply } from '../chart-reply.ts';

export default operation('GetChartNamespace', {
  async run({ db }, { InstanceId, NamespaceName }) {
    await getInstance(db, InstanceId);
    return chartNamespaceReply(await getChartNamespace(db, InstanceId, NamespaceName));
  },
});
