import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { chartNamespacesQuery, chartRepositoriesQuery } from '../../api/chart-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { type FieldSpec, sameWords } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { RepositoryRow } from '../RepositoryRow.tsx';
import { WHO_CAN_PULL } from '../who-can-pull.ts';
import { DeleteChartPart } from './DeleteChartPart.tsx';

const PULL_CHOICE = { kind: 'choice', choices: WHO_CAN_PULL, required: true, value: 'PRIVATE' } as const;

/** The chart repositories of the instance, and their namespaces; both can be made and deleted. */
export function ChartRepositoryList() {
  const { data: repositories, error } = useQuery(chartRepositoriesQuery());
  return (
    <main>
      <div className="page-head">
        <h1>Chart repositories</h1>
      </div>
      <NewChartRepository />
      {error && <Failure error={error} />}
      {repositories?.length === 0 && <p className="quiet">No chart repositories yet.</p>}
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
  const InstanceId = currentSession().instanceId;
  const names = namespaces.map(({ NamespaceName: name = '' }) => name);
  const may = useMay(names.map((name) => ({ action: 'cr:CreateRepository', resource: `chart/${InstanceId}/${name}` })));
  const allowed = names.filter((_, index) => may[index]);
  if (allowed.length === 0) return null;
  const fields: FieldSpec[] = [
    {
      name: 'RepoNamespaceName',
      label: 'Chart namespace',
      kind: 'choice',
      choices: sameWords(allowed),
      required: true,
    },
    { name: 'RepoName', label: 'Name', kind: 'text', required: true },
    { name: 'RepoType', label: 'Who can pull', ...PULL_CHOICE },
    { name: 'Summary', label: 'Summary', kind: 'text' },
  ];
  return (
    <p>
      <OpenForm
        label="New chart repository"
        action="CreateChartRepository"
        fields={fields}
        submit="Create chart repository"
      />
    </p>
  );
}

function ChartNamespaceList() {
  const { data: namespaces, error } = useQuery(chartNamespacesQuery());
  const InstanceId = currentSession().instanceId;
  const [mayCreate, ...mayDelete] = useMay([
    { action: 'cr:CreateNamespace', resource: `chart/${InstanceId}` },
    ...(namespaces ?? []).map(({ NamespaceName: name }) => ({
      action: 'cr:DeleteNamespace',
      resource: `chart/${InstanceId}/${name}`,
    })),
  ]);
  const fields: FieldSpec[] = [
    { name: 'NamespaceName', label: 'Name', kind: 'text', required: true },
    {
      name: 'AutoCreateRepo',
      label: 'Create a repository when a chart is pushed to it',
      kind: 'switch',
      value: 'false',
    },
    { name: 'DefaultRepoType', label: 'Who can pull from these repositories', ...PULL_CHOICE },
  ];
  return (
    <section aria-labelledby="chart-namespaces">
      <div className="page-head">
        <h2 id="chart-namespaces">Chart namespaces</h2>
      </div>
      {mayCreate && (
        <OpenForm
          label="New chart namespace"
          action="CreateChartNamespace"
          fields={fields}
          submit="Create chart namespace"
        />
      )}
      {error && <Failure error={error} />}
      {namespaces?.length === 0 && (
        <p className="quiet">
          No chart namespaces yet. A chart namespace is the first part of the path of a chart repository.
        </p>
      )}
      <ul className="rows">
        {namespaces?.map(({ NamespaceName: name = '', AutoCreateRepo }, index) => (
          <li key={name}>
            <div className="row-line">
              <strong>{name}</strong>
              <span className="quiet">
                {AutoCreateRepo ? 'a push creates repositories' : 'a push creates no repository'}
              </span>
              <span className="gap" />
              {mayDelete[index] && (
                <DeleteChartPart action="DeleteChartNamespace" params={{ NamespaceName: name }} of={name} />
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A button that opens a form, which makes something among charts. */
function OpenForm(props: { label: string; action: string; fields: readonly FieldSpec[]; submit: string }) {
  const { label, ...form } = props;
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  if (!isOpen) {
    return (
      <button type="button" onClick={() => setOpen(true)}>
        {label}
      </button>
    );
  }
  return (
    <ApiForm
      {...form}
      fixed={{ InstanceId: currentSession().instanceId }}
      done={() => {
        setOpen(false);
        void queries.invalidateQueries({ queryKey: ['charts'] });
      }}
      leave={() => setOpen(false)}
    />
  );
}
