import type { CallReply } from '@slipway/client/client.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lifecycleRulesQuery, lifecycleRunsQuery } from '../../api/registry-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { currentClient, currentSession } from '../../session/session.ts';
import { Ago } from '../../ui/Ago.tsx';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { KeptTags, keepFields, outcomeOf, RunNow, useLifecycleRights } from '../rule/LifecycleParts.tsx';

type Rule = NonNullable<CallReply<'ListArtifactLifecycleRule'>['Rules']>[number];

/** The lifecycle rules of the instance, and their last runs. */
export function Retention() {
  const { instanceId: InstanceId } = currentSession();
  const { mayCreate, mayUpdate, mayDelete, mayRun } = useLifecycleRights();
  const { data: rules, error } = useQuery(lifecycleRulesQuery());
  const queries = useQueryClient();
  const changed = () => void queries.invalidateQueries({ queryKey: ['lifecycle rules'] });
  return (
    <>
      <Collection<Rule>
        id="lifecycle"
        title="Lifecycle rules"
        noun="lifecycle rule"
        entries={rules}
        error={error}
        changed={changed}
        about="A lifecycle rule keeps the newest tags and removes the others. A removed tag can be restored while its image is kept."
        none="No lifecycle rules yet: every tag is kept."
        keyOf={({ RuleId = '' }) => RuleId}
        nameOf={({ RuleId = '' }) => RuleId}
        line={(rule) => <KeptTags rule={rule} of={placeOf(rule)} />}
        buttons={({ RuleId = '' }) => mayRun && <RunNow ruleId={RuleId} done={changed} />}
        create={
          mayCreate && {
            action: 'CreateArtifactLifecycleRule',
            fixed: { InstanceId },
            fields: fieldsOf(),
            send: (given) => send('CreateArtifactLifecycleRule', given),
          }
        }
        change={
          mayUpdate &&
          ((rule) => ({
            action: 'UpdateArtifactLifecycleRule',
            fixed: { InstanceId, RuleId: rule.RuleId ?? '' },
            fields: fieldsOf(rule),
            send: (given) => send('UpdateArtifactLifecycleRule', given),
          }))
        }
        remove={
          mayDelete &&
          (({ RuleId = '' }) => currentClient().call('DeleteArtifactLifecycleRule', { InstanceId, RuleId }))
        }
      />
      <Runs />
    </>
  );
}

function Runs() {
  const { data: runs, error } = useQuery(lifecycleRunsQuery());
  return (
    <section aria-labelledby="lifecycle-runs">
      <h2 id="lifecycle-runs">Runs</h2>
      {error && <Failure error={error} />}
      {runs?.length === 0 && <Empty>No lifecycle rule has run yet.</Empty>}
      <ul className="rows">
        {runs?.map((run) => (
          <li key={run.RunId} className="row-line">
            <code>{run.RuleId}</code>
            <span className={run.Failure === undefined ? '' : 'bad'}>
              {run.Failure ?? (run.EndTime === undefined ? 'in progress…' : outcomeOf(run))}
            </span>
            <span className="gap" />
            <span className="quiet">
              {run.RequestedBy === undefined ? 'scheduled, ' : 'by hand, '}
              <Ago at={run.CreateTime} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function placeOf({ NamespaceName, RepoName }: Rule): string {
  if (!NamespaceName) return 'all repositories';
  return RepoName ? `${NamespaceName}/${RepoName}` : `all of ${NamespaceName}`;
}

/** The scope of a rule follows from the names that it has. */
function send(
  action: 'CreateArtifactLifecycleRule' | 'UpdateArtifactLifecycleRule',
  { what, ...given }: Readonly<Record<string, unknown>>,
) {
  const Scope = given.RepoName !== undefined ? 'REPO' : given.NamespaceName !== undefined ? 'NAMESPACE' : 'INSTANCE';
  const removes = { EnableDeleteTag: what === 'tags', EnableDeleteUntaggedManifest: what === 'untagged' };
  return currentClient().callAny(action, { ...given, Scope, ...removes });
}

function whatOf({ EnableDeleteTag, EnableDeleteUntaggedManifest }: Rule): string {
  if (EnableDeleteUntaggedManifest) return 'untagged';
  return EnableDeleteTag === false ? 'nothing' : 'tags';
}

/** The fields of a new rule, or of one that is changed. */
function fieldsOf(rule: Rule = {}): FieldSpec[] {
  const kept = keepFields(rule).map((field) =>
    field.name === 'RetentionTagCount' || field.name === 'TagRegexp'
      ? { ...field, when: { field: 'what', is: ['tags', 'nothing'] } }
      : field,
  );
  return [
    {
      name: 'NamespaceName',
      label: 'Only in namespace',
      kind: 'text',
      hint: 'If empty, all repositories.',
      value: rule.NamespaceName ?? '',
    },
    {
      name: 'RepoName',
      label: 'Only in repository',
      kind: 'text',
      hint: 'Its name without the namespace.',
      value: rule.RepoName ?? '',
    },
    {
      name: 'what',
      label: 'Remove',
      kind: 'choice',
      required: true,
      value: whatOf(rule),
      choices: { tags: 'Older tags', untagged: 'Images without a tag', nothing: 'Nothing (the rule is switched off)' },
    },
    ...kept,
  ];
}
