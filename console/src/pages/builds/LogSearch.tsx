import { counted } from '@slipway/client/counted.ts';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { changedSearch } from '../../api/build-filters.ts';
import { isDenied } from '../../failure/api-failure.ts';
import { Failure } from '../../failure/Failure.tsx';
import { formatDate } from '../../ui/durations.ts';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { BuildFilterFields } from './BuildFilterFields.tsx';
import { HitGroup } from './HitGroup.tsx';
import { type LogsSearch, useLogsSearch } from './use-logs-search.ts';
import '../../styles/log-search.css';

const route = getRouteApi('/search');

/** Searches the logs of all builds that the filters select: the hits by build, newest first, as they are found. */
export function LogSearch() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { q, regex = false, matchcase = false, ...filters } = search;
  const result = useLogsSearch(q === undefined ? undefined : { text: q, regex, matchCase: matchcase, filters });
  const show = (changes: object, replace: boolean) =>
    navigate({ to: '/search', search: (now) => changedSearch(now, changes), replace });
  const { found, running, error } = result;
  return (
    <main>
      <PageTitle parts={[q, 'Search in logs']} />
      <div className="page-head">
        <h1>Search in logs</h1>
        <span className="gap" />
        <Link to="/builds" search={filters}>
          Builds
        </Link>
      </div>
      <search className="build-filters">
        <TextFilter
          label="Search in logs"
          placeholder="no space left on device"
          wide
          value={q}
          onChange={(text) => show({ q: text }, true)}
        />
        <Toggle label="Expression" on={regex} onChange={(on) => show({ regex: on || undefined }, false)} />
        <Toggle label="Match case" on={matchcase} onChange={(on) => show({ matchcase: on || undefined }, false)} />
        <BuildFilterFields filters={filters} onChange={show} />
      </search>
      {q === undefined ? (
        <Empty>Type a text to find the lines that have it, in the logs of all builds.</Empty>
      ) : (
        // Who may not search is told so, and nothing more.
        !isDenied(error) && <Progress {...result} />
      )}
      {error !== undefined && <Failure error={error} />}
      {found.builds.map(({ build, hits }) => (
        <HitGroup key={build.BuildRecordId} build={build} hits={hits} find={regex ? undefined : q} />
      ))}
      {running && found.hitCount === 0 && <Skeleton of="logs" lines={6} />}
    </main>
  );
}

/** How far the search came, and what to do about it. */
function Progress({ found, running, error, stop, goOn }: LogsSearch) {
  const { hitCount, builds, searchedCount, damagedIds, backToMs, cursor } = found;
  const hasFailed = error !== undefined;
  const hits =
    hitCount === 0
      ? hasFailed
        ? 'The search stopped'
        : running
          ? 'Searching'
          : 'Nothing found'
      : `${counted(hitCount, 'line')} in ${counted(builds.length, 'build')}`;
  const back = backToMs === undefined ? '' : `, back to ${formatDate(backToMs)}`;
  return (
    <div className="search-progress">
      <p role="status">
        <strong>{hits}</strong>{' '}
        <span className="quiet">
          {counted(searchedCount, 'log')} searched{cursor === undefined && !running ? '' : back}
          {damagedIds.length > 0 && `; ${counted(damagedIds.length, 'damaged log')} left out`}
        </span>
      </p>
      {running && (
        <button type="button" className="small" onClick={stop}>
          Stop
        </button>
      )}
      {hasFailed && (
        <button type="button" className="small" onClick={goOn}>
          Try again
        </button>
      )}
      {!running && !hasFailed && cursor !== undefined && (
        <button type="button" className="small" onClick={goOn}>
          Search older builds
        </button>
      )}
    </div>
  );
}

function Toggle({ label, on, onChange }: { label: string; on: boolean; onChange(on: boolean): void }) {
  return (
    <button type="button" aria-pressed={on} onClick={() => onChange(!on)}>
      {label}
    </button>
  );
}
