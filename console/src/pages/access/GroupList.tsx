import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { groupsQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Day } from './Day.tsx';
import { FirstOnly } from './FirstOnly.tsx';
import { NewEntry } from './NewEntry.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'GroupName', label: 'Name', kind: 'text', required: true, hint: 'Letters, digits and -' },
  { name: 'Comments', label: 'Comment', kind: 'text' },
];

/** Groups of users, whose policies apply to all members. */
export function GroupList() {
  const { data: groups, error } = useQuery(groupsQuery());
  const [mayCreate = false] = useMayRam('group/*', 'CreateGroup');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <section aria-label="Groups">
      <PageTitle parts={['Groups', 'Access']} />
      <NewEntry
        title="Groups"
        noun="group"
        action="CreateGroup"
        fields={FIELDS}
        mayCreate={mayCreate}
        done={({ GroupName = '' }) => {
          void queries.invalidateQueries({ queryKey: ['access'] });
          void navigate({ to: '/access/groups/$name', params: { name: GroupName } });
        }}
      />
      {error && <Failure error={error} />}
      {groups?.length === 0 && <Empty>No groups yet. The policies of a group apply to all its members.</Empty>}
      {groups !== undefined && groups.length > 0 && (
        <table className="grid" aria-label="Groups">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className="wide">
                Comment
              </th>
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ GroupName = '', Comments, CreateDate }) => (
              <tr key={GroupName}>
                <td>
                  <Link to="/access/groups/$name" params={{ name: GroupName }}>
                    {GroupName}
                  </Link>
                </td>
                <td className="wide quiet">{Comments}</td>
                <td data-label="created">
                  <Day at={CreateDate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <FirstOnly of="groups" entries={groups} />
    </section>
  );
}
