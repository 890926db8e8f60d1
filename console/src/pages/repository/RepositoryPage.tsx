import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { buildListQuery } from '../../api/build-queries.ts';
import { repositoryQuery } from '../../api/repository-queries.ts';
import { NoBuilds } from '../builds/BuildList.tsx';
import { BuildTable } from '../builds/BuildTable.tsx';
import { Failure } from '../Failure.tsx';
import { RuleList } from './RuleList.tsx';
import { SourceCard } from './SourceCard.tsx';
import { TagList } from './TagList.tsx';

const BUILDS_SHOWN = 8;

const route = getRouteApi('/repositories/$namespace/$name');

/** A repository: its last builds, the rules that make them, what they are made of, and what can be pulled. */
export function RepositoryPage() {
  const { namespace, name } = route.useParams();
  const repository = `${namespace}/${name}`;
  const { data, error } = useQuery(repositoryQuery(namespace, name));
  const builds = useQuery(buildListQuery({ repository }));
  useEffect(() => {
    document.title = `${repository} · Slipway`;
    return () => {
      document.title = 'Slipway';
    };
  }, [repository]);
  const repoId = data?.RepoId;
  return (
    <main className="repository">
      <div className="page-head">
        <h1>{repository}</h1>
        {data?.RepoType && <span className="quiet">{data.RepoType === 'PUBLIC' ? 'public' : 'private'}</span>}
        {data?.Summary && <span className="quiet">{data.Summary}</span>}
      </div>
      {error && <Failure error={error} />}
      <section aria-labelledby="builds">
        <div className="page-head">
          <h2 id="builds">Builds</h2>
          <Link to="/builds" search={{ repository }}>
            All builds
          </Link>
        </div>
        {builds.error && <Failure error={builds.error} />}
        {builds.data?.Builds.length === 0 && <NoBuilds filtered={false} />}
        {builds.data && builds.data.Builds.length > 0 && (
          <BuildTable builds={builds.data.Builds.slice(0, BUILDS_SHOWN)} label="Builds" />
        )}
      </section>
      {repoId && <RuleList repoId={repoId} repository={repository} />}
      {repoId && <SourceCard repoId={repoId} repository={repository} />}
      <TagList namespace={namespace} name={name} />
    </main>
  );
}
