import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { chartReleasesQuery, downloadChart } from '../../api/chart-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { Ago } from '../../ui/Ago.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatBytes } from '../../ui/durations.ts';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { DeleteChartPart } from './DeleteChartPart.tsx';

const route = getRouteApi('/charts/$namespace/$name');

/** A chart repository: how Helm uses it, and its charts, each with its download. */
export function ChartRepositoryPage() {
  const { namespace, name } = route.useParams();
  const { page = 1 } = route.useSearch();
  const navigate = useNavigate();
  const { data, error, isPending } = useQuery(chartReleasesQuery(namespace, name, page));
  const resource = `chart/${currentSession().instanceId}/${namespace}/${name}`;
  const [mayPull, mayDelete, mayDeleteAll] = useMay([
    { action: 'cr:PullRepository', resource },
    { action: 'cr:DeleteChartRelease', resource },
    { action: 'cr:DeleteRepository', resource },
  ]);
  const names = { RepoNamespaceName: namespace, RepoName: name };
  const command = `helm repo add ${name} ${location.origin}/chart/${namespace}/${name} --username USER --password PASSWORD`;
  return (
    <main>
      <PageTitle parts={[`${namespace}/${name}`, 'Charts']} />
      <div className="page-head">
        <h1>
          {namespace}/{name}
        </h1>
        <span className="gap" />
        {mayDeleteAll && (
          <DeleteChartPart
            action="DeleteChartRepository"
            params={names}
            of={`${namespace}/${name}`}
            done={() => void navigate({ to: '/charts' })}
          />
        )}
      </div>
      <div className="rows helm">
        <div className="row-line">
          <code>{command}</code> <CopyButton text={command} what="command that adds the repository to Helm" />
        </div>
      </div>
      {error && <Failure error={error} />}
      {isPending && <Skeleton of="charts" />}
      {data?.releases.length === 0 && <Empty>No charts yet: nothing has been pushed.</Empty>}
      <ul className="rows" aria-label="Charts">
        {data?.releases.map(({ Chart = '', Release = '', Size, ModifiedTime = 0 }) => (
          <li key={`${Chart} ${Release}`}>
            <div className="row-line">
              <strong>{Chart}</strong>
              <span>{Release}</span>
              <span>{formatBytes(Number(Size))}</span>
              <span className="quiet">
                pushed <Ago at={ModifiedTime} />
              </span>
              <span className="gap" />
              {mayPull && <Download namespace={namespace} name={name} file={`${Chart}-${Release}.tgz`} />}
              {mayDelete && (
                <DeleteChartPart
                  action="DeleteChartRelease"
                  params={{ ...names, Chart, Release }}
                  of={`${Chart} ${Release}`}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
      <nav aria-label="More charts" className="further">
        {page > 1 && (
          <Link to="/charts/$namespace/$name" params={{ namespace, name }} search={{ page: page - 1 }}>
            Back
          </Link>
        )}
        {data?.hasMore && (
          <Link to="/charts/$namespace/$name" params={{ namespace, name }} search={{ page: page + 1 }}>
            {' '}
            Next
          </Link>
        )}
      </nav>
    </main>
  );
}

function Download({ namespace, name, file }: { namespace: string; name: string; file: string }) {
  const download = useMutation({ mutationFn: () => downloadChart(namespace, name, file) });
  return (
    <>
      {download.error && <Failure error={download.error} />}
      <button type="button" className="small" aria-label={`Download ${file}`} onClick={() => download.mutate()}>
        Download
      </button>
    </>
  );
}
