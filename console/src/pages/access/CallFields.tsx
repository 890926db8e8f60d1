import { useQuery } from '@tanstack/react-query';
import { policyActionsQuery } from '../../api/policy-queries.ts';
import { namespacesQuery, repositoryListQuery } from '../../api/repository-queries.ts';
import { currentSession } from '../../session/session.ts';
import type { FieldProps } from '../use-entered.ts';

interface CallFieldsProps {
  field(name: 'action' | 'resource'): FieldProps;
}

/** The two fields that name a call: its action, with all known ones to choose from, and its resource. */
export function CallFields({ field }: CallFieldsProps) {
  const { data: known = [] } = useQuery(policyActionsQuery());
  const resources = useResources();
  return (
    <>
      <label>
        <strong>Action</strong>
        <input
          {...field('action')}
          list="known-actions"
          placeholder="cr:GetRepository"
          required
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <datalist id="known-actions">
        {known.map(({ Action }) => (
          <option key={Action} value={Action} />
        ))}
      </datalist>
      <label className="panel-wide">
        Resource
        <input
          {...field('resource')}
          list="known-resources"
          placeholder="* or acs:cr:REGION:ACCOUNT:repository/…"
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <datalist id="known-resources">
        {resources.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** What calls are made on: everything, the instance, and the namespaces and repositories that the caller may list. */
function useResources(): readonly string[] {
  const { accountId, regionId, instanceId } = currentSession();
  const { data: namespaces = [] } = useQuery({ ...namespacesQuery(), retry: false });
  const { data: repositories } = useQuery({ ...repositoryListQuery({}), retry: false });
  const place = `acs:cr:${regionId}:${accountId}`;
  const below = `${place}:repository/${instanceId}`;
  return [
    '*',
    `${place}:instance/${instanceId}`,
    below,
    ...namespaces.map(({ NamespaceName }) => `${below}/${NamespaceName}`),
    ...(repositories?.Repositories ?? []).map(
      ({ RepoNamespaceName, RepoName }) => `${below}/${RepoNamespaceName}/${RepoName}`,
    ),
  ];
}
