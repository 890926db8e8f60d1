import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getChartNamespace, updateChartNamespace } from '../chart-namespace-store.ts';

/** Changes the given fields and keeps the rest. Existing repositories stay as they are. */
export default operation('UpdateChartNamespace', {
  async run({ db, now }, { InstanceId, NamespaceName, AutoCreateRepo, DefaultRepoType }) {
    await getInstance(db, InstanceId);
    const namespace = await getChartNamespace(db, InstanceId, NamespaceName);
    await updateChartNamespace(db, {
      ...namespace,
      autoCreateRepo: AutoCreateRepo ?? namespace.autoCreateRepo,
      defaultRepoType: DefaultRepoType ?? namespace.defaultRepoType,
      modifiedMs: now(),
    });
    return {};
  },
});
