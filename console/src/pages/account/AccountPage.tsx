import { useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { currentSession, signInByPassword } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { ApiForm } from '../ApiForm.tsx';

const FIELDS: FieldSpec[] = [
  { name: 'OldPassword', label: 'Password', kind: 'password', required: true },
  { name: 'NewPassword', label: 'New password', kind: 'new-password', required: true },
];

/** Shows who is signed in; users change their console password here. */
export function AccountPage() {
  const { arn } = currentSession();
  const [, userName] = /^[^/]*:user\/(.+)$/.exec(arn) ?? [];
  return (
    <main>
      <PageTitle parts={['Account']} />
      <h1>Account</h1>
      <p>
        Signed in as <code>{arn}</code>.
      </p>
      <section aria-labelledby="password">
        <h2 id="password">Console password</h2>
        {userName === undefined ? (
          <p className="quiet">Only users have console passwords; the account owner and roles do not.</p>
        ) : (
          <PasswordChange userName={userName} />
        )}
      </section>
    </main>
  );
}

function PasswordChange({ userName }: { userName: string }) {
  const [changes, setChanges] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  /** Changing the password ended the session that the old password opened. */
  const goOn = (password: string) =>
    signInByPassword({ UserName: userName, Password: password }).then(() => setFailure(undefined), setFailure);
  return (
    <>
      <ApiForm
        key={changes}
        action="ChangePassword"
        fixed={{}}
        fields={FIELDS}
        submit="Change password"
        done={({ NewPassword = '' }) => {
          setChanges(changes + 1);
          void goOn(NewPassword);
        }}
      />
      <p role="status">{changes > 0 && 'Your password was changed.'}</p>
      {failure !== undefined && <Failure error={failure} />}
    </>
  );
}
