import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { deliveriesQuery, renewTriggerSecret, type Trigger, triggersQuery } from '../../api/trigger-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { Collection } from '../Collection.tsx';
import { DeliveryList, LastCall } from '../rule/DeliveryList.tsx';
import { useRepository } from './use-repository.ts';

/** The triggers of a repository: addresses that are called when a tag is set, and what came of it. */
export function TriggerList() {
  const { namespace, name, repoId = '', resource } = useRepository();
  const { data: triggers, error } = useQuery(triggersQuery(namespace, name));
  const queries = useQueryClient();
  const [mayCreate, mayUpdate, mayDelete] = useMay([
    { action: 'cr:CreateWebHook', resource },
    { action: 'cr:UpdateWebHook', resource },
    { action: 'cr:DeleteWebHook', resource },
  ]);
  const fixed = { InstanceId: currentSession().instanceId, RepoId: repoId };
  return (
    <Collection<Trigger>
      id="triggers"
      title="Triggers"
      noun="trigger"
      entries={triggers}
      error={error}
      none={
        mayCreate
          ? 'No triggers yet. With New trigger you have an address called when a tag is set, such as that of your deployment.'
          : 'No triggers yet. A trigger calls an address when a tag is set.'
      }
      keyOf={({ TriggerId }) => TriggerId}
      nameOf={({ Name }) => Name}
      line={(trigger) => (
        <>
          <strong>{trigger.Name}</strong>
          <code className="quiet">{trigger.Url}</code>
          <span>{whichTags(trigger)}</span>
        </>
      )}
      buttons={(trigger) => mayUpdate && <NewSecret of={{ namespace, name }} trigger={trigger} />}
      more={(trigger) => (
        <>
          <LastCall of={trigger} never="Not called yet." />
          {trigger.LastDelivery && (
            <DeliveryList pageOf={(cursor) => deliveriesQuery(namespace, name, trigger.TriggerId, cursor)} />
          )}
        </>
      )}
      create={repoId !== '' && mayCreate && { action: 'CreateRepoTrigger', fixed, fields: fieldsOf() }}
      change={
        mayUpdate &&
        ((trigger) => ({
          action: 'UpdateRepoTrigger',
          fixed: { ...fixed, TriggerId: trigger.TriggerId },
          fields: fieldsOf(trigger),
        }))
      }
      remove={mayDelete && (({ TriggerId }) => currentClient().call('DeleteRepoTrigger', { ...fixed, TriggerId }))}
      changed={() => void queries.invalidateQueries({ queryKey: ['triggers', namespace, name] })}
    />
  );
}

/** A secret is shown once; a new one replaces a lost one. */
function NewSecret({ of, trigger }: { of: { namespace: string; name: string }; trigger: Trigger }) {
  const renew = useMutation({ mutationFn: () => renewTriggerSecret(of.namespace, of.name, trigger.TriggerId) });
  return (
    <>
      {renew.error && <Failure error={renew.error} />}
      {renew.data === undefined ? (
        <SureButton
          name="New secret"
          ask="Replace the secret?"
          of={trigger.Name}
          busy={renew.isPending}
          act={() => renew.mutate()}
        />
      ) : (
        <span role="status">
          Shown once: <code>{renew.data}</code> <CopyButton text={renew.data} what="secret" />
        </span>
      )}
    </>
  );
}

function whichTags({ Type: type, Tag: tag }: Trigger): string {
  if (type === 'ALL') return 'every tag';
  return type === 'TAG_REG_EXP' ? `tags that match ${tag}` : `tags ${tag}`;
}

/** The address is not filled in: what the page shows has *** in place of its secrets. */
function fieldsOf(trigger?: Trigger): FieldSpec[] {
  const isNew = trigger === undefined;
  const keep = isNew ? 'Begins with https:// or http://.' : 'Leave it empty to keep the address.';
  return [
    { name: 'TriggerName', label: 'Name', kind: 'text', required: true, value: trigger?.Name ?? '' },
    { name: 'TriggerUrl', label: 'Address', kind: 'text', required: isNew, hint: keep },
    {
      name: 'TriggerType',
      label: 'Call it for',
      kind: 'choice',
      required: true,
      choices: { ALL: 'Every tag', TAG_LIST: 'Some tags', TAG_REG_EXP: 'Tags that match an expression' },
      value: trigger?.Type.replace('TAG_LISTTAG', 'TAG_LIST') ?? 'ALL',
    },
    {
      name: 'TriggerTag',
      label: 'Tags',
      kind: 'text',
      value: trigger?.Tag ?? '',
      hint: 'Tags separated by commas; or one expression for the whole tag, such as v.*',
      when: { field: 'TriggerType', is: ['TAG_LIST', 'TAG_REG_EXP'] },
    },
  ];
}
