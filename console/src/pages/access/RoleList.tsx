import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { rolesQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { formatDuration } from '../../ui/durations.ts';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { accountArn } from './account-arn.ts';
import { Day } from './Day.tsx';
import { FirstOnly } from './FirstOnly.tsx';
import { NewEntry } from './NewEntry.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'RoleName', label: 'Name', kind: 'text', required: true, hint: 'Letters, digits, points, - and _' },
  { name: 'Description', label: 'Description', kind: 'text' },
];

/** Roles, which users and machines assume for a while. */
export function RoleList() {
  const { data: roles, error } = useQuery(rolesQuery());
  const [mayCreate = false] = useMayRam('role/*', 'CreateRole');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <section aria-label="Roles">
      <PageTitle parts={['Roles', 'Access']} />
      <NewEntry
        title="Roles"
        noun="role"
        action="CreateRole"
        fields={FIELDS}
        mayCreate={mayCreate}
        send={(values) =>
          currentClient().callAny('CreateRole', { ...values, AssumeRolePolicyDocument: trustInAccount() })
        }
        done={({ RoleName = '' }) => {
          void queries.invalidateQueries({ queryKey: ['access'] });
          void navigate({ to: '/access/roles/$name', params: { name: RoleName } });
        }}
      />
      {error && <Failure error={error} />}
      {roles?.length === 0 && (
        <Empty>
          No roles yet. Someone who assumes a role gets a key for a few hours that has only the policies of the role.
        </Empty>
      )}
      {roles !== undefined && roles.length > 0 && (
        <table className="grid" aria-label="Roles">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className="wide">
                Description
              </th>
              <th scope="col">Longest session</th>
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {roles.map(({ RoleName = '', Description, MaxSessionDuration = 3600, CreateDate }) => (
              <tr key={RoleName}>
                <td>
                  <Link to="/access/roles/$name" params={{ name: RoleName }}>
                    {RoleName}
                  </Link>
                </td>
                <td className="wide quiet">{Description}</td>
                <td data-label="sessions up to">{formatDuration(MaxSessionDuration * 1000)}</td>
                <td data-label="created">
                  <Day at={CreateDate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <FirstOnly of="roles" entries={roles} />
    </section>
  );
}

/** Lets everyone of this account assume the role whom a policy allows `sts:AssumeRole`. */
function trustInAccount(): string {
  const Principal = { RAM: [accountArn('root')] };
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] });
}
