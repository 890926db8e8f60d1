import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lifecyclePlanQuery } from '../../api/repository-queries.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Collection, type EntryForm } from '../Collection.tsx';
import { KeptTags, keepFields, RunNow, useLifecycleRights } from '../rule/LifecycleParts.tsx';
import { useRepository } from './use-repository.ts';

type Plan = NativeCalls['planRepositoryLifecycle']['reply'];
type Rule = Plan['Rules'][number];

const SCOPES = { INSTANCE: 'all repositories', NAMESPACE: 'its namespace', REPO: 'this repository' };

/** The lifecycle rules that cover a repository, and the tags that their runs would remove now. */
export function LifecycleRules() {
  const { namespace, name } = useRepository();
  const { instanceId: InstanceId } = currentSession();
  const { mayCreate, mayUpdate, mayDelete, mayRun } = useLifecycleRights();
  const { data: plan, error } = useQuery(lifecyclePlanQuery(namespace, name));
  const queries = useQueryClient();
  const changed = () => void queries.invalidateQueries({ queryKey: ['tags', namespace, name] });
  const fixed = { InstanceId, Scope: 'REPO', NamespaceName: namespace, RepoName: name };
  return (
    <>
      <Collection<Rule>
        id="lifecycle"
        title="Lifecycle rules"
        noun="lifecycle rule"
        entries={plan?.Rules}
        error={error}
        changed={changed}
        none="No rules: every tag stays. A rule keeps the newest tags and removes the others."
        keyOf={({ RuleId }) => RuleId}
        nameOf={({ RuleId }) => RuleId}
        line={(rule) => (
          <KeptTags rule={rule} of={SCOPES[rule.Scope]}>
            {rule.MatchesNone && ', matches no tag here'}
          </KeptTags>
        )}
        buttons={(rule) => mayRun && <RunNow ruleId={rule.RuleId} done={changed} />}
        create={mayCreate && { action: 'CreateArtifactLifecycleRule', fixed, fields: keepFields() }}
        change={mayUpdate && ((rule) => changeForm(InstanceId, rule))}
        remove={
          mayDelete && (({ RuleId }) => currentClient().call('DeleteArtifactLifecycleRule', { InstanceId, RuleId }))
        }
      />
      {plan && plan.Rules.length > 0 && <PlanNote plan={plan} />}
    </>
  );
}

/** A change replaces the whole rule, so it also sends where the rule applies. */
function changeForm(InstanceId: string, rule: Rule): EntryForm {
  const { RuleId, Scope, NamespaceName, RepoName } = rule;
  const names = { ...(NamespaceName && { NamespaceName }), ...(RepoName && { RepoName }) };
  return {
    action: 'UpdateArtifactLifecycleRule',
    fixed: { InstanceId, RuleId, Scope, ...names },
    fields: keepFields(rule),
  };
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
