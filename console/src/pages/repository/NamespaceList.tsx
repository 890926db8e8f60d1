import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { namespacesQuery } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { WHO_CAN_PULL } from '../who-can-pull.ts';

interface Namespace {
  NamespaceName?: string | undefined;
  AutoCreateRepo?: boolean | undefined;
  DefaultRepoType?: string | undefined;
}

/** The namespaces of the instance; each can be changed, or deleted if it is empty. */
export function NamespaceList() {
  const { data: namespaces = [], error, isPending } = useQuery(namespacesQuery());
  const [open, setOpen] = useState<string>();
  const queries = useQueryClient();
  const InstanceId = currentSession().instanceId;
  const [mayCreate, mayUpdate, ...mayDelete] = useMay([
    { action: 'cr:CreateNamespace', resource: `repository/${InstanceId}` },
    { action: 'cr:UpdateNamespace', resource: '*' },
    ...namespaces.map(({ NamespaceName: name }) => ({
      action: 'cr:DeleteNamespace',
      resource: `repository/${InstanceId}/${name}`,
    })),
  ]);
  const changed = () => {
    setOpen(undefined);
    void queries.invalidateQueries({ queryKey: ['namespaces'] });
  };
  return (
    <section aria-labelledby="namespaces">
      <div className="page-head">
        <h2 id="namespaces">Namespaces</h2>
        <span className="gap" />
        {mayCreate && open !== '' && (
          <button type="button" onClick={() => setOpen('')}>
            New namespace
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {open === '' && (
        <ApiForm
          action="CreateNamespace"
          fixed={{ InstanceId }}
          submit="Create namespace"
          done={changed}
          fields={[{ name: 'NamespaceName', label: 'Name', kind: 'text', required: true }, ...fieldsOf({})]}
          leave={() => setOpen(undefined)}
        />
      )}
      {!isPending && !error && namespaces.length === 0 && (
        <p className="quiet">No namespaces yet. A namespace is the first part of an image’s name.</p>
      )}
      <ul className="rows">
        {namespaces.map((namespace, index) => {
          const name = namespace.NamespaceName ?? '';
          return (
            <li key={name}>
              <div className="row-line">
                <strong>{name}</strong>
                <span className="quiet">{described(namespace)}</span>
                <span className="gap" />
                {mayUpdate && (
                  <button type="button" className="small" onClick={() => setOpen(name)} aria-label={`Change ${name}`}>
                    Change
                  </button>
                )}
                {mayDelete[index] && <Delete name={name} done={changed} />}
              </div>
              {open === name && (
                <ApiForm
                  action="UpdateNamespace"
                  fixed={{ InstanceId, NamespaceName: name }}
                  done={changed}
                  fields={fieldsOf(namespace)}
                  submit="Save namespace"
                  leave={() => setOpen(undefined)}
                />
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Delete({ name, done }: { name: string; done(): void }) {
  const key = { InstanceId: currentSession().instanceId, NamespaceName: name };
  const remove = useMutation({ mutationFn: () => currentClient().call('DeleteNamespace', key), onSuccess: done });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name="Delete" of={name} act={() => remove.mutate()} busy={remove.isPending} />
    </>
  );
}

function described({ AutoCreateRepo: makes, DefaultRepoType: type }: Namespace): string {
  return makes
    ? `a push creates ${type === 'PUBLIC' ? 'public' : 'private'} repositories`
    : 'a push creates no repository';
}

function fieldsOf({ AutoCreateRepo: makes = false, DefaultRepoType: type = 'PRIVATE' }: Namespace): FieldSpec[] {
  return [
    {
      name: 'AutoCreateRepo',
      label: 'Create a repository when an image is pushed to it',
      kind: 'switch',
      value: String(makes),
    },
    {
      name: 'DefaultRepoType',
      label: 'Who can pull from these repositories',
      kind: 'choice',
      choices: WHO_CAN_PULL,
      required: true,
      value: type,
    },
  ];
}
