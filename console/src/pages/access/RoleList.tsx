import { Link, useNavigate } from '@tanstack/react-router';
import { rolesQuery } from '../../api/access-queries.ts';
import { currentClient } from '../../session/session.ts';
import { formatDuration } from '../../ui/durations.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { accountArn } from './account-arn.ts';
import { CREATED, EntryList } from './EntryList.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'RoleName', label: 'Name', kind: 'text', required: true, hint: 'Letters, digits, points, - and _' },
  { name: 'Description', label: 'Description', kind: 'text' },
];

/** Roles, which users and machines assume for a while. */
export function RoleList() {
  const navigate = useNavigate();
  return (
    <EntryList
      noun="role"
      title="Roles"
      action="CreateRole"
      form={{
        fields: FIELDS,
        send: (values) =>
          currentClient().callAny('CreateRole', { ...values, AssumeRolePolicyDocument: trustInAccount() }),
        open: ({ RoleName = '' }) => void navigate({ to: '/access/roles/$name', params: { name: RoleName } }),
      }}
      query={rolesQuery()}
      empty="No roles yet. Someone who assumes a role gets a key for a few hours that has only the policies of the role."
      keyOf={({ RoleName = '' }) => RoleName}
      link={({ RoleName = '' }) => (
        <Link to="/access/roles/$name" params={{ name: RoleName }}>
          {RoleName}
        </Link>
      )}
      columns={[
        { head: 'Description', of: ({ Description }) => <span className="quiet">{Description}</span> },
        {
          head: 'Longest session',
          label: 'sessions up to',
          of: ({ MaxSessionDuration = 3600 }) => formatDuration(MaxSessionDuration * 1000),
        },
        CREATED,
      ]}
    />
  );
}

/** Lets everyone of this account assume the role whom a policy allows `sts:AssumeRole`. */
function trustInAccount(): string {
  const Principal = { RAM: [accountArn('root')] };
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] });
}
