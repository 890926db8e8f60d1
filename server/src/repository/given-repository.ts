import type { Database } from '#db/database.ts';
import { missingParameter } from '#rpc/api-error.ts';
import type { Repository } from './repository.ts';
import { repositoryResource } from './repository-resource.ts';
import { getRepository, getRepositoryByName } from './repository-store.ts';

/** The parameters that identify a repository: its id, or its namespace and name. */
interface GivenRepository {
  InstanceId: string;
  RepoId?: string | undefined;
  RepoNamespaceName?: string | undefined;
  RepoName?: string | undefined;
}

/** The repository that a call identifies. Throws MissingParameter if it identifies none, and REPO_NOT_EXIST. */
export function getGivenRepository(db: Database, given: GivenRepository): Promise<Repository> {
  const { InstanceId, RepoId, RepoNamespaceName, RepoName } = given;
  if (RepoId !== undefined) return getRepository(db, InstanceId, RepoId);
  if (RepoNamespaceName === undefined) throw missingParameter(RepoName === undefined ? 'RepoId' : 'RepoNamespaceName');
  if (RepoName === undefined) throw missingParameter('RepoName');
  return getRepositoryByName(db, InstanceId, RepoNamespaceName, RepoName);
}

/** Its RAM resource; undefined for an unknown id, and if the call's own parameters complete the resource pattern. */
export function givenRepositoryResource(db: Database, given: GivenRepository): Promise<string | undefined> | undefined {
  return given.RepoId === undefined ? undefined : repositoryResource(db, given.InstanceId, given.RepoId);
}
