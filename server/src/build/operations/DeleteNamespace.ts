import { getInstance } from '#instance/instance-store.ts';
import { getNamespace, markNamespaceDeleting, removeNamespace } from '#namespace/namespace-store.ts';
import { listRepositoriesOf } from '#repository/deletion-store.ts';
import { operation } from '#rpc/operation.ts';
import { beginDeletion } from '../delete-repository.ts';

/**
 * Deletes a namespace. One with repositories is refused, unless the operator has them deleted with it: then it is shown as
 * DELETING until they are gone.
 */
export default operation('DeleteNamespace', {
  async run({ db, now, deleteNamespaceContents, buildQueued }, { InstanceId, NamespaceName }) {
    await getInstance(db, InstanceId);
    const namespace = await getNamespace(db, InstanceId, NamespaceName);
    const repositories = deleteNamespaceContents ? await listRepositoriesOf(db, InstanceId, NamespaceName) : [];
    if (repositories.length === 0) {
      await removeNamespace(db, namespace);
      return {};
    }
    const normal = repositories.filter(({ status }) => status === 'NORMAL');
    await beginDeletion(db, now(), normal, (trx) => markNamespaceDeleting(trx, namespace.namespaceId, now()));
    buildQueued();
    return {};
  },
});
