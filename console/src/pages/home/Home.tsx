import { counted } from '@slipway/client/counted.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isFinal } from '../../api/build.ts';
import { buildListQuery, failingQuery } from '../../api/build-queries.ts';
import { type Period, statisticsQuery } from '../../api/statistics.ts';
import { isDenied } from '../../failure/api-failure.ts';
import { Failure } from '../../failure/Failure.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { NoBuilds } from '../builds/BuildList.tsx';
import { BuildTable } from '../builds/BuildTable.tsx';
import { Trends } from './Trends.tsx';

const PERIODS: readonly [period: Period, label: string][] = [
  ['day', '24 hours'],
  ['week', '7 days'],
  ['month', '30 days'],
];
const RECENT = 10;

const route = getRouteApi('/');

/** The running builds, the latest builds, and the statistics of builds over time. */
export function Home() {
  const { period = 'day' } = route.useSearch();
  const running = useQuery(buildListQuery({ status: 'PENDING,BUILDING' }));
  const recent = useQuery(buildListQuery({}));
  const judged = useQuery(failingQuery());
  const statistics = useQuery(statisticsQuery(period));
  const open = running.data?.Builds ?? [];
  const known = new Set(open.map((build) => build.BuildRecordId));
  const ended = (recent.data?.Builds ?? []).filter((build) => isFinal(build.Status) && !known.has(build.BuildRecordId));
  const failing = judged.data?.Builds ?? [];
  const error = running.error ?? recent.error ?? judged.error;
  // All of this page is about builds: one sentence tells which right is missing.
  if (isDenied(error))
    return (
      <main>
        <PageTitle parts={['Home']} />
        <h1 className="unseen">Home</h1>
        <Failure error={error} />
      </main>
    );
  return (
    <main>
      <PageTitle parts={['Home']} />
      <h1 className="unseen">Home</h1>
      {error && <Failure error={error} />}
      {failing.length > 0 && (
        <section aria-labelledby="failing">
          <div className="page-head">
            <h2 id="failing">Failing</h2>
            <span className="quiet">
              {judged.data?.Cursor !== undefined && 'more than '}
              {counted(failing.length, 'repository', 'repositories')} whose latest build failed
            </span>
          </div>
          <BuildTable builds={failing} label="Failing repositories" />
        </section>
      )}
      <section aria-labelledby="running">
        <div className="page-head">
          <h2 id="running">Running</h2>
          {running.data && <span className="quiet">{told(open)}</span>}
        </div>
        {open.length > 0 && <BuildTable builds={open} label="Running builds" />}
      </section>
      <section aria-labelledby="trends">
        <div className="page-head">
          <h2 id="trends">Over time</h2>
          <nav aria-label="Period" className="filters">
            {PERIODS.map(([value, label]) => (
              <Link key={value} to="/" search={{ period: value }} aria-current={value === period ? 'page' : undefined}>
                {label}
              </Link>
            ))}
          </nav>
        </div>
        {statistics.error && <Failure error={statistics.error} />}
        {statistics.isPending && <Skeleton of="statistics" lines={4} />}
        {statistics.data && <Trends statistics={statistics.data} />}
      </section>
      <section aria-labelledby="recent">
        <div className="page-head">
          <h2 id="recent">Recent</h2>
          <Link to="/builds">All builds</Link>
        </div>
        {recent.isPending && <Skeleton of="builds" lines={RECENT} />}
        {recent.data?.Builds.length === 0 && <NoBuilds filtered={false} />}
        {ended.length > 0 && <BuildTable builds={ended.slice(0, RECENT)} label="Recent builds" />}
      </section>
    </main>
  );
}

function told(open: readonly { Status: string }[]): string {
  if (open.length === 0) return 'No builds are running.';
  const waiting = open.filter((build) => build.Status === 'PENDING').length;
  return `${open.length - waiting} building, ${waiting} waiting`;
}
