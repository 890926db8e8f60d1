import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accessKeysQuery, type ShownKey } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { Collection } from '../Collection.tsx';
import { Day } from './Day.tsx';

/** The API's own limit. */
const KEYS_EACH = 2;

/** The access keys of a user. A new key's secret is shown once. */
export function AccessKeys({ userName }: { userName: string }) {
  const { data: keys, error } = useQuery(accessKeysQuery(userName));
  const [mayCreate, mayUpdate, mayDelete] = useMayRam(
    `user/${userName}`,
    'CreateAccessKey',
    'UpdateAccessKey',
    'DeleteAccessKey',
  );
  const [made, setMade] = useState<{ id: string; secret: string }>();
  const queries = useQueryClient();
  const changed = () => void queries.invalidateQueries({ queryKey: ['access', 'keys'] });
  const create = useMutation({
    mutationFn: async () => {
      const { AccessKey } = await currentClient().call('CreateAccessKey', { UserName: userName });
      return { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.AccessKeySecret ?? '' };
    },
    onSuccess: (key) => {
      setMade(key);
      changed();
    },
  });
  return (
    <>
      <Collection<ShownKey>
        id="keys"
        title="Access keys"
        noun="access key"
        button={
          mayCreate && keys !== undefined && keys.length < KEYS_EACH && !made ? (
            <button type="button" disabled={create.isPending} onClick={() => create.mutate()}>
              New access key
            </button>
          ) : undefined
        }
        entries={keys}
        error={error ?? create.error}
        none="No access keys. Programs and the command line sign with one."
        keyOf={({ id }) => id}
        nameOf={({ id }) => id}
        line={({ id, isActive, created, lastUsed }) => (
          <>
            <code>{id}</code>
            <span className={isActive ? 'good' : 'quiet'}>{isActive ? '✓ active' : '○ inactive'}</span>
            <span className="quiet">
              created <Day at={created} />
            </span>
            <span className="quiet">
              last used <Day at={lastUsed} />
            </span>
          </>
        )}
        buttons={(key) => mayUpdate && <SwitchKey userName={userName} shown={key} done={changed} />}
        remove={
          mayDelete &&
          (({ id }) => currentClient().call('DeleteAccessKey', { UserName: userName, UserAccessKeyId: id }))
        }
        changed={changed}
      />
      {made && <NewKey id={made.id} secret={made.secret} close={() => setMade(undefined)} />}
    </>
  );
}

function SwitchKey({ userName, shown, done }: { userName: string; shown: ShownKey; done(): void }) {
  const { id, isActive } = shown;
  const change = useMutation({
    mutationFn: () =>
      currentClient().call('UpdateAccessKey', {
        UserName: userName,
        UserAccessKeyId: id,
        Status: isActive ? 'Inactive' : 'Active',
      }),
    onSuccess: done,
  });
  return (
    <>
      {change.error && <Failure error={change.error} />}
      {isActive ? (
        <SureButton name="Deactivate" of={id} act={() => change.mutate()} busy={change.isPending} />
      ) : (
        <button
          type="button"
          className="small"
          aria-label={`Activate ${id}`}
          disabled={change.isPending}
          onClick={() => change.mutate()}
        >
          Activate
        </button>
      )}
    </>
  );
}

/** The only place that ever shows the secret. */
function NewKey({ id, secret, close }: { id: string; secret: string; close(): void }) {
  return (
    <section className="once" aria-label="New access key">
      <p>
        <strong>Copy the secret now.</strong> It is shown once and cannot be read again.
      </p>
      <dl>
        <dt>AccessKey ID</dt>
        <dd>
          <code>{id}</code> <CopyButton text={id} what="the AccessKey ID" />
        </dd>
        <dt>AccessKey secret</dt>
        <dd>
          <code>{secret}</code> <CopyButton text={secret} what="the AccessKey secret" />
        </dd>
      </dl>
      <button type="button" className="small" onClick={close}>
        I have copied it
      </button>
    </section>
  );
}
