import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { chartNamespacesQuery, chartRepositoriesQuery } from '../../api/chart-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Empty } from '../../ui/Empty.tsx';
import { type FieldSpec, sameWords } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { Collection } from '../Collection.tsx';
import { NAMESPACE_NAME, namespaceFields, namespaceWords, type ShownNamespace } from '../namespace-fields.ts';
import { RepositoryRow } from '../RepositoryRow.tsx';
import { WHO_CAN_PULL } from '../who-can-pull.ts';

/** The chart repositories of the instance, and their namespaces; both can be made and deleted. */
export function ChartRepositoryList() {
  const { data: repositories, error, isPending } = useQuery(chartRepositoriesQuery());
  return (
    <main>
      <PageTitle parts={['Charts']} />
      <div className="page-head">
        <h1>Chart repositories</h1>
        <span className="gap" />
        <NewChartRepository />
      </div>
      {error && <Failure error={error} />}
      {isPending && <Skeleton of="chart repositories" />}
      {repositories?.length === 0 && (
        <Empty>
          No chart repositories yet. Make a chart namespace below and a repository in it; <code>helm push</code> fills
          it.
        </Empty>
      )}
      <ul className="rows">
        {repositories?.map(
          ({ RepoNamespaceName: namespace = '', RepoName: name = '', Summary: summary, RepoType: type }) => (
            <RepositoryRow
              key={`${namespace}/${name}`}
              to="/charts/$namespace/$name"
              namespace={namespace}
              name={name}
              summary={summary}
              type={type}
            />
          ),
        )}
      </ul>
      <ChartNamespaceList />
    </main>
  );
}

function NewChartRepository() {
  const { data: namespaces = [] } = useQuery(chartNamespacesQuery());
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const InstanceId = currentSession().instanceId;
  const names = namespaces.map(({ NamespaceName: name = '' }) => name);
  const may = useMay(names.map((name) => ({ action: 'cr:CreateRepository', resource: `chart/${InstanceId}/${name}` })));
  const allowed = names.filter((_, index) => may[index]);
  if (allowed.length === 0) return null;
  if (!isOpen) {
    return (
      <button type="button" onClick={() => setOpen(true)}>
        New chart repository
      </button>
    );
  }
  const fields: FieldSpec[] = [
    {
      name: 'RepoNamespaceName',
      label: 'Chart namespace',
      kind: 'choice',
      choices: sameWords(allowed),
      required: true,
    },
    { name: 'RepoName', label: 'Name', kind: 'text', required: true },
    {
      name: 'RepoType',
      label: 'Who can pull',
      kind: 'choice',
      choices: WHO_CAN_PULL,
      required: true,
      value: 'PRIVATE',
    },
    { name: 'Summary', label: 'Summary', kind: 'text' },
  ];
  return (
    <ApiForm
      action="CreateChartRepository"
      fixed={{ InstanceId }}
      fields={fields}
      submit="Create chart repository"
      done={() => {
        setOpen(false);
        void queries.invalidateQueries({ queryKey: ['charts'] });
      }}
      leave={() => setOpen(false)}
    />
  );
}

function ChartNamespaceList() {
  const { data: namespaces, error } = useQuery(chartNamespacesQuery());
  const { instanceId: InstanceId } = currentSession();
  const names = namespaces?.map(({ NamespaceName: name = '' }) => name) ?? [];
  const [mayCreate, ...mayDelete] = useMay([
    { action: 'cr:CreateNamespace', resource: `chart/${InstanceId}` },
    ...names.map((name) => ({ action: 'cr:DeleteNamespace', resource: `chart/${InstanceId}/${name}` })),
  ]);
  const queries = useQueryClient();
  return (
    <Collection<ShownNamespace>
      id="chart-namespaces"
      title="Chart namespaces"
      noun="chart namespace"
      entries={namespaces}
      error={error}
      none="No chart namespaces yet. A chart namespace is the first part of the path of a chart repository."
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
          action: 'CreateChartNamespace',
          fixed: { InstanceId },
          fields: [NAMESPACE_NAME, ...namespaceFields('a chart')],
        }
      }
      remove={({ NamespaceName = '' }) => currentClient().call('DeleteChartNamespace', { InstanceId, NamespaceName })}
      mayRemove={({ NamespaceName = '' }) => mayDelete[names.indexOf(NamespaceName)] === true}
      changed={() => void queries.invalidateQueries({ queryKey: ['charts'] })}
    />
  );
}
