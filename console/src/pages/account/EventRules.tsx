import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  changeEventRule,
  createEventRule,
  EVENT_TYPES,
  type EventRule,
  eventDeliveriesQuery,
  eventRulesQuery,
} from '../../api/event-rule-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { DeliveryList, LastCall } from '../repository/DeliveryList.tsx';

/** The rules that send what happens in the registry to addresses, and what came of it. */
export function EventRules() {
  const resource = `instance/${currentSession().instanceId}`;
  const [mayList = false, mayCreate = false, mayUpdate = false, mayDelete = false, mayRead = false] = useMay([
    { action: 'cr:ListEventCenterRuleName', resource },
    { action: 'cr:CreateEventCenterRule', resource },
    { action: 'cr:UpdateEventCenterRule', resource },
    { action: 'cr:DeleteEventCenterRule', resource },
    { action: 'cr:ListEventCenterRecord', resource },
  ]);
  const { data: rules, error } = useQuery({ ...eventRulesQuery(), enabled: mayList });
  const [open, setOpen] = useState<string>();
  const queries = useQueryClient();
  const changed = () => {
    setOpen(undefined);
    void queries.invalidateQueries({ queryKey: ['event rules'] });
  };
  if (!mayList) return null;
  const form = { fixed: {}, done: changed, leave: () => setOpen(undefined) };
  return (
    <section aria-labelledby="event-rules">
      <div className="page-head">
        <h2 id="event-rules">Event rules</h2>
        <span className="gap" />
        {mayCreate && open !== 'new' && (
          <button type="button" onClick={() => setOpen('new')}>
            New event rule
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {open === 'new' && (
        <ApiForm
          {...form}
          action="POST /event-rules"
          fields={fieldsOf()}
          submit="Create event rule"
          send={createEventRule}
        />
      )}
      {rules?.length === 0 && (
        <p className="quiet">No event rules yet. A rule sends what happens in the registry to an address.</p>
      )}
      <ul className="rows">
        {rules?.map((rule) => (
          <li key={rule.RuleId}>
            <div className="row-line">
              <strong>{rule.Name}</strong>
              <span>{rule.EventType.replace('cr:Artifact:', '')}</span>
              <code className="quiet">{rule.Url}</code>
              <span className="quiet">{placeOf(rule)}</span>
              <span className="gap" />
              {mayUpdate && (
                <button
                  type="button"
                  className="small"
                  aria-label={`Change ${rule.Name}`}
                  onClick={() => setOpen(rule.RuleId)}
                >
                  Change
                </button>
              )}
              {mayDelete && <Delete rule={rule} done={changed} />}
            </div>
            <LastCall of={rule} never="Nothing sent yet." />
            {open === rule.RuleId && (
              <ApiForm
                {...form}
                action="UpdateEventCenterRule"
                fields={fieldsOf(rule)}
                submit="Save event rule"
                send={async (given) => changeEventRule(rule, given)}
              />
            )}
            {mayRead && rule.LastDelivery && (
              <DeliveryList pageOf={(cursor) => eventDeliveriesQuery(rule.RuleId, cursor)} withRepository />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Delete({ rule: { RuleId, Name }, done }: { rule: EventRule; done(): void }) {
  const remove = useMutation({
    mutationFn: () =>
      currentClient().call('DeleteEventCenterRule', { InstanceId: currentSession().instanceId, RuleId }),
    onSuccess: done,
  });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name="Delete" of={`event rule ${Name}`} act={() => remove.mutate()} busy={remove.isPending} />
    </>
  );
}

function placeOf({ Scope, Namespaces, RepoNames, RepoTagFilterPattern: pattern }: EventRule): string {
  const tags = pattern === undefined ? '' : `, tags that match ${pattern}`;
  if (Scope === 'INSTANCE') return `all repositories${tags}`;
  if (Scope === 'NAMESPACE') return `namespaces ${Namespaces.join(', ')}${tags}`;
  return `${RepoNames.map((name) => `${Namespaces[0]}/${name}`).join(', ')}${tags}`;
}

/** The address is not filled in: what the page shows has *** in place of its secrets. */
function fieldsOf(rule?: EventRule): FieldSpec[] {
  const isNew = rule === undefined;
  const keep = isNew ? 'https:// or http://.' : 'Leave it empty to keep the address.';
  const choices =
    EVENT_TYPES.some((type) => type === rule?.EventType) || isNew ? EVENT_TYPES : [...EVENT_TYPES, rule.EventType];
  return [
    { name: isNew ? 'Name' : 'RuleName', label: 'Name', kind: 'text', required: true, value: rule?.Name ?? '' },
    {
      name: 'EventType',
      label: 'Event',
      kind: 'choice',
      required: true,
      choices,
      value: rule?.EventType ?? EVENT_TYPES[0],
    },
    { name: isNew ? 'Url' : 'EventConfig', label: 'Address', kind: 'text', required: isNew, hint: keep },
    {
      name: 'Method',
      label: 'Sent as',
      kind: 'choice',
      required: true,
      choices: ['https', 'http', 'dingding'],
      value: rule?.Method ?? 'https',
      hint: 'https and http send a CloudEvent; dingding sends a text for the robot of a DingTalk group.',
    },
    {
      name: isNew ? 'Scope' : 'EventScope',
      label: 'Where',
      kind: 'choice',
      required: true,
      choices: ['INSTANCE', 'NAMESPACE', 'REPO'],
      value: rule?.Scope ?? 'INSTANCE',
    },
    {
      name: 'Namespaces',
      label: 'Namespaces',
      kind: 'lines',
      value: rule?.Namespaces.join('\n') ?? '',
      hint: 'One a line, for NAMESPACE; a single one for REPO.',
    },
    {
      name: 'RepoNames',
      label: 'Repositories',
      kind: 'lines',
      value: rule?.RepoNames.join('\n') ?? '',
      hint: 'Their names without the namespace, one a line, for REPO.',
    },
    {
      name: 'RepoTagFilterPattern',
      label: 'Tags that match',
      kind: 'text',
      value: rule?.RepoTagFilterPattern ?? '',
      hint: 'A regular expression for the whole tag. Every tag matches, if empty.',
    },
  ];
}
