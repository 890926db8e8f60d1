import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getGivenNamespace, givenNamespaceResource } from '../given-namespace.ts';
import { namespaceReply } from '../namespace-reply.ts';

export default operation('GetNamespace', {
  resource: (context, params) => givenNamespaceResource(context.db, params),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    return namespaceReply(await getGivenNamespace(context.db, params));
  },
});
