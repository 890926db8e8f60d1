import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { rulesQuery } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { ApiForm } from '../ApiForm.tsx';

interface Rule {
  BuildRuleId?: string | undefined;
  PushType?: string | undefined;
  PushName?: string | undefined;
  ImageTag?: string | undefined;
  DockerfileLocation?: string | undefined;
  DockerfileName?: string | undefined;
  BuildArgs?: readonly string[] | undefined;
  Platforms?: readonly string[] | undefined;
}

/** The build rules of a repository: which push starts a build, and how. Each can be built, changed or deleted. */
export function RuleList({ repoId, repository }: { repoId: string; repository: string }) {
  const { data: rules, error } = useQuery(rulesQuery(repoId));
  const [open, setOpen] = useState<string>();
  const queries = useQueryClient();
  const resource = repositoryResource(repository);
  const [mayCreate, mayUpdate, mayDelete, mayBuild] = useMay([
    { action: 'cr:CreateRepositoryBuildRule', resource },
    { action: 'cr:UpdateRepositoryBuildRule', resource },
    { action: 'cr:DeleteRepositoryBuildRule', resource: '*' },
    { action: 'cr:BuildRepositoryByRule', resource },
  ]);
  const fixed = { InstanceId: currentSession().instanceId, RepoId: repoId };
  const changed = () => {
    setOpen(undefined);
    void queries.invalidateQueries({ queryKey: ['rules', repoId] });
  };
  return (
    <section aria-labelledby="rules">
      <div className="page-head">
        <h2 id="rules">Build rules</h2>
        <span className="gap" />
        {mayCreate && open !== 'new' && (
          <button type="button" onClick={() => setOpen('new')}>
            New rule
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {open === 'new' && (
        <ApiForm
          action="CreateRepoBuildRule"
          fixed={fixed}
          fields={fieldsOf({})}
          submit="Create rule"
          done={changed}
          leave={() => setOpen(undefined)}
        />
      )}
      {rules?.length === 0 && (
        <p className="quiet">No build rules yet. A rule says which push starts a build, and the tag of its image.</p>
      )}
      <ul className="rows">
        {rules?.map((rule) => (
          <li key={rule.BuildRuleId}>
            <div className="row-line">
              <span>
                {rule.PushType === 'GIT_TAG' ? 'Tag' : 'Branch'} <code>{rule.PushName}</code> →{' '}
                <code>:{rule.ImageTag}</code>
              </span>
              <span className="quiet">
                {rule.DockerfileLocation} {rule.DockerfileName} {rule.Platforms?.join(' ')}
              </span>
              <span className="gap" />
              {mayBuild && <BuildNow key_={{ ...fixed, BuildRuleId: rule.BuildRuleId ?? '' }} />}
              {mayUpdate && (
                <button type="button" className="small" onClick={() => setOpen(rule.BuildRuleId)}>
                  Change
                </button>
              )}
              {mayDelete && (
                <Delete
                  key_={{ ...fixed, BuildRuleId: rule.BuildRuleId ?? '' }}
                  of={`the rule of ${rule.PushName}`}
                  done={changed}
                />
              )}
            </div>
            {open === rule.BuildRuleId && (
              <ApiForm
                action="UpdateRepoBuildRule"
                fixed={{ ...fixed, BuildRuleId: rule.BuildRuleId ?? '' }}
                fields={fieldsOf(rule)}
                submit="Save rule"
                done={changed}
                leave={() => setOpen(undefined)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RuleKey {
  InstanceId: string;
  RepoId: string;
  BuildRuleId: string;
}

function BuildNow({ key_ }: { key_: RuleKey }) {
  const navigate = useNavigate();
  const build = useMutation({
    mutationFn: () => currentClient().call('CreateBuildRecordByRule', key_),
    onSuccess: ({ BuildRecordId: id = '' }) => navigate({ to: '/builds/$id', params: { id } }),
  });
  return (
    <>
      {build.error && <Failure error={build.error} />}
      <button type="button" className="small" onClick={() => build.mutate()} disabled={build.isPending}>
        Build now
      </button>
    </>
  );
}

function Delete({ key_, of, done }: { key_: RuleKey; of: string; done(): void }) {
  const remove = useMutation({ mutationFn: () => currentClient().call('DeleteRepoBuildRule', key_), onSuccess: done });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name="Delete" of={of} act={() => remove.mutate()} busy={remove.isPending} />
    </>
  );
}

function fieldsOf(rule: Rule): FieldSpec[] {
  const text = (name: string, label: string, value: string | undefined, more: Partial<FieldSpec> = {}): FieldSpec => ({
    name,
    label,
    kind: 'text' as const,
    ...more,
    ...(value === undefined ? {} : { value }),
  });
  return [
    text('PushType', 'Build on push of', rule.PushType ?? 'GIT_BRANCH', {
      kind: 'choice',
      required: true,
      choices: ['GIT_BRANCH', 'GIT_TAG'],
    }),
    text('PushName', 'Branch or tag', rule.PushName, {
      required: true,
      hint: 'A name, or a pattern such as release-v$version.',
    }),
    text('ImageTag', 'Image tag', rule.ImageTag, {
      required: true,
      hint: 'Can use variables of the pattern: $version.',
    }),
    text('DockerfileLocation', 'Folder of the Dockerfile', rule.DockerfileLocation ?? '/'),
    text('DockerfileName', 'Name of the Dockerfile', rule.DockerfileName ?? 'Dockerfile'),
    text('BuildArgs', 'Build arguments', rule.BuildArgs?.join('\n'), {
      kind: 'lines',
      hint: 'NAME=value, one per line.',
    }),
  ];
}
