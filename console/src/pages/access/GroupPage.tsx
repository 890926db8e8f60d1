import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { groupQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { AttachedPolicies } from './AttachedPolicies.tsx';
import { ChangeFacts } from './ChangeFacts.tsx';
import { EntryHead } from './EntryHead.tsx';
import { Memberships } from './Memberships.tsx';

/** One group: its members and policies. */
export function GroupPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const { data: group, error } = useQuery(groupQuery(name));
  const [mayUpdate, mayDelete] = useMayRam(`group/${name}`, 'UpdateGroup', 'DeleteGroup');
  const [isChanging, setChanging] = useState(false);
  return (
    <article aria-label={`Group ${name}`}>
      <EntryHead
        noun="group"
        name={name}
        about={group?.Comments}
        change={group && mayUpdate && !isChanging && (() => setChanging(true))}
        remove={mayDelete && (() => currentClient().call('DeleteGroup', { GroupName: name }))}
      />
      {error && <Failure error={error} />}
      {group && isChanging && (
        <ChangeFacts
          of="group"
          leave={() => setChanging(false)}
          action="UpdateGroup"
          fixed={{ GroupName: name }}
          fields={[{ name: 'NewComments', label: 'Comment', kind: 'text', value: group.Comments ?? '' }]}
        />
      )}
      <Memberships kind="group" name={name} />
      <AttachedPolicies holder={{ kind: 'group', name }} />
    </article>
  );
}
