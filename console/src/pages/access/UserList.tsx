import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { usersQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Day } from './Day.tsx';
import { FirstOnly } from './FirstOnly.tsx';
import { NewEntry } from './NewEntry.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'UserName', label: 'Name', kind: 'text', required: true, hint: 'Letters, digits, points, @, - and _' },
  { name: 'DisplayName', label: 'Display name', kind: 'text' },
  { name: 'Email', label: 'Mail address', kind: 'text' },
  { name: 'Comments', label: 'Comment', kind: 'text' },
];

/** Everyone who has a name on this server. */
export function UserList() {
  const { data: users, error } = useQuery(usersQuery());
  const [mayCreate = false] = useMayRam('user/*', 'CreateUser');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <section aria-label="Users">
      <PageTitle parts={['Users', 'Access']} />
      <NewEntry
        title="Users"
        noun="user"
        action="CreateUser"
        fields={FIELDS}
        mayCreate={mayCreate}
        done={({ UserName = '' }) => {
          void queries.invalidateQueries({ queryKey: ['access'] });
          void navigate({ to: '/access/users/$name', params: { name: UserName } });
        }}
      />
      {error && <Failure error={error} />}
      {users?.length === 0 && (
        <Empty>
          No users yet. The owner of the account can do everything; give everyone else a user with the policies they
          need.
        </Empty>
      )}
      {users !== undefined && users.length > 0 && (
        <table className="grid" aria-label="Users">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className="wide">
                Display name and comment
              </th>
              <th scope="col">Last sign-in</th>
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {users.map(({ UserName = '', DisplayName, Comments, LastLoginDate, CreateDate }) => (
              <tr key={UserName}>
                <td>
                  <Link to="/access/users/$name" params={{ name: UserName }}>
                    {UserName}
                  </Link>
                </td>
                <td className="wide">
                  {DisplayName === UserName ? '' : DisplayName} <span className="quiet">{Comments}</span>
                </td>
                <td data-label="last sign-in">
                  <Day at={LastLoginDate} />
                </td>
                <td data-label="created">
                  <Day at={CreateDate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <FirstOnly of="users" entries={users} />
    </section>
  );
}
