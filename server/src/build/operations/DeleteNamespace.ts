import { removeChainOf } from '#chain/chain-store.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { removeLifecycleRulesOf } from '#lifecycle/lifecycle-store.ts';
import { getNamespace, markNamespaceDeleting, removeNamespace } from '#namespace/namespace-store.ts';
import { listRepositoriesOf } from '#repository/deletion-store.ts';
import { operation } from '#rpc/operation.ts';
import { beginDeletion } from '../delete-repository.ts';

/**
 * Deletes a namespace. One with repositories is refused, unless the operator has them deleted with it: then it is shown as
 * DELETING until they are gone.
 */
export default operation('DeleteNamespace', {
  async run({ db, now, principal, deleteNamespaceContents, buildQueued }, { InstanceId, NamespaceName }) {
    await getInstance(db, InstanceId);
    const namespace = await getNamespace(db, InstanceId, NamespaceName);
    const isEmpty = (await listRepositoriesOf(db, InstanceId, NamespaceName)).length === 0;
    if (isEmpty || !deleteNamespaceContents) {
      await transaction(db, async (trx) => {
        await removeNamespace(trx, namespace);
        await removeChainOf(trx, namespace.namespaceId);
        await removeLifecycleRulesOf(trx, { instanceId: InstanceId, namespaceName: NamespaceName });
      });
      return {};
    }
    await beginDeletion(db, { principal, nowMs: now() }, async (trx) => {
      await markNamespaceDeleting(trx, namespace.namespaceId, now());
      await removeChainOf(trx, namespace.namespaceId);
      await removeLifecycleRulesOf(trx, { instanceId: InstanceId, namespaceName: NamespaceName });
      const repositories = await listRepositoriesOf(trx, InstanceId, NamespaceName);
      return repositories.filter(({ status }) => status === 'NORMAL');
    });
    buildQueued();
    return {};
  },
});
