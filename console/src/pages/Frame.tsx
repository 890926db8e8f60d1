import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { SignIn } from '../session/SignIn.tsx';
import { signOut, useSession } from '../session/session.ts';
import { ThemeChoice } from '../ui/ThemeChoice.tsx';

const PAGES = [
  ['/', 'Home'],
  ['/builds', 'Builds'],
  ['/repositories', 'Repositories'],
  ['/charts', 'Charts'],
  ['/registry', 'Registry'],
  ['/explorer', 'API'],
] as const;

/** The frame around every page. Without a session it shows the sign-in form. */
export function Frame() {
  const session = useSession();
  const queries = useQueryClient();
  const leave = async () => {
    await signOut();
    queries.clear();
  };
  const signedIn = session !== undefined && session !== 'unknown';
  return (
    <>
      <header className="frame">
        <Link to="/" className="brand">
          Slipway
        </Link>
        {signedIn && (
          <nav aria-label="Pages">
            {PAGES.map(([to, label]) => (
              <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                {label}
              </Link>
            ))}
          </nav>
        )}
        <span className="gap" />
        <a href="/docs/">Docs</a>
        <ThemeChoice />
        {signedIn && (
          <>
            <Link to="/account" className="who" title={`Account: ${session.arn}`}>
              {session.arn.split(':').at(-1)}
            </Link>
            <button type="button" className="small" onClick={leave}>
              Sign out
            </button>
          </>
        )}
      </header>
      {signedIn ? <Outlet /> : session === undefined && <SignIn />}
    </>
  );
}
