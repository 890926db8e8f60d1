import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getChartNamespace, removeChartNamespace } from '../chart-namespace-store.ts';
import { removeChartRepository } from '../chart-release-store.ts';
import { listChartRepositoryNames } from '../chart-repository-store.ts';

/** Deletes a namespace. If it has repositories it is refused, unless the operator's setting deletes them too. */
export default operation('DeleteChartNamespace', {
  async run({ db, deleteNamespaceContents, removeObjects }, { InstanceId, NamespaceName }) {
    await getInstance(db, InstanceId);
    const keys = await transaction(db, async (trx) => {
      const namespace = await getChartNamespace(trx, InstanceId, NamespaceName);
      const removed: string[] = [];
      if (deleteNamespaceContents) {
        for (const { repoId } of await listChartRepositoryNames(trx, InstanceId, NamespaceName))
          removed.push(...(await removeChartRepository(trx, repoId)));
      }
      await removeChartNamespace(trx, namespace);
      return removed;
    });
    await removeObjects(keys);
    return {};
  },
});
