import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import {
  detach,
  type Holder,
  holdersQuery,
  type PolicyType,
  policyQuery,
  policyVersionsQuery,
} from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { Collection } from '../Collection.tsx';
import { typeWord } from './AttachedPolicies.tsx';
import { Day } from './Day.tsx';
import { EntryHead } from './EntryHead.tsx';
import { HolderLink } from './HolderLink.tsx';
import { indented } from './indented.ts';
import { LazyPolicyEditor } from './LazyPolicyEditor.tsx';

/** One policy: what it says, who has it, and its versions. */
export function PolicyPage() {
  const { type: given, name } = useParams({ strict: false }) as { type: string; name: string };
  const type: PolicyType = given === 'System' ? 'System' : 'Custom';
  const { data, error } = useQuery(policyQuery(type, name));
  const [mayUpdate, mayDelete] = useMayRam(`policy/${name}`, 'CreatePolicyVersion', 'DeletePolicy');
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const document = indented(data?.DefaultPolicyVersion?.PolicyDocument ?? '');
  const isOwn = type === 'Custom';
  return (
    <article aria-label={`Policy ${name}`}>
      <EntryHead
        noun="policy"
        name={name}
        words={`${typeWord(type)} policy`}
        about={data?.Policy?.Description}
        change={isOwn && mayUpdate && data && !isOpen && (() => setOpen(true))}
        remove={isOwn && mayDelete && (() => deletePolicy(name))}
      />
      {error && <Failure error={error} />}
      {isOpen ? (
        <LazyPolicyEditor
          document={document}
          submit="Save policy"
          mayBeSent
          save={(PolicyDocument) =>
            currentClient().call('CreatePolicyVersion', {
              PolicyName: name,
              PolicyDocument,
              SetAsDefault: true,
              RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
            })
          }
          done={() => {
            setOpen(false);
            void queries.invalidateQueries({ queryKey: ['access'] });
          }}
          leave={() => setOpen(false)}
        />
      ) : (
        data && (
          <div className="document-frame">
            <pre className="document">{document}</pre>
            <CopyButton text={document} what="the policy" />
          </div>
        )
      )}
      <Holders type={type} name={name} />
      {isOwn && <Versions name={name} />}
    </article>
  );
}

/** The API refuses to delete a policy that has other versions than the default one. */
async function deletePolicy(PolicyName: string): Promise<void> {
  const client = currentClient();
  const { PolicyVersions } = await client.call('ListPolicyVersions', { PolicyType: 'Custom', PolicyName });
  for (const { VersionId = '', IsDefaultVersion } of PolicyVersions?.PolicyVersion ?? [])
    if (!IsDefaultVersion) await client.call('DeletePolicyVersion', { PolicyName, VersionId });
  await client.call('DeletePolicy', { PolicyName });
}

function Holders({ type, name }: { type: PolicyType; name: string }) {
  const { data: holders, error } = useQuery(holdersQuery(type, name));
  const [user, group, role] = useMayRam(
    `policy/${name}`,
    'DetachPolicyFromUser',
    'DetachPolicyFromGroup',
    'DetachPolicyFromRole',
  );
  const mayDetach = { user, group, role };
  const queries = useQueryClient();
  return (
    <Collection<Holder>
      id="holders"
      title="Attached to"
      noun="policy"
      entries={holders}
      error={error}
      none={
        <>
          Attached to nothing, so it has no effect. Attach it on the page of a <Link to="/access">user</Link>,{' '}
          <Link to="/access/groups">group</Link> or <Link to="/access/roles">role</Link>.
        </>
      }
      keyOf={(holder) => `${holder.kind} ${holder.name}`}
      nameOf={(holder) => `from ${holder.kind} ${holder.name}`}
      line={(holder) => <HolderLink holder={holder} />}
      remove={(holder) => detach(holder, type, name)}
      mayRemove={({ kind }) => mayDetach[kind]}
      removeVerb="Detach"
      changed={() => void queries.invalidateQueries({ queryKey: ['access'] })}
    />
  );
}

function Versions({ name }: { name: string }) {
  const { data: versions, error } = useQuery(policyVersionsQuery('Custom', name));
  const [mayUse, mayDelete] = useMayRam(`policy/${name}`, 'SetDefaultPolicyVersion', 'DeletePolicyVersion');
  const queries = useQueryClient();
  const changed = () => void queries.invalidateQueries({ queryKey: ['access', 'policies'] });
  return (
    <Collection
      id="versions"
      title="Versions"
      noun="version"
      about="The last five are kept. The one in use is what callers may do."
      entries={versions}
      error={error}
      none="No versions."
      keyOf={({ VersionId = '' }) => VersionId}
      nameOf={({ VersionId = '' }) => VersionId}
      line={({ VersionId, IsDefaultVersion, CreateDate }) => (
        <>
          <strong>{VersionId}</strong>
          {IsDefaultVersion && <span className="good">✓ in use</span>}
          <span className="quiet">
            <Day at={CreateDate} />
          </span>
        </>
      )}
      more={({ PolicyDocument = '' }) => (
        <details className="row-more">
          <summary>Document</summary>
          <pre>{indented(PolicyDocument)}</pre>
        </details>
      )}
      buttons={({ VersionId = '', IsDefaultVersion }) =>
        mayUse && !IsDefaultVersion && <UseVersion policy={name} version={VersionId} done={changed} />
      }
      remove={
        mayDelete &&
        (({ VersionId = '' }) => currentClient().call('DeletePolicyVersion', { PolicyName: name, VersionId }))
      }
      mayRemove={({ IsDefaultVersion }) => IsDefaultVersion !== true}
      changed={changed}
    />
  );
}

function UseVersion({ policy, version, done }: { policy: string; version: string; done(): void }) {
  const use = useMutation({
    mutationFn: () => currentClient().call('SetDefaultPolicyVersion', { PolicyName: policy, VersionId: version }),
    onSuccess: done,
  });
  return (
    <>
      {use.error && <Failure error={use.error} />}
      <SureButton name="Use" of={version} ask="Use it instead?" busy={use.isPending} act={() => use.mutate()} />
    </>
  );
}
