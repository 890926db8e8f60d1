import type { RepoBuildType } from './build-type-store.ts';
import type { Repository } from './repository.ts';

/** A repository as `GetRepository` and `ListRepository` return it. */
export function repositoryReply(repository: Repository, buildType: RepoBuildType) {
  return {
    CreateTime: repository.createdMs,
    InstanceId: repository.instanceId,
    ModifiedTime: repository.modifiedMs,
    RepoBuildType: buildType,
    RepoId: repository.repoId,
    RepoName: repository.name,
    RepoNamespaceName: repository.namespaceName,
    RepoStatus: repository.status,
    RepoType: repository.type,
    Summary: repository.summary,
    TagImmutability: repository.tagImmutability,
  };
}
