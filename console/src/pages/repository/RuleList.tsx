import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { rulesQuery } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { useRepository } from './use-repository.ts';

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
export function RuleList() {
  const { repoId = '', resource } = useRepository();
  const { data: rules, error } = useQuery({ ...rulesQuery(repoId), enabled: repoId !== '' });
  const queries = useQueryClient();
  const [mayCreate, mayUpdate, mayDelete, mayBuild] = useMay([
    { action: 'cr:CreateRepositoryBuildRule', resource },
    { action: 'cr:UpdateRepositoryBuildRule', resource },
    { action: 'cr:DeleteRepositoryBuildRule', resource: '*' },
    { action: 'cr:BuildRepositoryByRule', resource },
  ]);
  const fixed = { InstanceId: currentSession().instanceId, RepoId: repoId };
  const keyOf = ({ BuildRuleId = '' }: Rule) => ({ ...fixed, BuildRuleId });
  return (
    <Collection<Rule>
      id="rules"
      title="Build rules"
      noun="rule"
      entries={rules}
      error={error}
      none="No build rules yet. A rule says which push starts a build, and the tag of its image."
      keyOf={({ BuildRuleId = '' }) => BuildRuleId}
      nameOf={({ PushName = '' }) => PushName}
      line={(rule) => (
        <>
          <span>
            {rule.PushType === 'GIT_TAG' ? 'Tag' : 'Branch'} <code>{rule.PushName}</code> →{' '}
            <code>:{rule.ImageTag}</code>
          </span>
          <span className="quiet">
            {rule.DockerfileLocation} {rule.DockerfileName} {rule.Platforms?.join(' ')}
          </span>
        </>
      )}
      buttons={(rule) => mayBuild && <BuildNow key_={keyOf(rule)} />}
      create={repoId !== '' && mayCreate === true && { action: 'CreateRepoBuildRule', fixed, fields: fieldsOf({}) }}
      change={
        mayUpdate === true &&
        ((rule) => ({ action: 'UpdateRepoBuildRule', fixed: keyOf(rule), fields: fieldsOf(rule) }))
      }
      remove={mayDelete === true && ((rule) => currentClient().call('DeleteRepoBuildRule', keyOf(rule)))}
      changed={() => void queries.invalidateQueries({ queryKey: ['rules', repoId] })}
    />
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
      choices: { GIT_BRANCH: 'A branch', GIT_TAG: 'A Git tag' },
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
