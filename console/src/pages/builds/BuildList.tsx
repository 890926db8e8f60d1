import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { changedSearch } from '../../api/build-filters.ts';
import { buildListQuery } from '../../api/build-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { formatDate } from '../../ui/durations.ts';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { BuildFilterFields } from './BuildFilterFields.tsx';
import { BuildTable } from './BuildTable.tsx';

const SKELETON_LINES = 12;
/** The server searches for no shorter text. */
const LEAST_TEXT = 2;

const route = getRouteApi('/builds');

/** The builds that match the filters of the URL, newest first, updated live. */
export function BuildList() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { cursor, search: text, ...filters } = search;
  const { data, error, isPending } = useQuery(buildListQuery(search));
  const isFiltered = text !== undefined || Object.keys(filters).length > 0;
  const show = (changes: object, replace: boolean) =>
    navigate({ to: '/builds', search: (now) => changedSearch(now, changes), replace });
  return (
    <main>
      <PageTitle parts={[text, filters.repository, 'Builds']} />
      <div className="page-head">
        <h1>{filters.repository ? `Builds of ${filters.repository}` : 'Builds'}</h1>
        <span className="gap" />
        <Link to="/search" search={filters}>
          Search in logs
        </Link>
      </div>
      <search className="build-filters">
        <TextFilter
          label="Search builds"
          placeholder="Message, author, commit, branch, image or id"
          least={LEAST_TEXT}
          wide
          value={text}
          onChange={(typed) => show({ search: typed }, true)}
        />
        <BuildFilterFields filters={filters} onChange={show} />
        {isFiltered && <Link to="/builds">Clear filters</Link>}
      </search>
      {error && <Failure error={error} />}
      {isPending && <Skeleton of="builds" lines={SKELETON_LINES} />}
      {data?.Builds.length === 0 && <NoBuilds filtered={isFiltered} backToMs={data.SearchedBackTo} />}
      {data && data.Builds.length > 0 && <BuildTable builds={data.Builds} label="Builds" />}
      <nav aria-label="More builds" className="further">
        {cursor && (
          <Link to="/builds" search={{ ...filters, ...(text === undefined ? {} : { search: text }) }}>
            Newest
          </Link>
        )}
        {data?.Cursor && (
          <Link to="/builds" search={{ ...search, cursor: data.Cursor }}>
            {data.SearchedBackTo === undefined ? 'Older' : 'Search older builds'}
          </Link>
        )}
        {data?.SearchedBackTo !== undefined && (
          <span className="quiet">Searched back to {formatDate(data.SearchedBackTo)}</span>
        )}
      </nav>
    </main>
  );
}

/** Shown instead of an empty list, which may be that of a search that stopped before the oldest builds. */
export function NoBuilds({ filtered, backToMs }: { filtered: boolean; backToMs?: number | undefined }) {
  if (backToMs !== undefined) return <Empty>None of the builds searched so far match these filters.</Empty>;
  if (filtered) return <Empty action={<Link to="/builds">Show all builds</Link>}>No builds match these filters.</Empty>;
  return (
    <Empty>
      No builds yet. <code>./slipway build examples/hello</code> starts one.
    </Empty>
  );
}
