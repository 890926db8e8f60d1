import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Build, isFinal } from '../../api/build.ts';
import { buildListQuery } from '../../api/build-queries.ts';
import { useNow } from '../../ui/clock.ts';
import { formatAge, formatDuration } from '../../ui/durations.ts';
import { Status } from '../../ui/Status.tsx';
import { Failure } from '../Failure.tsx';

const FILTERS: readonly [label: string, status: string | undefined][] = [
  ['All', undefined],
  ['Running', 'PENDING,BUILDING'],
  ['Succeeded', 'SUCCESS'],
  ['Failed', 'FAILED'],
  ['Cancelled', 'CANCELED'],
];
const TICK_MS = 1000;

const route = getRouteApi('/');

/** The builds, the newest first, live. */
export function BuildList() {
  const search = route.useSearch();
  const { data, error, isPending } = useQuery(buildListQuery(search));
  const now = useNow(TICK_MS);
  return (
    <main>
      <div className="page-head">
        <h1>{search.repository ? `Builds of ${search.repository}` : 'Builds'}</h1>
        <nav aria-label="Status" className="filters">
          {FILTERS.map(([label, status]) => (
            <Link
              key={label}
              to="/"
              search={{
                ...(search.repository ? { repository: search.repository } : {}),
                ...(status ? { status } : {}),
              }}
              aria-current={search.status === status ? 'page' : undefined}
            >
              {label}
            </Link>
          ))}
          {search.repository && <Link to="/">All repositories</Link>}
        </nav>
      </div>
      {error && <Failure error={error} />}
      {isPending && <p className="quiet">Reading…</p>}
      {data?.Builds.length === 0 && (
        <NoBuilds filtered={search.status !== undefined || search.repository !== undefined} />
      )}
      {data && data.Builds.length > 0 && (
        <table className="builds">
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Image</th>
              <th scope="col">Commit</th>
              <th scope="col">Duration</th>
              <th scope="col">Requested</th>
            </tr>
          </thead>
          <tbody>
            {data.Builds.map((build) => (
              <BuildRow key={build.BuildRecordId} build={build} now={now} />
            ))}
          </tbody>
        </table>
      )}
      <nav aria-label="Further builds" className="further">
        {search.cursor && (
          <Link to="/" search={{ ...search, cursor: undefined } as never}>
            Newest
          </Link>
        )}
        {data?.Cursor && (
          <Link to="/" search={{ ...search, cursor: data.Cursor }}>
            Older
          </Link>
        )}
      </nav>
    </main>
  );
}

function BuildRow({ build, now }: { build: Build; now: number }) {
  const { StartTime: startMs, EndTime: endMs } = build;
  const duration = startMs === undefined ? '' : formatDuration((endMs ?? now) - startMs);
  return (
    <tr className={isFinal(build.Status) ? undefined : 'running'}>
      <td>
        <Status status={build.Status} />
      </td>
      <td className="image">
        <Link to="/builds/$id" params={{ id: build.BuildRecordId }}>
          {build.Repository}
          <span className="tag">:{build.ImageTag}</span>
        </Link>
        {build.Failure && <span className="reason">{build.Failure.Message}</span>}
      </td>
      <td className="commit">{build.CommitId?.slice(0, 10)}</td>
      <td className="number-cell">{duration}</td>
      <td>
        <time dateTime={new Date(build.CreateTime).toISOString()} title={new Date(build.CreateTime).toLocaleString()}>
          {formatAge(now - build.CreateTime)}
        </time>
      </td>
    </tr>
  );
}

function NoBuilds({ filtered }: { filtered: boolean }) {
  if (filtered) return <p className="quiet">No build is like that.</p>;
  return (
    <p className="quiet">
      No build yet. <code>./slipway build examples/hello</code> makes one.
    </p>
  );
}
