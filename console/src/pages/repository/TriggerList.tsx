import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deliveriesQuery, renewTriggerSecret, type Trigger, triggersQuery } from '../../api/trigger-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { DeliveryList, LastCall } from './DeliveryList.tsx';

interface Repository {
  namespace: string;
  name: string;
  repoId: string;
}

/** The triggers of a repository: addresses that are called when a tag is set, and what came of it. */
export function TriggerList({ of }: { of: Repository }) {
  const { namespace, name, repoId } = of;
  const { data: triggers, error } = useQuery(triggersQuery(namespace, name));
  const [open, setOpen] = useState<string>();
  const queries = useQueryClient();
  const resource = repositoryResource(`${namespace}/${name}`);
  const [mayCreate, mayUpdate, mayDelete] = useMay([
    { action: 'cr:CreateWebHook', resource },
    { action: 'cr:UpdateWebHook', resource },
    { action: 'cr:DeleteWebHook', resource },
  ]);
  const fixed = { InstanceId: currentSession().instanceId, RepoId: repoId };
  const changed = () => {
    setOpen(undefined);
    void queries.invalidateQueries({ queryKey: ['triggers', namespace, name] });
  };
  return (
    <section aria-labelledby="triggers">
      <div className="page-head">
        <h2 id="triggers">Triggers</h2>
        <span className="gap" />
        {mayCreate && open !== 'new' && (
          <button type="button" onClick={() => setOpen('new')}>
            New trigger
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {open === 'new' && (
        <ApiForm
          action="CreateRepoTrigger"
          fixed={fixed}
          fields={fieldsOf()}
          submit="Create trigger"
          done={changed}
          leave={() => setOpen(undefined)}
        />
      )}
      {triggers?.length === 0 && (
        <p className="quiet">No triggers yet. A trigger calls an address when a tag is set.</p>
      )}
      <ul className="rows">
        {triggers?.map((trigger) => (
          <li key={trigger.TriggerId}>
            <div className="row-line">
              <strong>{trigger.Name}</strong>
              <code className="quiet">{trigger.Url}</code>
              <span>{whichTags(trigger)}</span>
              <span className="gap" />
              {mayUpdate && <NewSecret of={of} trigger={trigger} />}
              {mayUpdate && (
                <button type="button" className="small" onClick={() => setOpen(trigger.TriggerId)}>
                  Change
                </button>
              )}
              {mayDelete && <Delete fixed={{ ...fixed, TriggerId: trigger.TriggerId }} of={trigger} done={changed} />}
            </div>
            <LastCall of={trigger} never="Not called yet." />
            {open === trigger.TriggerId && (
              <ApiForm
                action="UpdateRepoTrigger"
                fixed={{ ...fixed, TriggerId: trigger.TriggerId }}
                fields={fieldsOf(trigger)}
                submit="Save trigger"
                done={changed}
                leave={() => setOpen(undefined)}
              />
            )}
            {trigger.LastDelivery && (
              <DeliveryList pageOf={(cursor) => deliveriesQuery(namespace, name, trigger.TriggerId, cursor)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A secret is shown once; a new one replaces a lost one. */
function NewSecret({ of, trigger }: { of: Repository; trigger: Trigger }) {
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

function Delete({ fixed, of, done }: { fixed: Record<string, string>; of: Trigger; done(): void }) {
  const remove = useMutation({
    mutationFn: () => currentClient().callAny('DeleteRepoTrigger', fixed),
    onSuccess: done,
  });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name="Delete" of={`trigger ${of.Name}`} act={() => remove.mutate()} busy={remove.isPending} />
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
  const keep = isNew ? 'https:// or http://.' : 'Leave it empty to keep the address.';
  return [
    { name: 'TriggerName', label: 'Name', kind: 'text', required: true, value: trigger?.Name ?? '' },
    { name: 'TriggerUrl', label: 'Address', kind: 'text', required: isNew, hint: keep },
    {
      name: 'TriggerType',
      label: 'Call it for',
      kind: 'choice',
      required: true,
      choices: ['ALL', 'TAG_LIST', 'TAG_REG_EXP'],
      value: trigger?.Type.replace('TAG_LISTTAG', 'TAG_LIST') ?? 'ALL',
    },
    {
      name: 'TriggerTag',
      label: 'Tags',
      kind: 'text',
      value: trigger?.Tag ?? '',
      hint: 'For TAG_LIST, tags separated by commas; for TAG_REG_EXP, an expression for the whole tag.',
    },
  ];
}
