import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { policiesQuery } from '../../api/access-queries.ts';
import { currentClient } from '../../session/session.ts';
import { PolicyLink, typeWord } from './AttachedPolicies.tsx';
import { Day } from './Day.tsx';
import { EntryList } from './EntryList.tsx';
import { LazyPolicyEditor } from './LazyPolicyEditor.tsx';

/** What a new policy begins with. */
const BEGINNING = `{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["cr:Get*", "cr:List*"],
      "Resource": "acs:cr:*:*:repository/*/NAMESPACE/*"
    }
  ]
}`;

/** The policies of the account, and those that every server has. */
export function PolicyList() {
  return (
    <EntryList
      noun="policy"
      title="Policies"
      action="CreatePolicy"
      form={(leave) => <NewPolicy close={leave} />}
      query={policiesQuery()}
      empty="No policies."
      keyOf={({ PolicyName, PolicyType }) => `${PolicyType} ${PolicyName}`}
      link={({ PolicyName = '', PolicyType }) => <PolicyLink type={PolicyType} name={PolicyName} />}
      columns={[
        { head: 'Description', of: ({ Description }) => <span className="quiet">{Description}</span> },
        { head: 'Type', label: 'type', of: ({ PolicyType }) => typeWord(PolicyType) },
        {
          head: 'Attached',
          label: 'attached',
          of: ({ AttachmentCount: count = 0 }) =>
            count === 0 ? <span className="quiet">to nothing</span> : `${count} ×`,
        },
        {
          head: 'Changed',
          label: 'changed',
          of: ({ PolicyType, UpdateDate }) => PolicyType !== 'System' && <Day at={UpdateDate} />,
        },
      ]}
    />
  );
}

function NewPolicy({ close }: { close(): void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <div className="panel">
      <div className="panel-fields">
        <label>
          <strong>Name</strong>
          <input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" spellCheck={false} />
        </label>
        <label>
          Description
          <input value={description} onChange={(event) => setDescription(event.target.value)} autoComplete="off" />
        </label>
      </div>
      <LazyPolicyEditor
        document={BEGINNING}
        submit="Create policy"
        mayBeSent={name.trim() !== ''}
        isChangedBeside={name !== '' || description !== ''}
        save={(PolicyDocument) =>
          currentClient().call('CreatePolicy', {
            PolicyName: name.trim(),
            PolicyDocument,
            ...(description.trim() === '' ? {} : { Description: description.trim() }),
          })
        }
        done={() => {
          void queries.invalidateQueries({ queryKey: ['access'] });
          void navigate({ to: '/access/policies/$type/$name', params: { type: 'Custom', name: name.trim() } });
        }}
        leave={close}
      />
    </div>
  );
}
