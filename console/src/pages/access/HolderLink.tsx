import { Link } from '@tanstack/react-router';
import type { Holder } from '../../api/access-queries.ts';

const PAGES = {
  user: '/access/users/$name',
  group: '/access/groups/$name',
  role: '/access/roles/$name',
} as const;

/** A user, group or role, with its kind. */
export function HolderLink({ holder: { kind, name } }: { holder: Holder }) {
  return (
    <span>
      <span className="quiet">{kind}</span>{' '}
      <Link to={PAGES[kind]} params={{ name }}>
        <strong>{name}</strong>
      </Link>
    </span>
  );
}
