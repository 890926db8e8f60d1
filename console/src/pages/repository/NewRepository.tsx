import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { namespacesQuery } from '../../api/repository-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { type FieldSpec, sameWords } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { keptOnceSet } from '../sent-value.ts';
import { WHO_CAN_PULL } from '../who-can-pull.ts';

/** A button and its form, which creates a repository in a namespace where the caller is allowed to. */
export function NewRepository() {
  const { data: namespaces = [] } = useQuery(namespacesQuery());
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const InstanceId = currentSession().instanceId;
  const names = namespaces.map(({ NamespaceName: name = '' }) => name);
  const may = useMay(
    names.map((name) => ({ action: 'cr:CreateRepository', resource: `repository/${InstanceId}/${name}` })),
  );
  const allowed = names.filter((_, index) => may[index]);
  if (allowed.length === 0) return null;
  if (!open) {
    return (
      <button type="button" onClick={() => setOpen(true)}>
        New repository
      </button>
    );
  }
  const fields: FieldSpec[] = [
    { name: 'RepoNamespaceName', label: 'Namespace', kind: 'choice', choices: sameWords(allowed), required: true },
    { name: 'RepoName', label: 'Name', kind: 'text', required: true },
    ...repositoryFields({}),
  ];
  return (
    <ApiForm
      action="CreateRepository"
      fixed={{ InstanceId }}
      fields={fields}
      submit="Create repository"
      done={({ RepoNamespaceName: namespace = '', RepoName: name = '' }) => {
        void queries.invalidateQueries({ queryKey: ['repositories'] });
        void navigate({ to: '/repositories/$namespace/$name', params: { namespace, name } });
      }}
      leave={() => setOpen(false)}
    />
  );
}

/** The fields of a repository that can be changed. */
export function repositoryFields(given: {
  RepoType?: string | undefined;
  Summary?: string | undefined;
  Detail?: string | undefined;
  TagImmutability?: boolean | undefined;
}): FieldSpec[] {
  const { RepoType = 'PRIVATE', Summary = '', Detail = '', TagImmutability = false } = given;
  return [
    {
      name: 'RepoType',
      label: 'Who can pull',
      kind: 'choice',
      choices: WHO_CAN_PULL,
      required: true,
      value: RepoType,
    },
    { name: 'Summary', label: 'Summary', kind: 'text', required: true, value: Summary },
    keptOnceSet({ name: 'Detail', label: 'Description', kind: 'text', value: Detail }),
    {
      name: 'TagImmutability',
      label: 'Tags cannot be overwritten',
      kind: 'switch',
      value: String(TagImmutability),
    },
  ];
}
