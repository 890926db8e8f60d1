import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { loginProfileQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { currentClient } from '../../session/session.ts';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { DeleteButton } from '../Collection.tsx';
import { Day } from './Day.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'Password', label: 'Password', kind: 'new-password', required: true },
  {
    name: 'PasswordResetRequired',
    label: 'Must be changed at the first sign-in',
    kind: 'switch',
    value: 'true',
  },
];

/** Whether a user can sign in to the console, and with a password from when. */
export function ConsolePassword({ userName }: { userName: string }) {
  const { data: profile, error } = useQuery(loginProfileQuery(userName));
  const [mayCreate, mayUpdate, mayDelete] = useMayRam(
    `user/${userName}`,
    'CreateLoginProfile',
    'UpdateLoginProfile',
    'DeleteLoginProfile',
  );
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const done = () => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ['access', 'users', userName] });
  };
  const may = profile ? mayUpdate : mayCreate;
  return (
    <section aria-labelledby="console-password">
      <div className="page-head">
        <h2 id="console-password">Console password</h2>
        <span className="gap" />
        {may && !isOpen && profile !== undefined && (
          <button type="button" onClick={() => setOpen(true)}>
            {profile ? 'New password' : 'Set password'}
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {isOpen && (
        <ApiForm
          action={profile ? 'UpdateLoginProfile' : 'CreateLoginProfile'}
          fixed={{ UserName: userName }}
          fields={FIELDS}
          submit={profile ? 'Save password' : 'Set password'}
          done={done}
          leave={() => setOpen(false)}
        />
      )}
      {profile === null && <Empty>No password, so {userName} cannot sign in to the console.</Empty>}
      {profile && (
        <ul className="rows">
          <li>
            <div className="row-line">
              <span className="good">✓ can sign in</span>
              {profile.PasswordResetRequired && <span>must choose a new password at the next sign-in</span>}
              <span className="quiet">
                set <Day at={profile.CreateDate} />
              </span>
              <span className="row-buttons">
                {mayDelete && (
                  <DeleteButton
                    of={`the password of ${userName}`}
                    act={() => currentClient().call('DeleteLoginProfile', { UserName: userName })}
                    done={done}
                  />
                )}
              </span>
            </div>
          </li>
        </ul>
      )}
    </section>
  );
}
