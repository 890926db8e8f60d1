import type { Database } from '#db/database.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { repositoryNotFound } from './errors.ts';
import type { Repository } from './repository.ts';
import { repositoryResource } from './repository-resource-store.ts';
import { getShownRepository } from './repository-store.ts';

/** The parameters that identify a repository: its id, or its namespace and name. */
interface GivenRepository {
  InstanceId: string;
  RepoId?: string | undefined;
  RepoNamespaceName?: string | undefined;
  RepoName?: string | undefined;
}

/** The repository that a call identifies. Throws MissingParameter if it identifies none, and REPO_NOT_EXIST, also where id and names disagree. */
export async function getGivenRepository(db: Database, given: GivenRepository): Promise<Repository> {
  const repository = await getShownGiven(db, given);
  if (repository.status !== 'NORMAL') throw repositoryNotFound();
  return repository;
}

/** The same, also while it is being deleted. */
export async function getShownGiven(db: Database, given: GivenRepository): Promise<Repository> {
  const { InstanceId, RepoId, RepoNamespaceName, RepoName } = given;
  if (RepoId !== undefined) {
    const repository = await getShownRepository(db, InstanceId, { repoId: RepoId });
    const { namespaceName, name } = repository;
    const agrees = (RepoNamespaceName ?? namespaceName) === namespaceName && (RepoName ?? name) === name;
    if (!agrees) throw repositoryNotFound();
    return repository;
  }
  if (RepoNamespaceName === undefined) throw missingParameter(RepoName === undefined ? 'RepoId' : 'RepoNamespaceName');
  if (RepoName === undefined) throw missingParameter('RepoName');
  return getShownRepository(db, InstanceId, { namespaceName: RepoNamespaceName, name: RepoName });
}

/** Its RAM resource; undefined for an unknown id, and if the call's own parameters complete the resource pattern. */
export function givenRepositoryResource(db: Database, given: GivenRepository): Promise<string | undefined> | undefined {
  return given.RepoId === undefined ? undefined : repositoryResource(db, given.InstanceId, given.RepoId);
}
