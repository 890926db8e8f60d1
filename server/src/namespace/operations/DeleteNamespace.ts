import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getNamespace, removeNamespace } from '../namespace-store.ts';

export default operation('DeleteNamespace', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await removeNamespace(context.db, await getNamespace(context.db, params.InstanceId, params.NamespaceName));
    return {};
  },
});
