import { getInstance } from '#instance/instance-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { givenDefaults } from '../given-defaults.ts';
import { NAMESPACE_NAME_LIMIT, type Namespace, nameMistake } from '../namespace.ts';
import { insertNamespace } from '../namespace-store.ts';

export default operation('CreateNamespace', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const mistake = nameMistake(params.NamespaceName, NAMESPACE_NAME_LIMIT);
    if (mistake) throw invalidParameter('NamespaceName', `${JSON.stringify(params.NamespaceName)}: ${mistake}`);
    const defaults = givenDefaults(params);
    const nowMs = context.now();
    const namespace: Namespace = {
      namespaceId: context.newId('crn'),
      instanceId: params.InstanceId,
      name: params.NamespaceName,
      autoCreateRepo: params.AutoCreateRepo ?? false,
      defaultRepoType: 'PRIVATE',
      defaultTagImmutability: false,
      ...defaults,
      status: 'NORMAL',
      createdMs: nowMs,
      modifiedMs: nowMs,
    };
    await insertNamespace(context.db, namespace, context.quotas.namespaces);
    return {};
  },
});
