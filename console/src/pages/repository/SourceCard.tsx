import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sourceQuery } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Fact } from '../../ui/Fact.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { CODE_HOSTS } from '../code-hosts.ts';
import { HookCard } from './HookCard.tsx';
import { SourceCheck } from './SourceCheck.tsx';
import { useRepository } from './use-repository.ts';

/** What a repository is built from, if anything, and how its pushes arrive. */
export function SourceCard() {
  const { repoId = '', resource, error: repositoryError } = useRepository();
  const read = useQuery({ ...sourceQuery(repoId), enabled: repoId !== '', retry: false });
  const { data: source, error, isPending } = read;
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const [mayBind, mayChange, mayCheck] = useMay([
    { action: 'cr:CreateSourceRepository', resource: '*' },
    { action: 'cr:UpdateSourceRepository', resource },
    { action: 'cr:BuildRepositoryByRule', resource },
  ]);
  const unbound = error instanceof ApiCallError && error.code === 'SOURCE_CODE_REPO_NOT_EXIST';
  const done = () => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ['source', repoId] });
    void queries.invalidateQueries({ queryKey: ['source refs'] });
  };
  const may = unbound ? mayBind : mayChange;
  return (
    <>
      <section aria-labelledby="source">
        <div className="page-head">
          <h2 id="source">Source</h2>
          <span className="gap" />
          {may && !open && !isPending && (
            <button type="button" onClick={() => setOpen(true)}>
              {unbound ? 'Bind a source' : 'Change source'}
            </button>
          )}
        </div>
        {repositoryError && repoId === '' && <Failure error={repositoryError} />}
        {error && !unbound && <Failure error={error} />}
        {isPending && !repositoryError && <Skeleton of="the source" />}
        {unbound && !open && (
          <Empty>
            No source: you can build only folders that you send, and Git addresses.{' '}
            {may ? 'Bind a source, so that pushes and rules build this repository.' : ''}
          </Empty>
        )}
        {source && !unbound && (
          <>
            <dl className="facts">
              <Fact name="Code host">
                {CODE_HOSTS[source.CodeRepoType ?? ''] ?? source.CodeRepoType}{' '}
                {source.CodeRepoDomain && <code>{source.CodeRepoDomain}</code>}
              </Fact>
              <Fact name="Repository">
                <code>
                  {source.CodeRepoNamespaceName}/{source.CodeRepoName}
                </code>
              </Fact>
              <Fact name="Pushes">{source.AutoBuild === 'true' ? 'start builds' : 'do not start builds'}</Fact>
              <Fact name="Layer cache">{source.DisableCacheBuild === 'true' ? 'off' : 'on'}</Fact>
            </dl>
            {mayCheck && !open && <SourceCheck />}
          </>
        )}
        {open && (
          <ApiForm
            action={unbound ? 'CreateRepoSourceCodeRepo' : 'UpdateRepoSourceCodeRepo'}
            fixed={{ InstanceId: currentSession().instanceId, RepoId: repoId }}
            fields={fieldsOf(unbound ? {} : (source ?? {}))}
            submit={unbound ? 'Bind source' : 'Save source'}
            done={done}
            leave={() => setOpen(false)}
          />
        )}
      </section>
      {source && !unbound && <HookCard host={source.CodeRepoType ?? ''} />}
    </>
  );
}

interface Bound {
  CodeRepoType?: string | undefined;
  CodeRepoNamespaceName?: string | undefined;
  CodeRepoName?: string | undefined;
  AutoBuild?: string | undefined;
  DisableCacheBuild?: string | undefined;
}

function fieldsOf(source: Bound): FieldSpec[] {
  return [
    {
      name: 'CodeRepoType',
      label: 'Code host',
      kind: 'choice',
      required: true,
      choices: CODE_HOSTS,
      value: source.CodeRepoType ?? 'GITLAB',
      hint: 'Its address and login are set once for all repositories: slipway source set.',
    },
    {
      name: 'CodeRepoNamespaceName',
      label: 'Group or owner',
      kind: 'text',
      required: true,
      value: source.CodeRepoNamespaceName ?? '',
      hint: 'The part of the address before the repository, such as team or group/subgroup.',
    },
    { name: 'CodeRepoName', label: 'Code repository', kind: 'text', required: true, value: source.CodeRepoName ?? '' },
    { name: 'AutoBuild', label: 'Build on each push', kind: 'switch', value: source.AutoBuild ?? 'true' },
    {
      name: 'DisableCacheBuild',
      label: 'Build without the layer cache',
      kind: 'switch',
      value: source.DisableCacheBuild ?? 'false',
    },
  ];
}
