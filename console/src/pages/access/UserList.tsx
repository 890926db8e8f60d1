import { Link, useNavigate } from '@tanstack/react-router';
import { usersQuery } from '../../api/access-queries.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Day } from './Day.tsx';
import { CREATED, EntryList } from './EntryList.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'UserName', label: 'Name', kind: 'text', required: true, hint: 'Letters, digits, points, @, - and _' },
  { name: 'DisplayName', label: 'Display name', kind: 'text' },
  { name: 'Email', label: 'Mail address', kind: 'text' },
  { name: 'Comments', label: 'Comment', kind: 'text' },
];

/** Everyone who has a name on this server. */
export function UserList() {
  const navigate = useNavigate();
  return (
    <EntryList
      noun="user"
      title="Users"
      action="CreateUser"
      form={{
        fields: FIELDS,
        open: ({ UserName = '' }) => void navigate({ to: '/access/users/$name', params: { name: UserName } }),
      }}
      query={usersQuery()}
      empty="No users yet. The owner of the account can do everything; give everyone else a user with the policies they need."
      keyOf={({ UserName = '' }) => UserName}
      link={({ UserName = '' }) => (
        <Link to="/access/users/$name" params={{ name: UserName }}>
          {UserName}
        </Link>
      )}
      columns={[
        {
          head: 'Display name and comment',
          of: ({ UserName, DisplayName, Comments }) => (
            <>
              {DisplayName === UserName ? '' : DisplayName} <span className="quiet">{Comments}</span>
            </>
          ),
        },
        { head: 'Last sign-in', label: 'last sign-in', of: ({ LastLoginDate }) => <Day at={LastLoginDate} /> },
        CREATED,
      ]}
    />
  );
}
