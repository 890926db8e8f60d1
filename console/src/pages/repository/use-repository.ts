import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { repositoryQuery } from '../../api/repository-queries.ts';
import { repositoryResource } from '../../session/may.ts';

const route = getRouteApi('/repositories/$namespace/$name');

/** The repository of the page, for each of its tabs. Its id is undefined until it was read, and for those who may not read it. */
export function useRepository() {
  const { namespace, name } = route.useParams();
  const { data, error } = useQuery(repositoryQuery(namespace, name));
  const repository = `${namespace}/${name}`;
  return { namespace, name, repository, resource: repositoryResource(repository), repoId: data?.RepoId, data, error };
}
