import { useQuery, useQueryClient } from '@tanstack/react-query';
import { namespacesQuery } from '../../api/repository-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Collection } from '../Collection.tsx';
import { NAMESPACE_NAME, namespaceFields, namespaceWords, type ShownNamespace } from '../namespace-fields.ts';

/** The namespaces of the instance; each can be changed, or deleted if it is empty. */
export function NamespaceList() {
  const { data: namespaces, error } = useQuery(namespacesQuery());
  const { instanceId: InstanceId } = currentSession();
  const names = namespaces?.map(({ NamespaceName: name = '' }) => name) ?? [];
  const [mayCreate, mayUpdate, ...mayDelete] = useMay([
    { action: 'cr:CreateNamespace', resource: `repository/${InstanceId}` },
    { action: 'cr:UpdateNamespace', resource: '*' },
    ...names.map((name) => ({ action: 'cr:DeleteNamespace', resource: `repository/${InstanceId}/${name}` })),
  ]);
  const queries = useQueryClient();
  return (
    <Collection<ShownNamespace>
      id="namespaces"
      title="Namespaces"
      noun="namespace"
      entries={namespaces}
      error={error}
      none="No namespaces yet. A namespace is the first part of an image’s name."
      keyOf={({ NamespaceName = '' }) => NamespaceName}
      nameOf={({ NamespaceName = '' }) => NamespaceName}
      line={(namespace) => (
        <>
          <strong>{namespace.NamespaceName}</strong>
          <span className="quiet">{namespaceWords(namespace)}</span>
        </>
      )}
      create={
        mayCreate && {
          action: 'CreateNamespace',
          fixed: { InstanceId },
          fields: [NAMESPACE_NAME, ...namespaceFields('an image')],
        }
      }
      change={
        mayUpdate &&
        ((namespace) => ({
          action: 'UpdateNamespace',
          fixed: { InstanceId, NamespaceName: namespace.NamespaceName ?? '' },
          fields: namespaceFields('an image', namespace),
        }))
      }
      remove={({ NamespaceName = '' }) => currentClient().call('DeleteNamespace', { InstanceId, NamespaceName })}
      mayRemove={({ NamespaceName = '' }) => mayDelete[names.indexOf(NamespaceName)] === true}
      changed={() => void queries.invalidateQueries({ queryKey: ['namespaces'] })}
    />
  );
}
