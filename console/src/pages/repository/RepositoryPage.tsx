import { Link, Outlet } from '@tanstack/react-router';
import { Failure } from '../../failure/Failure.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Tabs } from '../Tabs.tsx';
import { useRepository } from './use-repository.ts';

const AT = '/repositories/$namespace/$name';

const TABS = [
  [AT, 'Builds'],
  [`${AT}/tags`, 'Tags'],
  [`${AT}/rules`, 'Rules'],
  [`${AT}/source`, 'Source'],
  [`${AT}/triggers`, 'Triggers'],
  [`${AT}/secrets`, 'Secrets'],
  [`${AT}/replication`, 'Replication'],
  [`${AT}/security`, 'Security'],
  [`${AT}/settings`, 'Settings'],
] as const;

/** A repository: its name, and one of its tabs. */
export function RepositoryPage() {
  const { namespace, name, repository, data, error } = useRepository();
  return (
    <main className="repository">
      <PageTitle parts={[repository]} />
      <div className="page-head">
        <h1>{repository}</h1>
        {data?.RepoType && <span className="quiet">{data.RepoType === 'PUBLIC' ? 'public' : 'private'}</span>}
        {data?.Summary && <span className="quiet">{data.Summary}</span>}
      </div>
      {data?.Detail && <p>{data.Detail}</p>}
      {error && <Failure error={error} />}
      <Tabs label="Repository">
        {TABS.map(([to, label]) => (
          <Link key={to} to={to} params={{ namespace, name }} activeOptions={{ exact: true, includeSearch: false }}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </main>
  );
}
