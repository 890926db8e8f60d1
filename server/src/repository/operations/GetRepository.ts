import { getInstance } from '#instance/instance-store.ts';
import { missingParameter } from '#rpc/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { readBuildTypes } from '../repo-build-type.ts';
import { repositoryResource } from '../repository-resource.ts';
import { getRepository, getRepositoryByName } from '../repository-store.ts';

export default operation('GetRepository', {
  resource: (context, params) =>
    params.RepoId === undefined ? undefined : repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const { InstanceId, RepoId, RepoNamespaceName, RepoName } = params;
    if (RepoId === undefined && (RepoNamespaceName === undefined || RepoName === undefined))
      throw missingParameter(
        RepoNamespaceName === undefined && RepoName === undefined
          ? 'RepoId'
          : RepoName === undefined
            ? 'RepoName'
            : 'RepoNamespaceName',
      );
    const repository =
      RepoId === undefined
        ? await getRepositoryByName(context.db, InstanceId, RepoNamespaceName ?? '', RepoName ?? '')
        : await getRepository(context.db, InstanceId, RepoId);
    const buildTypeOf = await readBuildTypes(context.db, [repository.repoId]);
    return {
      CreateTime: repository.createdMs,
      Detail: repository.detail,
      InstanceId: repository.instanceId,
      ModifiedTime: repository.modifiedMs,
      RepoBuildType: buildTypeOf(repository.repoId),
      RepoId: repository.repoId,
      RepoName: repository.name,
      RepoNamespaceName: repository.namespaceName,
      RepoStatus: repository.status,
      RepoType: repository.type,
      Summary: repository.summary,
      TagImmutability: repository.tagImmutability,
    };
  },
});
