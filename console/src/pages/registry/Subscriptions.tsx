import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubscriptionRule, subscriptionRulesQuery } from '../../api/subscription-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { SubscriptionTasks } from './SubscriptionTasks.tsx';

/** The rules that mirror images of other registries, and their runs. */
export function Subscriptions() {
  const { instanceId: InstanceId } = currentSession();
  const resource = `instance/${InstanceId}`;
  const [mayCreate, mayUpdate, mayDelete, mayRun] = useMay([
    { action: 'cr:CreateArtifactSubscriptionRule', resource },
    { action: 'cr:UpdateArtifactSubscriptionRule', resource },
    { action: 'cr:DeleteArtifactSubscriptionRule', resource },
    { action: 'cr:CreateArtifactSubscriptionTask', resource },
  ]);
  const { data: rules, error } = useQuery(subscriptionRulesQuery());
  const queries = useQueryClient();
  return (
    <>
      <Collection<SubscriptionRule>
        id="subscriptions"
        title="Subscriptions"
        noun="subscription"
        entries={rules}
        error={error}
        about="A subscription keeps the newest images of another registry here, so that builds and clusters need not reach it."
        none="No subscriptions yet: nothing is mirrored from other registries."
        keyOf={({ RuleId = '' }) => RuleId}
        nameOf={targetOf}
        line={(rule) => (
          <>
            <span>
              <code>
                {[rule.SourceDomain, rule.SourceNamespaceName, rule.SourceRepoName].filter(Boolean).join('/')}
              </code>{' '}
              → <code>{targetOf(rule)}</code>
            </span>
            <span className="quiet">
              {rule.TagCount === 1 ? 'the newest tag' : `the ${rule.TagCount} newest tags`}
              {rule.TagRegexp !== '.*' && ` that match ${rule.TagRegexp}`}, {rule.Platform?.join(', ')}
              {rule.Override && ', follows moved tags'}
              {rule.Accelerate && ', accelerated'}
            </span>
          </>
        )}
        buttons={(rule) => mayRun && <RunNow rule={rule} />}
        create={
          mayCreate && {
            action: 'CreateArtifactSubscriptionRule',
            fixed: { InstanceId },
            fields: fieldsOf({}),
          }
        }
        change={
          mayUpdate &&
          ((rule) => ({
            action: 'UpdateArtifactSubscriptionRule',
            fields: fieldsOf(rule),
            fixed: { InstanceId, RuleId: rule.RuleId ?? '' },
          }))
        }
        remove={
          mayDelete &&
          (({ RuleId = '' }) => currentClient().call('DeleteArtifactSubscriptionRule', { InstanceId, RuleId }))
        }
        changed={() => void queries.invalidateQueries({ queryKey: ['subscription rules'] })}
      />
      <SubscriptionTasks />
    </>
  );
}

function targetOf({ NamespaceName, RepoName }: SubscriptionRule): string {
  return `${NamespaceName}/${RepoName}`;
}

function RunNow({ rule }: { rule: SubscriptionRule }) {
  const { instanceId: InstanceId } = currentSession();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: () => currentClient().call('CreateArtifactSubscriptionTask', { InstanceId, RuleId: rule.RuleId ?? '' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['subscription tasks'] }),
  });
  return (
    <>
      {run.error && <Failure error={run.error} />}
      <button
        type="button"
        className="small"
        aria-label={`Run now: ${targetOf(rule)}`}
        disabled={run.isPending}
        onClick={() => run.mutate()}
      >
        Run now
      </button>
    </>
  );
}

function fieldsOf(rule: SubscriptionRule): FieldSpec[] {
  return [
    {
      name: 'SourceProvider',
      label: 'Registry',
      kind: 'text',
      required: true,
      value: rule.SourceProvider ?? 'DOCKER_HUB',
      hint: 'DOCKER_HUB, or a name from the server’s setting subscription-providers-file.',
    },
    {
      name: 'SourceNamespaceName',
      label: 'Its namespace',
      kind: 'text',
      value: rule.SourceNamespaceName ?? '',
      hint: 'If empty, library on Docker Hub.',
    },
    {
      name: 'SourceRepoName',
      label: 'Its repository',
      kind: 'text',
      required: true,
      value: rule.SourceRepoName ?? '',
      hint: 'Such as nginx.',
    },
    {
      name: 'NamespaceName',
      label: 'Namespace here',
      kind: 'text',
      required: true,
      value: rule.NamespaceName ?? '',
    },
    { name: 'RepoName', label: 'Repository here', kind: 'text', required: true, value: rule.RepoName ?? '' },
    {
      name: 'TagRegexp',
      label: 'Tags that match',
      kind: 'text',
      required: true,
      value: rule.TagRegexp ?? '.*',
      hint: 'A regular expression for the whole tag.',
    },
    {
      name: 'TagCount',
      label: 'Number of newest tags',
      kind: 'text',
      required: true,
      value: String(rule.TagCount ?? 1),
      hint: 'Up to 30; from Docker Hub, up to 5.',
    },
    {
      name: 'Platform',
      label: 'Platforms',
      kind: 'lines',
      required: true,
      value: rule.Platform?.join('\n') ?? 'linux/amd64',
      hint: 'One per line, such as linux/arm64.',
    },
    {
      name: 'Override',
      label: 'Follow tags that are moved',
      kind: 'switch',
      value: String(rule.Override ?? false),
    },
    {
      name: 'Accelerate',
      label: 'Also convert to accelerated images',
      kind: 'switch',
      value: String(rule.Accelerate ?? false),
    },
  ];
}
