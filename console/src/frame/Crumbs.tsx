import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { buildQuery } from '../api/build-queries.ts';
import { crumbsOf } from './crumbs.ts';

/** The way to the current page, as links; nothing for pages of the menu. */
export function Crumbs({ pathname }: { pathname: string }) {
  const [, buildId = ''] = /^\/builds\/([^/]+)/.exec(pathname) ?? [];
  // The page of the build asks for it; this only reads what it got.
  const { data: build } = useQuery({ ...buildQuery(buildId), enabled: false });
  const crumbs = crumbsOf(pathname, buildId === '' ? undefined : build?.Repository);
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="Breadcrumb" className="crumbs">
      <ol>
        {crumbs.map(({ label, to }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two steps can have one name.
          <li key={index}>
            {to === undefined ? (
              <span aria-current={index === crumbs.length - 1 ? 'page' : undefined}>{label}</span>
            ) : (
              <Link to={to}>{label}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
