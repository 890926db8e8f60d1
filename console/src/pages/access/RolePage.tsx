import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { roleQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatDuration } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { AttachedPolicies } from './AttachedPolicies.tsx';
import { ChangeFacts } from './ChangeFacts.tsx';
import { Day } from './Day.tsx';
import { EntryHead } from './EntryHead.tsx';
import { indented } from './indented.ts';

/** One role: who may assume it, and what its sessions may do. */
export function RolePage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const { data: role, error } = useQuery(roleQuery(name));
  const [mayUpdate, mayDelete] = useMayRam(`role/${name}`, 'UpdateRole', 'DeleteRole');
  const trust = indented(role?.AssumeRolePolicyDocument ?? '');
  const [isChanging, setChanging] = useState(false);
  return (
    <article aria-label={`Role ${name}`}>
      <EntryHead
        noun="role"
        name={name}
        change={role && mayUpdate && !isChanging && (() => setChanging(true))}
        remove={mayDelete && (() => currentClient().call('DeleteRole', { RoleName: name }))}
      >
        <Link to="/access/simulator" search={{ caller: `role/${name}` }}>
          What may {name} do?
        </Link>
      </EntryHead>
      {error && <Failure error={error} />}
      {role && (
        <>
          <dl className="facts">
            <Fact name="Description">{role.Description || '–'}</Fact>
            <Fact name="Longest session">{formatDuration((role.MaxSessionDuration ?? 3600) * 1000)}</Fact>
            <Fact name="Created">
              <Day at={role.CreateDate} />
            </Fact>
            <Fact name="ARN">
              <code>{role.Arn}</code> <CopyButton text={role.Arn ?? ''} what="the ARN" />
            </Fact>
          </dl>
          <section aria-labelledby="trust">
            <h2 id="trust">Who may assume it</h2>
            <pre className="document">{trust}</pre>
          </section>
          {isChanging && (
            <ChangeFacts
              of="role"
              leave={() => setChanging(false)}
              action="UpdateRole"
              fixed={{ RoleName: name }}
              fields={[
                {
                  name: 'NewAssumeRolePolicyDocument',
                  label: 'Who may assume it (a trust policy)',
                  kind: 'area',
                  value: trust,
                },
                { name: 'NewDescription', label: 'Description', kind: 'text', value: role.Description ?? '' },
                {
                  name: 'NewMaxSessionDuration',
                  label: 'Longest session, in seconds',
                  kind: 'text',
                  value: String(role.MaxSessionDuration ?? 3600),
                },
              ]}
            />
          )}
        </>
      )}
      <AttachedPolicies holder={{ kind: 'role', name }} />
    </article>
  );
}
