import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { groupsOfQuery, groupsQuery, userQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { Fact } from '../../ui/Fact.tsx';
import { sameWords } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Collection, DeleteButton } from '../Collection.tsx';
import { AccessKeys } from './AccessKeys.tsx';
import { AttachedPolicies } from './AttachedPolicies.tsx';
import { ChangeFacts } from './ChangeFacts.tsx';
import { ConsolePassword } from './ConsolePassword.tsx';
import { Day } from './Day.tsx';
import { deleteUser } from './delete-user.ts';

/** One user: policies, groups, keys and console password. */
export function UserPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const { data: user, error } = useQuery(userQuery(name));
  const [mayUpdate = false, mayDelete = false] = useMayRam(`user/${name}`, 'UpdateUser', 'DeleteUser');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <article aria-label={`User ${name}`}>
      <PageTitle parts={[name, 'Access']} />
      <div className="page-head">
        <h2>{name}</h2>
        <span className="quiet">user</span>
        <span className="gap" />
        <Link to="/access/simulator" search={{ caller: `user/${name}` }}>
          What may {name} do?
        </Link>
        <Link to="/audit" search={{ caller: `user/${name}` }}>
          Calls
        </Link>
        {mayDelete && (
          <DeleteButton
            of={`user ${name}`}
            act={() => deleteUser(name)}
            done={() => {
              void queries.invalidateQueries({ queryKey: ['access'] });
              void navigate({ to: '/access' });
            }}
          />
        )}
      </div>
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
          {mayUpdate && (
            <ChangeFacts
              of="user"
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
      <Groups userName={name} />
      <AccessKeys userName={name} />
      <ConsolePassword userName={name} />
    </article>
  );
}

function Groups({ userName }: { userName: string }) {
  const { data: groups, error } = useQuery(groupsOfQuery(userName));
  const { data: all = [] } = useQuery(groupsQuery());
  const [mayAdd, mayRemove] = useMayRam(`user/${userName}`, 'AddUserToGroup', 'RemoveUserFromGroup');
  const queries = useQueryClient();
  const has = new Set(groups?.map(({ GroupName }) => GroupName));
  const others = all.flatMap(({ GroupName = '' }) => (has.has(GroupName) ? [] : [GroupName]));
  return (
    <Collection
      id="groups"
      title="Groups"
      noun="group"
      create={
        mayAdd === true &&
        others.length > 0 && {
          action: 'AddUserToGroup',
          verb: 'Join',
          fixed: { UserName: userName },
          fields: [{ name: 'GroupName', label: 'Group', kind: 'choice', required: true, choices: sameWords(others) }],
        }
      }
      entries={groups}
      error={error}
      none="In no group."
      keyOf={({ GroupName = '' }) => GroupName}
      nameOf={({ GroupName = '' }) => GroupName}
      line={({ GroupName = '', Comments }) => (
        <>
          <Link to="/access/groups/$name" params={{ name: GroupName }}>
            <strong>{GroupName}</strong>
          </Link>
          <span className="quiet">{Comments}</span>
        </>
      )}
      remove={
        mayRemove === true &&
        (({ GroupName = '' }) => currentClient().call('RemoveUserFromGroup', { GroupName, UserName: userName }))
      }
      removeVerb="Leave"
      changed={() => void queries.invalidateQueries({ queryKey: ['access'] })}
    />
  );
}
