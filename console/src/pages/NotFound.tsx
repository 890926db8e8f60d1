import { Link } from '@tanstack/react-router';

/** There is no page of this address. */
export function NotFound() {
  return (
    <main>
      <h1>There is no such page</h1>
      <p>
        <Link to="/">All builds</Link>
      </p>
    </main>
  );
}
