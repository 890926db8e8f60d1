import { type FormEvent, useState } from 'react';
import { tellFailure } from '../api/api-failure.ts';
import { canSign, signIn } from './session.ts';

/** The form that opens a session. Stands in place of the page that was asked for, which comes when it is done. */
export function SignIn() {
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(String(fields.get('key')).trim(), String(fields.get('secret')).trim());
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  if (!canSign()) return <NoCrypto />;
  return (
    <main className="sign-in">
      <h1>Sign in to Slipway</h1>
      <form onSubmit={submit}>
        <label htmlFor="key">AccessKey ID</label>
        <input id="key" name="key" autoComplete="username" spellCheck={false} autoCapitalize="none" required />
        <label htmlFor="secret">AccessKey secret</label>
        <input id="secret" name="secret" type="password" autoComplete="current-password" required />
        <div role="alert">{failure !== undefined && <SignInFailure error={failure} />}</div>
        <button type="submit" className="primary" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      <p className="quiet">
        The owner’s pair is in <code>root.json</code> of the data folder. The secret signs one request here and is
        neither sent nor kept; the session ends after an hour, or when this page is closed or loaded again.
      </p>
    </main>
  );
}

function SignInFailure({ error }: { error: unknown }) {
  const { title, detail } = tellFailure(error);
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
        The browser gives a page the means to sign (WebCrypto) only over HTTPS, or on <code>localhost</code> and{' '}
        <code>127.0.0.1</code>. This page came from <code>{location.origin}</code>.
      </p>
      <p>
        Give the server a certificate (<code>--tls-cert</code> and <code>--tls-key</code>), put it behind a proxy that
        speaks HTTPS, or open a tunnel and use the console on localhost.
      </p>
    </main>
  );
}
