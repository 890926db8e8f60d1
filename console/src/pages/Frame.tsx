import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { SignIn } from '../session/SignIn.tsx';
import { signOut, useSession } from '../session/session.ts';
import { ThemeChoice } from '../ui/ThemeChoice.tsx';

/** What stands around every page. Without a session it is the form to open one. */
export function Frame() {
  const session = useSession();
  const queries = useQueryClient();
  const leave = async () => {
    await signOut();
    queries.clear();
  };
  return (
    <>
      <header className="frame">
        <Link to="/" className="brand">
          Slipway
        </Link>
        {session && (
          <nav aria-label="Pages">
            <Link to="/">Builds</Link>
          </nav>
        )}
        <span className="gap" />
        <ThemeChoice />
        {session && (
          <>
            <span className="who" title={session.arn}>
              {session.arn.split(':').at(-1)}
            </span>
            <button type="button" className="small" onClick={leave}>
              Sign out
            </button>
          </>
        )}
      </header>
      {session ? <Outlet /> : <SignIn />}
    </>
  );
}
