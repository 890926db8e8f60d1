import { Link, useNavigate } from '@tanstack/react-router';
import { groupsQuery } from '../../api/access-queries.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { CREATED, EntryList } from './EntryList.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'GroupName', label: 'Name', kind: 'text', required: true, hint: 'Letters, digits and -' },
  { name: 'Comments', label: 'Comment', kind: 'text' },
];

/** Groups of users, whose policies apply to all members. */
export function GroupList() {
  const navigate = useNavigate();
  return (
    <EntryList
      noun="group"
      title="Groups"
      action="CreateGroup"
      form={{
        fields: FIELDS,
        open: ({ GroupName = '' }) => void navigate({ to: '/access/groups/$name', params: { name: GroupName } }),
      }}
      query={groupsQuery()}
      empty="No groups yet. The policies of a group apply to all its members."
      keyOf={({ GroupName = '' }) => GroupName}
      link={({ GroupName = '' }) => (
        <Link to="/access/groups/$name" params={{ name: GroupName }}>
          {GroupName}
        </Link>
      )}
      columns={[{ head: 'Comment', of: ({ Comments }) => <span className="quiet">{Comments}</span> }, CREATED]}
    />
  );
}
