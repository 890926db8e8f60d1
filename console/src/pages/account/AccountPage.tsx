import { callerPath } from '@slipway/client/caller-name.ts';
import { useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { currentClient, currentSession, signInByPassword } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { ApiForm } from '../ApiForm.tsx';
import '../../styles/administer.css';
import { AccessKeys } from '../access/AccessKeys.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'OldPassword', label: 'Password', kind: 'password', required: true },
  { name: 'NewPassword', label: 'New password', kind: 'new-password', required: true },
];

/** Shows who is signed in; users have their access keys and their console password here, as far as their policies let them. */
export function AccountPage() {
  const { arn } = currentSession();
  const [, userName] = /^user\/(.+)$/.exec(callerPath(arn)) ?? [];
  return (
    <main>
      <PageTitle parts={['Account']} />
      <h1>Account</h1>
      <p>
        Signed in as <code>{arn}</code>.
      </p>
      {userName === undefined ? (
        <p className="quiet">
          Users can see their access keys and change their console password here. The account owner’s key pair is in{' '}
          <code>root.json</code> in the data folder, and the sessions of a role have temporary keys.
        </p>
      ) : (
        <>
          <AccessKeys userName={userName} />
          <section aria-labelledby="password">
            <h2 id="password">Console password</h2>
            <PasswordChange userName={userName} />
          </section>
        </>
      )}
    </main>
  );
}

function PasswordChange({ userName }: { userName: string }) {
  const [changes, setChanges] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  return (
    <>
      <ApiForm
        key={changes}
        action="ChangePassword"
        fixed={{}}
        fields={FIELDS}
        submit="Change password"
        send={(values) => changePassword(userName, values)}
        done={(_, failure) => {
          setChanges(changes + 1);
          setFailure(failure);
        }}
      />
      <p role="status">{changes > 0 && 'Your password was changed.'}</p>
      {failure !== undefined && <Failure error={failure} />}
    </>
  );
}

/**
 * Changes the password and signs in with it: the change ended the session, and until the next one begins the server
 * refuses what other pages ask for. Returns why there is no next one; the password is still changed.
 */
async function changePassword(UserName: string, values: Readonly<Record<string, unknown>>): Promise<unknown> {
  await currentClient().callAny('ChangePassword', values);
  return signInByPassword({ UserName, Password: String(values.NewPassword) }).catch((error: unknown) => error);
}
