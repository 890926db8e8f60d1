import { Link, useLocation } from '@tanstack/react-router';
import { PageTitle } from '../ui/PageTitle.tsx';

/** The page for unknown addresses: what was asked for, and where to go on. */
export function NotFound() {
  const { pathname } = useLocation();
  return (
    <main className="not-found">
      <PageTitle parts={['Page not found']} />
      <h1>Page not found</h1>
      <p>
        The console has no page at <code>{pathname}</code>. The link may be mistyped or from another version.
      </p>
      <ul>
        <li>
          <Link to="/">Home</Link> shows what is running and what ended last.
        </li>
        <li>
          <Link to="/builds">Builds</Link> lists every build, newest first.
        </li>
        <li>
          <Link to="/repositories">Repositories</Link> lists images by name.
        </li>
        <li>
          <a href="/docs/">Docs</a> have a search.
        </li>
      </ul>
    </main>
  );
}
