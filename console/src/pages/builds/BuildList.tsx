import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { buildListQuery } from '../../api/build-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { BuildTable } from './BuildTable.tsx';

const FILTERS: readonly [label: string, status: string | undefined][] = [
  ['All', undefined],
  ['Running', 'PENDING,BUILDING'],
  ['Succeeded', 'SUCCESS'],
  ['Failed', 'FAILED'],
  ['Cancelled', 'CANCELED'],
];

const route = getRouteApi('/builds');

/** The builds, newest first, updated live. */
export function BuildList() {
  const search = route.useSearch();
  const { cursor, ...filter } = search;
  const { data, error, isPending } = useQuery(buildListQuery(search));
  return (
    <main>
      <PageTitle parts={[search.repository, 'Builds']} />
      <div className="page-head">
        <h1>{search.repository ? `Builds of ${search.repository}` : 'Builds'}</h1>
        <nav aria-label="Status" className="filters">
          {FILTERS.map(([label, status]) => (
            <Link
              key={label}
              to="/builds"
              search={{
                ...(search.repository ? { repository: search.repository } : {}),
                ...(status ? { status } : {}),
              }}
              aria-current={search.status === status ? 'page' : undefined}
            >
              {label}
            </Link>
          ))}
          {search.repository && <Link to="/builds">All repositories</Link>}
        </nav>
      </div>
      {error && <Failure error={error} />}
      {isPending && <p className="quiet">Reading…</p>}
      {data?.Builds.length === 0 && (
        <NoBuilds filtered={search.status !== undefined || search.repository !== undefined} />
      )}
      {data && data.Builds.length > 0 && <BuildTable builds={data.Builds} label="Builds" />}
      <nav aria-label="More builds" className="further">
        {cursor && (
          <Link to="/builds" search={filter}>
            Newest
          </Link>
        )}
        {data?.Cursor && (
          <Link to="/builds" search={{ ...search, cursor: data.Cursor }}>
            Older
          </Link>
        )}
      </nav>
    </main>
  );
}

/** Shown instead of an empty list. */
export function NoBuilds({ filtered }: { filtered: boolean }) {
  if (filtered) return <p className="quiet">No builds match this filter.</p>;
  return (
    <p className="quiet">
      No builds yet. <code>./slipway build examples/hello</code> starts one.
    </p>
  );
}
