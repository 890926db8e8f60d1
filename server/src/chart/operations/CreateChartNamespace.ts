import { getInstance } from '#instance/instance-store.ts';
import { NAMESPACE_NAME_LIMIT, nameMistake } from '#namespace/namespace.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { insertChartNamespace } from '../chart-namespace-store.ts';

export default operation('CreateChartNamespace', {
  async run({ db, now, newId, quotas }, { InstanceId, NamespaceName: name, AutoCreateRepo, DefaultRepoType }) {
    await getInstance(db, InstanceId);
    const mistake = nameMistake(name, NAMESPACE_NAME_LIMIT);
    if (mistake) throw invalidParameter('NamespaceName', `${JSON.stringify(name)}: ${mistake}`);
    const nowMs = now();
    const namespace = {
      namespaceId: newId('crcn'),
      instanceId: InstanceId,
      name,
      createdMs: nowMs,
      modifiedMs: nowMs,
      autoCreateRepo: AutoCreateRepo ?? false,
      defaultRepoType: DefaultRepoType ?? 'PRIVATE',
    };
    await insertChartNamespace(db, namespace, quotas.chartNamespaces);
    return {};
  },
});
