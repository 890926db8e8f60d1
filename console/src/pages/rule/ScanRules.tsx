import { useQueryClient } from '@tanstack/react-query';
import type { ScanRule } from '../../api/scan-rule-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { scopeFields, scopeWords } from './scope-fields.ts';

const TYPES = { VUL: 'Look for vulnerabilities', SBOM: 'List what is in the image (SBOM)' };
const TRIGGERS = { AUTO: 'When its tag is set', MANUAL: 'Never: keep the rule for later' };

/** Rules about which images are scanned automatically. */
export function ScanRules(props: {
  rules: readonly ScanRule[] | undefined;
  error: unknown;
  of?: { namespace: string; name: string };
}) {
  const { rules, error, of } = props;
  const { instanceId: InstanceId } = currentSession();
  const [mayCreate, mayDelete] = useMay([
    { action: 'cr:CreateScanRule', resource: `instance/${InstanceId}/scanrule/*` },
    { action: 'cr:DeleteScanRule', resource: `instance/${InstanceId}/scanrule/*` },
  ]);
  const [mayUpdate] = useMay([{ action: 'cr:UpdateScanRule', resource: `instance/${InstanceId}/scanrule/*` }]);
  const queries = useQueryClient();
  return (
    <Collection<ScanRule>
      id="scan-rules"
      title="Scan rules"
      noun="scan rule"
      entries={rules}
      error={error}
      about="A scan rule scans each image when its tag is set: by a push, a build or a copy."
      none={
        of === undefined
          ? 'No scan rules yet: images are scanned only on request or by a delivery chain.'
          : 'No scan rule covers this repository.'
      }
      keyOf={({ ScanRuleId = '' }) => ScanRuleId}
      nameOf={({ RuleName = '' }) => RuleName}
      line={(rule) => (
        <>
          <strong>{rule.RuleName}</strong>
          <span>{scopeWords(scopeOf(rule))}</span>
          <span className="quiet">
            {rule.ScanType === 'SBOM' ? 'makes SBOMs' : 'looks for vulnerabilities'}
            {rule.TriggerType === 'MANUAL' && ', switched off'}
          </span>
        </>
      )}
      create={
        mayCreate && {
          action: 'CreateScanRule',
          fixed: { InstanceId },
          fields: fieldsOf(firstScope(of)),
          send: (given) => send('CreateScanRule', given),
        }
      }
      change={
        mayUpdate &&
        ((rule) => ({
          action: 'UpdateScanRule',
          fixed: { InstanceId, ScanRuleId: rule.ScanRuleId ?? '' },
          fields: fieldsOf(rule, false),
          send: (given) => send('UpdateScanRule', given),
        }))
      }
      remove={
        mayDelete && (({ ScanRuleId = '' }) => currentClient().call('DeleteScanRule', { InstanceId, ScanRuleId }))
      }
      changed={() => void queries.invalidateQueries({ queryKey: ['scan rules'] })}
    />
  );
}

/** An empty expression matches every tag here, as in other rules. */
function send(action: 'CreateScanRule' | 'UpdateScanRule', given: Readonly<Record<string, unknown>>) {
  return currentClient().callAny(action, { ...given, RepoTagFilterPattern: given.RepoTagFilterPattern ?? '.*' });
}

function firstScope(of: { namespace: string; name: string } | undefined): Partial<ScanRule> {
  return of === undefined ? {} : { ScanScope: 'REPO', Namespaces: [of.namespace], RepoNames: [of.name] };
}

function scopeOf({
  ScanScope: scope,
  Namespaces: namespaces,
  RepoNames: repoNames,
  RepoTagFilterPattern: tags,
}: Partial<ScanRule>) {
  return { scope, namespaces, repoNames, tags };
}

/** What a rule looks for cannot be changed later. */
function fieldsOf(rule: Partial<ScanRule>, withType = true): FieldSpec[] {
  const type: FieldSpec = {
    name: 'ScanType',
    label: 'What to do',
    kind: 'choice',
    required: true,
    choices: TYPES,
    value: 'VUL',
  };
  return [
    { name: 'RuleName', label: 'Name', kind: 'text', required: true, value: rule.RuleName ?? '' },
    ...(withType ? [type] : []),
    ...scopeFields('ScanScope', scopeOf(rule)),
    {
      name: 'TriggerType',
      label: 'Scan an image',
      kind: 'choice',
      required: true,
      choices: TRIGGERS,
      value: rule.TriggerType ?? 'AUTO',
    },
  ];
}
