import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { groupQuery, membersQuery, usersQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { sameWords } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Collection, DeleteButton } from '../Collection.tsx';
import { AttachedPolicies } from './AttachedPolicies.tsx';
import { ChangeFacts } from './ChangeFacts.tsx';
import { Day } from './Day.tsx';

/** One group: its members and policies. */
export function GroupPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const { data: group, error } = useQuery(groupQuery(name));
  const [mayUpdate, mayDelete] = useMayRam(`group/${name}`, 'UpdateGroup', 'DeleteGroup');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <article aria-label={`Group ${name}`}>
      <PageTitle parts={[name, 'Access']} />
      <div className="page-head">
        <h2>{name}</h2>
        <span className="quiet">group {group?.Comments && `· ${group.Comments}`}</span>
        <span className="gap" />
        {mayDelete && (
          <DeleteButton
            of={`group ${name}`}
            act={() => currentClient().call('DeleteGroup', { GroupName: name })}
            done={() => {
              void queries.invalidateQueries({ queryKey: ['access'] });
              void navigate({ to: '/access/groups' });
            }}
          />
        )}
      </div>
      {error && <Failure error={error} />}
      {group && mayUpdate && (
        <ChangeFacts
          of="group"
          action="UpdateGroup"
          fixed={{ GroupName: name }}
          fields={[{ name: 'NewComments', label: 'Comment', kind: 'text', value: group.Comments ?? '' }]}
        />
      )}
      <Members groupName={name} />
      <AttachedPolicies holder={{ kind: 'group', name }} />
    </article>
  );
}

function Members({ groupName }: { groupName: string }) {
  const { data: members, error } = useQuery(membersQuery(groupName));
  const { data: users = [] } = useQuery(usersQuery());
  const [mayAdd, mayRemove] = useMayRam(`group/${groupName}`, 'AddUserToGroup', 'RemoveUserFromGroup');
  const queries = useQueryClient();
  const has = new Set(members?.map(({ UserName }) => UserName));
  const others = users.flatMap(({ UserName = '' }) => (has.has(UserName) ? [] : [UserName]));
  return (
    <Collection
      id="members"
      title="Members"
      noun="member"
      create={
        mayAdd === true &&
        others.length > 0 && {
          action: 'AddUserToGroup',
          verb: 'Add',
          fixed: { GroupName: groupName },
          fields: [{ name: 'UserName', label: 'User', kind: 'choice', required: true, choices: sameWords(others) }],
        }
      }
      entries={members}
      error={error}
      none="No members yet."
      keyOf={({ UserName = '' }) => UserName}
      nameOf={({ UserName = '' }) => UserName}
      line={({ UserName = '', DisplayName, JoinDate }) => (
        <>
          <Link to="/access/users/$name" params={{ name: UserName }}>
            <strong>{UserName}</strong>
          </Link>
          {DisplayName !== UserName && <span className="quiet">{DisplayName}</span>}
          <span className="quiet">
            joined <Day at={JoinDate} />
          </span>
        </>
      )}
      remove={
        mayRemove === true &&
        (({ UserName = '' }) => currentClient().call('RemoveUserFromGroup', { GroupName: groupName, UserName }))
      }
      removeVerb="Remove"
      changed={() => void queries.invalidateQueries({ queryKey: ['access'] })}
    />
  );
}
