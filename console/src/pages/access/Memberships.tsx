import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  groupsQuery,
  type MemberKind,
  type Membership,
  membershipsQuery,
  usersQuery,
} from '../../api/access-queries.ts';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { sameWords } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { Day } from './Day.tsx';

const KINDS = {
  group: {
    title: 'Members',
    noun: 'member',
    none: 'No members yet.',
    verb: 'Add',
    removeVerb: 'Remove',
    field: 'UserName',
    label: 'User',
    page: '/access/users/$name',
  },
  user: {
    title: 'Groups',
    noun: 'group',
    none: 'In no group.',
    verb: 'Join',
    removeVerb: 'Leave',
    field: 'GroupName',
    label: 'Group',
    page: '/access/groups/$name',
  },
} as const;

/** The members of a group, or the groups of a user. */
export function Memberships({ kind, name }: { kind: MemberKind; name: string }) {
  const { title, noun, none, verb, removeVerb, field, label, page } = KINDS[kind];
  const { data: memberships, error } = useQuery(membershipsQuery(kind, name));
  const { data: users = [] } = useQuery({ ...usersQuery(), enabled: kind === 'group' });
  const { data: groups = [] } = useQuery({ ...groupsQuery(), enabled: kind === 'user' });
  const [mayAdd, mayRemove] = useMayRam(`${kind}/${name}`, 'AddUserToGroup', 'RemoveUserFromGroup');
  const queries = useQueryClient();
  const has = new Set(memberships?.map((each) => each.name));
  const all =
    kind === 'group' ? users.map(({ UserName = '' }) => UserName) : groups.map(({ GroupName = '' }) => GroupName);
  const others = all.filter((each) => !has.has(each));
  return (
    <Collection<Membership>
      id={title.toLowerCase()}
      title={title}
      noun={noun}
      create={
        mayAdd &&
        others.length > 0 && {
          action: 'AddUserToGroup',
          verb,
          fixed: kind === 'group' ? { GroupName: name } : { UserName: name },
          fields: [{ name: field, label, kind: 'choice', required: true, choices: sameWords(others) }],
        }
      }
      entries={memberships}
      error={error}
      none={none}
      keyOf={(each) => each.name}
      nameOf={(each) => each.name}
      line={({ name: other, about, since }) => (
        <>
          <Link to={page} params={{ name: other }}>
            <strong>{other}</strong>
          </Link>
          <span className="quiet">{about}</span>
          <span className="quiet">
            joined <Day at={since} />
          </span>
        </>
      )}
      remove={
        mayRemove &&
        (({ name: other }) => {
          const [UserName, GroupName] = kind === 'group' ? [other, name] : [name, other];
          return currentClient().call('RemoveUserFromGroup', { UserName, GroupName });
        })
      }
      removeVerb={removeVerb}
      changed={() => void queries.invalidateQueries({ queryKey: ['access'] })}
    />
  );
}
