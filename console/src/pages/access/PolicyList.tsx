import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { policiesQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { PolicyLink, typeWord } from './AttachedPolicies.tsx';
import { Day } from './Day.tsx';
import { FirstOnly } from './FirstOnly.tsx';

const PolicyEditor = lazy(async () => ({ default: (await import('./PolicyEditor.tsx')).PolicyEditor }));

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
  const { data: policies, error } = useQuery(policiesQuery());
  const [mayCreate] = useMayRam('policy/*', 'CreatePolicy');
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-label="Policies">
      <PageTitle parts={['Policies', 'Access']} />
      <div className="page-head">
        <h2>Policies</h2>
        <span className="gap" />
        {mayCreate && !isOpen && (
          <button type="button" onClick={() => setOpen(true)}>
            New policy
          </button>
        )}
      </div>
      {isOpen && <NewPolicy close={() => setOpen(false)} />}
      {error && <Failure error={error} />}
      {policies !== undefined && (
        <table className="grid" aria-label="Policies">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className="wide">
                Description
              </th>
              <th scope="col">Type</th>
              <th scope="col">Attached</th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody>
            {policies.map(({ PolicyName = '', PolicyType, Description, AttachmentCount = 0, UpdateDate }) => (
              <tr key={`${PolicyType} ${PolicyName}`}>
                <td>
                  <PolicyLink type={PolicyType} name={PolicyName} />
                </td>
                <td className="wide quiet">{Description}</td>
                <td>{typeWord(PolicyType)}</td>
                <td data-label="attached" className={AttachmentCount === 0 ? 'quiet' : undefined}>
                  {AttachmentCount === 0 ? 'to nothing' : `${AttachmentCount} ×`}
                </td>
                <td data-label="changed">{PolicyType !== 'System' && <Day at={UpdateDate} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <FirstOnly of="policies" entries={policies} />
    </section>
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
      <Suspense fallback={<p className="quiet">Reading…</p>}>
        <PolicyEditor
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
      </Suspense>
    </div>
  );
}
