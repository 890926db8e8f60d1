import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { userQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { Fact } from '../../ui/Fact.tsx';
import { AccessKeys } from './AccessKeys.tsx';
import { AttachedPolicies } from './AttachedPolicies.tsx';
import { ChangeFacts } from './ChangeFacts.tsx';
import { ConsolePassword } from './ConsolePassword.tsx';
import { Day } from './Day.tsx';
import { deleteUser } from './delete-user.ts';
import { EntryHead } from './EntryHead.tsx';
import { Memberships } from './Memberships.tsx';

/** One user: policies, groups, keys and console password. */
export function UserPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const { data: user, error } = useQuery(userQuery(name));
  const [mayUpdate, mayDelete] = useMayRam(`user/${name}`, 'UpdateUser', 'DeleteUser');
  const [isChanging, setChanging] = useState(false);
  return (
    <article aria-label={`User ${name}`}>
      <EntryHead
        noun="user"
        name={name}
        change={user && mayUpdate && !isChanging && (() => setChanging(true))}
        remove={mayDelete && (() => deleteUser(name))}
      >
        <Link to="/access/simulator" search={{ caller: `user/${name}` }}>
          What may {name} do?
        </Link>
        <Link to="/audit" search={{ caller: `user/${name}` }}>
          Calls
        </Link>
      </EntryHead>
      {error && <Failure error={error} />}
      {user && (
        <>
          <dl className="facts">
            <Fact name="Display name">{user.DisplayName || '–'}</Fact>
            <Fact name="Mail address">{user.Email || '–'}</Fact>
            <Fact name="Comment">{user.Comments || '–'}</Fact>
            <Fact name="Last sign-in">
              <Day at={user.LastLoginDate} />
            </Fact>
            <Fact name="Created">
              <Day at={user.CreateDate} />
            </Fact>
          </dl>
          {isChanging && (
            <ChangeFacts
              of="user"
              leave={() => setChanging(false)}
              action="UpdateUser"
              fixed={{ UserName: name }}
              fields={[
                { name: 'NewDisplayName', label: 'Display name', kind: 'text', value: user.DisplayName ?? '' },
                { name: 'NewEmail', label: 'Mail address', kind: 'text', value: user.Email ?? '' },
                { name: 'NewComments', label: 'Comment', kind: 'text', value: user.Comments ?? '' },
              ]}
            />
          )}
        </>
      )}
      <AttachedPolicies holder={{ kind: 'user', name }} />
      <Memberships kind="user" name={name} />
      <AccessKeys userName={name} />
      <ConsolePassword userName={name} />
    </article>
  );
}
