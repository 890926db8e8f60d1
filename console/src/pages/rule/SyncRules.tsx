import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SyncRule, sendToTarget, syncRulesQuery } from '../../api/sync-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';

/** The replication rules of the instance, or those that are for one repository. */
export function SyncRules({ of }: { of?: { namespace: string; name: string } }) {
  const { instanceId: InstanceId } = currentSession();
  const resource = `repository/${InstanceId}`;
  const [mayCreate, mayDelete] = useMay([
    { action: 'cr:CreateSyncRule', resource },
    { action: 'cr:DeleteSyncRule', resource },
  ]);
  const { data: rules, error } = useQuery(syncRulesQuery());
  const queries = useQueryClient();
  const shown = of === undefined ? rules : rules?.filter((rule) => isFor(rule, of));
  return (
    <Collection<SyncRule>
      id="sync-rules"
      title="Replication rules"
      noun="replication rule"
      entries={shown}
      error={error}
      about="A replication rule copies images to another repository here, or to another registry that the server knows."
      none={
        of === undefined
          ? 'No replication rules yet: images stay where they are pushed.'
          : 'No rule copies the images of this repository.'
      }
      keyOf={({ SyncRuleId = '' }) => SyncRuleId}
      nameOf={({ SyncRuleName = '' }) => SyncRuleName}
      line={(rule) => (
        <>
          <strong>{rule.SyncRuleName}</strong>
          <span>
            <code>{sourceOf(rule)}</code> → <code>{targetOf(rule)}</code>
          </span>
          <span className="quiet">
            {rule.TagFilter === '.*' ? 'every tag' : `tags that match ${rule.TagFilter}`},{' '}
            {rule.SyncTrigger === 'INITIATIVE' ? 'only on request' : 'when an image is pushed'}
          </span>
        </>
      )}
      create={
        mayCreate && {
          action: 'CreateRepoSyncRule',
          send: createSyncRule,
          ...(of === undefined
            ? { fields: [...SOURCE_FIELDS, ...fieldsOf()] }
            : { fixed: { NamespaceName: of.namespace, RepoName: of.name }, fields: fieldsOf(of) }),
        }
      }
      remove={
        mayDelete && (({ SyncRuleId = '' }) => currentClient().call('DeleteRepoSyncRule', { InstanceId, SyncRuleId }))
      }
      changed={() => void queries.invalidateQueries({ queryKey: ['sync rules'] })}
    />
  );
}

/** Which scope a rule has follows from whether it names a repository. */
function createSyncRule(given: Readonly<Record<string, unknown>>) {
  const isOne = given.RepoName !== undefined;
  const names = isOne ? {} : { RepoName: undefined, TargetRepoName: undefined };
  return sendToTarget('CreateRepoSyncRule')({ ...given, ...names, SyncScope: isOne ? 'REPO' : 'NAMESPACE' });
}

/** Whether a rule names a repository or its namespace. A filter may choose it too, which only the server decides. */
function isFor(rule: SyncRule, { namespace, name }: { namespace: string; name: string }): boolean {
  if (rule.LocalNamespaceName === undefined || rule.LocalNamespaceName === '') return true;
  return rule.LocalNamespaceName === namespace && (!rule.LocalRepoName || rule.LocalRepoName === name);
}

function sourceOf({ LocalNamespaceName, NamespaceNameFilter, LocalRepoName, RepoNameFilter }: SyncRule): string {
  const repository = LocalRepoName || (RepoNameFilter && RepoNameFilter !== '.*' ? RepoNameFilter : '*');
  return `${LocalNamespaceName || NamespaceNameFilter}/${repository}`;
}

function targetOf({ TargetInstanceId, TargetNamespaceName, TargetRepoName }: SyncRule): string {
  const place = `${TargetNamespaceName || '*'}/${TargetRepoName || '*'}`;
  return TargetInstanceId === currentSession().instanceId ? place : `${place} of ${TargetInstanceId}`;
}

const SOURCE_FIELDS: FieldSpec[] = [
  { name: 'NamespaceName', label: 'Copy from namespace', kind: 'text', required: true },
  {
    name: 'RepoName',
    label: 'Only from repository',
    kind: 'text',
    hint: 'Its name without the namespace. If empty, all repositories of the namespace.',
  },
];

function fieldsOf(of?: { namespace: string; name: string }): FieldSpec[] {
  return [
    { name: 'SyncRuleName', label: 'Name of the rule', kind: 'text', required: true },
    { name: 'TargetNamespaceName', label: 'To namespace', kind: 'text', required: true, value: of?.namespace ?? '' },
    of === undefined
      ? {
          name: 'TargetRepoName',
          label: 'To repository',
          kind: 'text',
          hint: 'Needed if the rule copies from one repository; otherwise names stay as they are.',
        }
      : { name: 'TargetRepoName', label: 'To repository', kind: 'text', required: true },
    {
      name: 'TagFilter',
      label: 'Tags that match',
      kind: 'text',
      required: true,
      value: '.*',
      hint: 'A regular expression for the whole tag, such as v.*',
    },
    {
      name: 'SyncTrigger',
      label: 'When',
      kind: 'choice',
      required: true,
      value: 'PASSIVE',
      choices: { PASSIVE: 'When an image is pushed', INITIATIVE: 'Only on request' },
    },
    ...ELSEWHERE_FIELDS,
  ];
}

/** Where a copy goes if it leaves this registry. */
export const ELSEWHERE_FIELDS: FieldSpec[] = [
  {
    name: 'elsewhere',
    label: 'Registry',
    kind: 'choice',
    required: true,
    value: 'here',
    choices: { here: 'This one', there: 'Another one' },
  },
  {
    name: 'TargetInstanceId',
    label: 'Instance',
    kind: 'text',
    required: true,
    hint: 'Its id in the server’s setting sync-targets-file.',
    when: { field: 'elsewhere', is: ['there'] },
  },
  {
    name: 'TargetRegionId',
    label: 'Region of the instance',
    kind: 'text',
    required: true,
    when: { field: 'elsewhere', is: ['there'] },
  },
];
