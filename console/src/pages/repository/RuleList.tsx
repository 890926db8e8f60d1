import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { rulesQuery } from '../../api/repository-queries.ts';
import { buildRule, sourceRefsQuery } from '../../api/source-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { Collection } from '../Collection.tsx';
import { keptOnceSet } from '../sent-value.ts';
import { isPattern, startOf } from './rule-words.ts';
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
  const { repoId = '', resource, error: repositoryError } = useRepository();
  const { data: rules, error } = useQuery({ ...rulesQuery(repoId), enabled: repoId !== '' });
  const [asked, setAsked] = useState<string>();
  const queries = useQueryClient();
  const [mayCreate, mayUpdate, mayDelete, mayBuild] = useMay([
    { action: 'cr:CreateRepositoryBuildRule', resource },
    { action: 'cr:UpdateRepositoryBuildRule', resource },
    { action: 'cr:DeleteRepositoryBuildRule', resource: '*' },
    { action: 'cr:BuildRepositoryByRule', resource },
  ]);
  const fixed = { InstanceId: currentSession().instanceId, RepoId: repoId };
  const keyOf = ({ BuildRuleId = '' }: Rule) => ({ ...fixed, BuildRuleId });
  const ask = ({ BuildRuleId }: Rule) => setAsked(asked === BuildRuleId ? undefined : BuildRuleId);
  return (
    <Collection<Rule>
      id="rules"
      title="Build rules"
      noun="rule"
      entries={rules}
      error={error ?? repositoryError}
      about="A rule says which push starts a build, and the tag that its image gets. Pushes arrive through the webhook of the Source tab."
      none={
        mayCreate
          ? 'No build rules yet. With New rule you say which push builds what, such as main as latest.'
          : 'No build rules yet: pushes build nothing.'
      }
      keyOf={({ BuildRuleId = '' }) => BuildRuleId}
      nameOf={({ PushName = '' }) => PushName}
      line={(rule) => <RuleLine rule={rule} />}
      buttons={(rule) => mayBuild && <BuildNow rule={rule} ask={() => ask(rule)} />}
      more={(rule) =>
        asked !== undefined && asked === rule.BuildRuleId && <AskPush rule={rule} leave={() => setAsked(undefined)} />
      }
      create={repoId !== '' && mayCreate && { action: 'CreateRepoBuildRule', fixed, fields: fieldsOf({}) }}
      change={mayUpdate && ((rule) => ({ action: 'UpdateRepoBuildRule', fixed: keyOf(rule), fields: fieldsOf(rule) }))}
      remove={mayDelete && ((rule) => currentClient().call('DeleteRepoBuildRule', keyOf(rule)))}
      changed={() => void queries.invalidateQueries({ queryKey: ['rules', repoId] })}
    />
  );
}

function RuleLine({ rule }: { rule: Rule }) {
  const { DockerfileLocation: folder = '/', DockerfileName: file = 'Dockerfile', BuildArgs = [] } = rule;
  const path = [...folder.split('/'), file].filter((part) => part !== '').join('/');
  const names = BuildArgs.map((argument) => argument.split('=')[0]);
  const how = [
    ...(path === 'Dockerfile' ? [] : [`with ${path}`]),
    ...(rule.Platforms?.length ? [`for ${rule.Platforms.join(', ')}`] : []),
    ...(names.length > 0 ? [`arguments ${names.join(', ')}`] : []),
  ];
  return (
    <span>
      {startOf(rule)} <code>{rule.PushName}</code> builds <code>:{rule.ImageTag}</code>
      {how.length > 0 && <span className="quiet">{`, ${how.join(', ')}`}</span>}
    </span>
  );
}

/** Builds at once, or asks for the branch or tag first if the rule has a pattern. */
function BuildNow({ rule, ask }: { rule: Rule; ask(): void }) {
  const { namespace, name } = useRepository();
  const navigate = useNavigate();
  const build = useMutation({
    mutationFn: () => buildRule(namespace, name, rule.BuildRuleId ?? ''),
    onSuccess: ({ BuildRecordId: id }) => navigate({ to: '/builds/$id', params: { id } }),
  });
  const needsName = isPattern(rule);
  return (
    <>
      {build.error && <Failure error={build.error} />}
      <button
        type="button"
        className="small"
        aria-label={`Build now: ${rule.PushName}`}
        onClick={() => (needsName ? ask() : build.mutate())}
        disabled={build.isPending}
      >
        {needsName ? 'Build now…' : 'Build now'}
      </button>
    </>
  );
}

/** Asks which branch or tag to build, and offers those that the source has. */
function AskPush({ rule, leave }: { rule: Rule; leave(): void }) {
  const { namespace, name } = useRepository();
  const navigate = useNavigate();
  const { data: refs, error, isPending } = useQuery(sourceRefsQuery(namespace, name));
  const isTag = rule.PushType === 'GIT_TAG';
  const kind = isTag ? 'Git tag' : 'Branch';
  const names = (isTag ? refs?.Tags : refs?.Branches) ?? [];
  const problem = refs?.Problem ?? (error instanceof Error ? error.message : undefined);
  const hint = isPending
    ? 'Asking the code host for its names; you can type one meanwhile.'
    : problem !== undefined
      ? `The code host’s names could not be listed: ${problem}.`.replace(/\.\.$/, '.')
      : `It has to match ${rule.PushName}.`;
  const send = async ({ push }: Readonly<Record<string, unknown>>) => {
    const { BuildRecordId: id } = await buildRule(namespace, name, rule.BuildRuleId ?? '', String(push ?? ''));
    return id;
  };
  return (
    <ApiForm
      action="POST /rules/RULE/builds"
      fixed={{}}
      fields={[{ name: 'push', label: kind, kind: 'text', required: true, hint, suggestions: names }]}
      submit={`Build this ${kind.replace('Branch', 'branch')}`}
      send={send}
      done={(_, id) => void navigate({ to: '/builds/$id', params: { id: String(id) } })}
      leave={leave}
    />
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
    text('PushType', 'What starts a build', rule.PushType ?? 'GIT_BRANCH', {
      kind: 'choice',
      required: true,
      choices: {
        GIT_BRANCH: 'Every push to a branch…',
        GIT_TAG: 'Every push of a Git tag…',
      },
    }),
    text('PushName', 'Branch or tag', rule.PushName, {
      required: true,
      hint: 'Of this name, such as main; or that matches a pattern, such as release-$version or feature/(?<name>[\\w.-]+).',
    }),
    text('ImageTag', 'Image tag', rule.ImageTag, {
      required: true,
      hint: 'A tag such as latest. It can use what the pattern matched: $version.',
    }),
    text('DockerfileLocation', 'Folder of the Dockerfile', rule.DockerfileLocation ?? '/', { required: true }),
    text('DockerfileName', 'Name of the Dockerfile', rule.DockerfileName ?? 'Dockerfile', { required: true }),
    keptOnceSet(
      text('Platforms', 'Platforms', rule.Platforms?.join('\n'), {
        kind: 'lines',
        hint: rule.Platforms?.length
          ? 'One per line.'
          : 'Such as linux/amd64, one per line. Empty means that of the server.',
      }),
    ),
    keptOnceSet(
      text('BuildArgs', 'Build arguments', rule.BuildArgs?.join('\n'), {
        kind: 'lines',
        hint: 'NAME=value, one per line.',
      }),
    ),
  ];
}
