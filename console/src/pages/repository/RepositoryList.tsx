import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { hasMoreRepositories, repositoryListQuery } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { RepositoryRow } from '../RepositoryRow.tsx';
import { NamespaceList } from './NamespaceList.tsx';
import { NewRepository } from './NewRepository.tsx';

const route = getRouteApi('/repositories');

/** The repositories of the instance, filtered by part of their name. */
export function RepositoryList() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data, error, isPending } = useQuery(repositoryListQuery(search));
  const page = search.page ?? 1;
  const named = search.name === undefined ? {} : { name: search.name };
  return (
    <main>
      <PageTitle parts={['Repositories']} />
      <div className="page-head">
        <h1>Repositories</h1>
        <span className="gap" />
        <search>
          <TextFilter
            label="Part of the name"
            placeholder="Part of the name"
            value={search.name}
            onChange={(name) =>
              void navigate({ to: '/repositories', search: name === '' ? {} : { name }, replace: true })
            }
          />
        </search>
        <NewRepository />
      </div>
      {error && <Failure error={error} />}
      {isPending && <Skeleton of="repositories" />}
      {data?.Repositories?.length === 0 &&
        (search.name === undefined ? (
          <Empty>
            No repositories yet. <code>slipway build . --tag team/app:v1</code> builds a folder, and makes its namespace
            and repository.
          </Empty>
        ) : (
          <Empty>No repository’s name contains “{search.name}”.</Empty>
        ))}
      <ul className="rows">
        {data?.Repositories?.map(
          ({
            RepoNamespaceName: namespace = '',
            RepoName: name = '',
            Summary: summary,
            RepoType: type,
            RepoStatus: status,
          }) => (
            <RepositoryRow
              key={`${namespace}/${name}`}
              to="/repositories/$namespace/$name"
              namespace={namespace}
              name={name}
              summary={summary}
              type={type}
              isLeaving={status === 'DELETING'}
            />
          ),
        )}
      </ul>
      <nav aria-label="More repositories" className="further">
        {page > 1 && (
          <Link to="/repositories" search={{ ...named, page: page - 1 }}>
            Back
          </Link>
        )}
        {data && hasMoreRepositories(data, page) && (
          <Link to="/repositories" search={{ ...named, page: page + 1 }}>
            {' '}
            Next
          </Link>
        )}
      </nav>
      <NamespaceList />
    </main>
  );
}
