import { Link } from '@tanstack/react-router';

/** The page for unknown addresses. */
export function NotFound() {
  return (
    <main>
      <h1>Page not found</h1>
      <p>
        <Link to="/">All builds</Link>
      </p>
    </main>
  );
}
