import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readBuildTypes } from '../build-type-store.ts';
import { getShownGiven, givenRepositoryResource } from '../given-repository.ts';

export default operation('GetRepository', {
  resource: (context, params) => givenRepositoryResource(context.db, params),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const repository = await getShownGiven(context.db, params);
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
