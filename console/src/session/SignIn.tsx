import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type FormEvent, useState } from 'react';
import { tellFailure } from '../failure/api-failure.ts';
import { canSign, signIn, signInByPassword } from './session.ts';

/** The form that opens a session. It replaces the requested page until the user has signed in. */
export function SignIn() {
  const [byPassword, setByPassword] = useState(false);
  if (!canSign()) return <NoCrypto />;
  return (
    <main className="sign-in">
      <h1>Sign in to Slipway</h1>
      <fieldset className="choice">
        <legend className="unseen">Sign in with</legend>
        <Choice on={!byPassword} choose={() => setByPassword(false)}>
          Access key
        </Choice>
        <Choice on={byPassword} choose={() => setByPassword(true)}>
          Console password
        </Choice>
      </fieldset>
      {byPassword ? <PasswordForm /> : <KeyForm />}
    </main>
  );
}

function Choice({ on, choose, children }: { on: boolean; choose(): void; children: string }) {
  return (
    <button type="button" aria-pressed={on} onClick={choose}>
      {children}
    </button>
  );
}

function KeyForm() {
  const { busy, failure, submit } = useSignIn((text) => signIn(text('key').trim(), text('secret').trim()));
  return (
    <>
      <form onSubmit={submit}>
        <label htmlFor="key">AccessKey ID</label>
        <input id="key" name="key" autoComplete="username" spellCheck={false} autoCapitalize="none" required />
        <label htmlFor="secret">AccessKey secret</label>
        <input id="secret" name="secret" type="password" autoComplete="current-password" required />
        <End busy={busy} failure={failure} />
      </form>
      <p className="quiet">
        The owner’s key pair is in <code>root.json</code> in the data folder. The secret signs one request on this page,
        and is neither sent nor stored. This browser stays signed in for twelve hours, or for the time the account sets,
        unless you sign out first.
      </p>
    </>
  );
}

function PasswordForm() {
  const { busy, failure, submit } = useSignIn((text) =>
    signInByPassword({
      UserName: text('user').trim(),
      Password: text('password'),
      ...(text('new') === '' ? {} : { NewPassword: text('new') }),
    }),
  );
  const mustChange = failure instanceof ApiCallError && failure.code === 'PasswordResetRequired';
  const [changes, setChanges] = useState(false);
  return (
    <>
      <form onSubmit={submit}>
        <label htmlFor="user">User name</label>
        <input id="user" name="user" autoComplete="username" spellCheck={false} autoCapitalize="none" required />
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        {(mustChange || changes) && (
          <>
            <label htmlFor="new">New password</label>
            <input id="new" name="new" type="password" autoComplete="new-password" minLength={8} maxLength={128} />
          </>
        )}
        <End busy={busy} failure={failure} />
      </form>
      {!mustChange && !changes && (
        <button type="button" className="small" onClick={() => setChanges(true)}>
          Change the password
        </button>
      )}
      <p className="quiet">
        An administrator gives a user a console password with <code>slipway ram login create</code>.
      </p>
    </>
  );
}

function End({ busy, failure }: { busy: boolean; failure: unknown }) {
  return (
    <>
      <div role="alert">{failure !== undefined && <SignInFailure error={failure} />}</div>
      <button type="submit" className="primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </>
  );
}

/** A form whose fields open a session. */
function useSignIn(open: (text: (name: string) => string) => Promise<void>) {
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await open((name) => String(fields.get(name) ?? ''));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return { busy, failure, submit };
}

function SignInFailure({ error }: { error: unknown }) {
  const { title, detail } = tellFailure(error, false);
  return (
    <p className="failure">
      <strong>{title}</strong> {detail}
    </p>
  );
}

function NoCrypto() {
  return (
    <main className="sign-in">
      <h1>This page cannot sign requests</h1>
      <p>
        Browsers allow a page to sign requests (WebCrypto) only over HTTPS, or on <code>localhost</code> and{' '}
        <code>127.0.0.1</code>. This page was loaded from <code>{location.origin}</code>.
      </p>
      <p>
        Give the server a certificate (<code>--tls-cert</code> and <code>--tls-key</code>), put it behind an HTTPS
        proxy, or open a tunnel and use the console on localhost.
      </p>
    </main>
  );
}
