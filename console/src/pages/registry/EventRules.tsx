import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  changeEventRule,
  createEventRule,
  EVENT_TYPES,
  type EventRule,
  eventDeliveriesQuery,
  eventRulesQuery,
} from '../../api/event-rule-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { DeliveryList, LastCall } from '../rule/DeliveryList.tsx';
import { scopeFields, scopeWords } from '../rule/scope-fields.ts';

const METHODS = {
  https: 'CloudEvent over HTTPS',
  http: 'CloudEvent over HTTP',
  dingding: 'Text for a DingTalk group robot',
  mail: 'Mail',
};

/** The rules that send what happens in the registry to addresses, and the results. */
export function EventRules() {
  const { instanceId: InstanceId } = currentSession();
  const resource = `instance/${InstanceId}`;
  const [mayCreate, mayUpdate, mayDelete, mayRead] = useMay([
    { action: 'cr:CreateEventCenterRule', resource },
    { action: 'cr:UpdateEventCenterRule', resource },
    { action: 'cr:DeleteEventCenterRule', resource },
    { action: 'cr:ListEventCenterRecord', resource },
  ]);
  const { data: rules, error } = useQuery(eventRulesQuery());
  const queries = useQueryClient();
  return (
    <Collection<EventRule>
      id="event-rules"
      title="Event rules"
      noun="event rule"
      entries={rules}
      error={error}
      about="An event rule tells another program, or people by mail, what happened here: a push, the end of a build, a scan, a copy or a delivery chain."
      none="No event rules yet. A rule sends what happens in the registry to an address."
      keyOf={({ RuleId }) => RuleId}
      nameOf={({ Name }) => Name}
      line={(rule) => (
        <>
          <strong>{rule.Name}</strong>
          <span>{EVENT_TYPES[rule.EventType as keyof typeof EVENT_TYPES] ?? rule.EventType}</span>
          <code className="quiet">{rule.Url}</code>
          <span className="quiet">{placeOf(rule)}</span>
        </>
      )}
      more={(rule) => (
        <>
          <LastCall of={rule} never="Nothing sent yet." />
          {mayRead && rule.LastDelivery && (
            <DeliveryList pageOf={(cursor) => eventDeliveriesQuery(rule.RuleId, cursor)} withRepository />
          )}
        </>
      )}
      create={mayCreate && { action: 'POST /event-rules', fields: fieldsOf(), send: createEventRule }}
      change={
        mayUpdate &&
        ((rule) => ({
          action: 'UpdateEventCenterRule',
          fields: fieldsOf(rule),
          send: async (given) => changeEventRule(rule, given),
        }))
      }
      remove={mayDelete && (({ RuleId }) => currentClient().call('DeleteEventCenterRule', { InstanceId, RuleId }))}
      changed={() => void queries.invalidateQueries({ queryKey: ['event rules'] })}
    />
  );
}

function placeOf({ Scope, Namespaces, RepoNames, RepoTagFilterPattern }: EventRule): string {
  return scopeWords({ scope: Scope, namespaces: Namespaces, repoNames: RepoNames, tags: RepoTagFilterPattern });
}

const FORMS = 'Begins with https:// or http://. For mail: addresses, with commas between them.';

/** The address is not filled in: what the page shows has *** in place of its secrets. */
function fieldsOf(rule?: EventRule): FieldSpec[] {
  const isNew = rule === undefined;
  const keep = isNew ? FORMS : `${FORMS} Leave it empty to keep the address.`;
  const other = isNew || rule.EventType in EVENT_TYPES ? {} : { [rule.EventType]: rule.EventType };
  return [
    { name: isNew ? 'Name' : 'RuleName', label: 'Name', kind: 'text', required: true, value: rule?.Name ?? '' },
    {
      name: 'EventType',
      label: 'Event',
      kind: 'choice',
      required: true,
      choices: { ...EVENT_TYPES, ...other },
      value: rule?.EventType ?? 'cr:Artifact:PushCompleted',
    },
    { name: isNew ? 'Url' : 'EventConfig', label: 'Address', kind: 'text', required: isNew, hint: keep },
    {
      name: 'Method',
      label: 'Sent as',
      kind: 'choice',
      required: true,
      choices: METHODS,
      value: rule?.Method ?? 'https',
    },
    ...scopeFields(isNew ? 'Scope' : 'EventScope', {
      scope: rule?.Scope,
      namespaces: rule?.Namespaces,
      repoNames: rule?.RepoNames,
      tags: rule?.RepoTagFilterPattern,
    }),
  ];
}
