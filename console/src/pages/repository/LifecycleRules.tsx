import { counted } from '@slipway/client/counted.ts';
import type { LifecycleRun, NativeCalls } from '@slipway/client/native.gen.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { lifecyclePlanQuery, runLifecycleRule } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { ApiForm } from '../ApiForm.tsx';

type Plan = NativeCalls['planRepositoryLifecycle']['reply'];
type Rule = Plan['Rules'][number];

const SCOPES = { INSTANCE: 'all repositories', NAMESPACE: 'its namespace', REPO: 'this repository' };

/** The lifecycle rules that cover a repository, and the tags that their runs would remove now. */
export function LifecycleRules({ namespace, name }: { namespace: string; name: string }) {
  const { instanceId } = currentSession();
  const resource = `instance/${instanceId}`;
  const [mayList = false, mayCreate = false, mayUpdate = false, mayDelete = false, mayRemoveTags = false] = useMay([
    { action: 'cr:ListArtifactLifecycleRule', resource },
    { action: 'cr:CreateArtifactLifecycleRule', resource },
    { action: 'cr:UpdateArtifactLifecycleRule', resource },
    { action: 'cr:DeleteArtifactLifecycleRule', resource },
    { action: 'cr:DeleteRepositoryTag', resource: repositoryResource('*') },
  ]);
  const { data: plan, error } = useQuery({ ...lifecyclePlanQuery(namespace, name), enabled: mayList });
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const changed = () => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ['tags', namespace, name] });
  };
  if (!mayList) return null;
  const fixed = { InstanceId: instanceId, Scope: 'REPO', NamespaceName: namespace, RepoName: name };
  return (
    <section aria-labelledby="lifecycle">
      <div className="page-head">
        <h2 id="lifecycle">Lifecycle rules</h2>
        <span className="gap" />
        {mayCreate && !open && (
          <button type="button" onClick={() => setOpen(true)}>
            New lifecycle rule
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {open && (
        <ApiForm
          action="CreateArtifactLifecycleRule"
          fixed={fixed}
          fields={FIELDS}
          submit="Create lifecycle rule"
          done={changed}
          leave={() => setOpen(false)}
        />
      )}
      {plan?.Rules.length === 0 && (
        <p className="quiet">No rules: every tag stays. A rule keeps the newest tags and removes the others.</p>
      )}
      <ul className="rows">
        {plan?.Rules.map((rule) => (
          <RuleRow
            key={rule.RuleId}
            rule={rule}
            mayRun={mayUpdate && mayRemoveTags}
            mayDelete={mayDelete}
            done={changed}
          />
        ))}
      </ul>
      {plan && plan.Rules.length > 0 && <PlanNote plan={plan} />}
    </section>
  );
}

function RuleRow({ rule, mayRun, mayDelete, done }: { rule: Rule; mayRun: boolean; mayDelete: boolean; done(): void }) {
  const { RuleId, RetentionTagCount: count, TagRegexp = '' } = rule;
  const remove = useMutation({
    mutationFn: () =>
      currentClient().call('DeleteArtifactLifecycleRule', { InstanceId: currentSession().instanceId, RuleId }),
    onSuccess: done,
  });
  const run = useMutation({ mutationFn: () => runLifecycleRule(RuleId), onSuccess: done });
  const failure = remove.error ?? run.error;
  return (
    <li>
      <div className="row-line">
        <span>
          Keep {count === undefined ? 'all tags' : counted(count, 'tag')}
          {TagRegexp.trim() !== '' && (
            <>
              {' '}
              {count === undefined ? 'that match' : 'of those that match'} <code>{TagRegexp.trim()}</code>
            </>
          )}
        </span>
        <span className="quiet">
          for {SCOPES[rule.Scope]},{' '}
          {rule.NextTime === undefined ? 'runs by hand' : `next run ${new Date(rule.NextTime).toLocaleString()}`}
          {rule.DryRun && ', removes nothing (dry run)'}
          {rule.MatchesNone && ', matches no tag here'}
        </span>
        <span className="gap" />
        {mayRun && <SureButton name="Run now" of={RuleId} act={() => run.mutate()} busy={run.isPending} />}
        {mayDelete && <SureButton name="Delete" of={RuleId} act={() => remove.mutate()} busy={remove.isPending} />}
      </div>
      {run.data && <p className="quiet">{run.data.Failure ?? outcomeOf(run.data)}</p>}
      {failure && <Failure error={failure} />}
    </li>
  );
}

function outcomeOf({ RemovedTags, KeptTags, Repositories, DryRun }: LifecycleRun): string {
  const removed = `${counted(RemovedTags, 'tag')} ${DryRun ? 'to remove (dry run)' : 'removed'}`;
  return `${removed}, ${KeptTags} kept, in ${counted(Repositories, 'repository', 'repositories')}.`;
}

function PlanNote({ plan }: { plan: Plan }) {
  if (plan.RemovedTags === 0) return <p className="quiet">A run would remove no tag now.</p>;
  return (
    <details>
      <summary>
        A run would remove {counted(plan.RemovedTags, 'tag')} now and keep {plan.KeptTags}
      </summary>
      <p>
        {plan.Tags.join(', ')}
        {plan.RemovedTags > plan.Tags.length && ` and ${plan.RemovedTags - plan.Tags.length} more`}
      </p>
    </details>
  );
}

const FIELDS: FieldSpec[] = [
  {
    name: 'RetentionTagCount',
    label: 'Keep the newest',
    kind: 'text',
    hint: 'How many tags. All that match, if empty.',
  },
  {
    name: 'TagRegexp',
    label: 'Of the tags that match',
    kind: 'text',
    hint: 'A regular expression for the whole tag, such as release-.*. Every tag matches, if empty.',
  },
  {
    name: 'ScheduleTime',
    label: 'Run each',
    kind: 'choice',
    choices: ['WEEK', 'MONTH'],
    hint: 'On Sundays, or on the first of the month, at 02:00.',
  },
  { name: 'Auto', label: 'Run by schedule', kind: 'switch' },
  { name: 'DryRun', label: 'Remove nothing, only tell (dry run)', kind: 'switch' },
];
