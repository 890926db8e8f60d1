import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { buildListQuery } from '../../api/build-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { NoBuilds } from '../builds/BuildList.tsx';
import { BuildTable } from '../builds/BuildTable.tsx';
import { useRepository } from './use-repository.ts';

/** The latest builds of a repository. */
export function RepositoryBuilds() {
  const { repository } = useRepository();
  const { data, error } = useQuery(buildListQuery({ repository }));
  return (
    <section aria-labelledby="builds">
      <div className="page-head">
        <h2 id="builds">Builds</h2>
        <Link to="/builds" search={{ repository }}>
          All builds
        </Link>
      </div>
      {error && <Failure error={error} />}
      {data?.Builds.length === 0 && <NoBuilds filtered={false} />}
      {data && data.Builds.length > 0 && <BuildTable builds={data.Builds} label="Builds" />}
    </section>
  );
}
