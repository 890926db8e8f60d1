import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { givenDefaults } from '../given-defaults.ts';
import { getNamespace, updateNamespace } from '../namespace-store.ts';

/** Changes the given fields and keeps the rest. Existing repositories stay as they are. */
export default operation('UpdateNamespace', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const namespace = await getNamespace(context.db, params.InstanceId, params.NamespaceName);
    await updateNamespace(context.db, {
      ...namespace,
      autoCreateRepo: params.AutoCreateRepo ?? namespace.autoCreateRepo,
      ...givenDefaults(params),
      modifiedMs: context.now(),
    });
    return {};
  },
});
