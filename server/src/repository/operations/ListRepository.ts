import { getInstance } from '#instance/instance-store.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { readBuildTypes } from '../repo-build-type.ts';
import { listRepositories } from '../repository-store.ts';

export default operation('ListRepository', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    if (params.NextToken !== undefined) throw parameterNotImplemented('NextToken');
    if (params.MaxResults !== undefined) throw parameterNotImplemented('MaxResults');
    const page = planPage(params);
    const filter = {
      instanceId: params.InstanceId,
      namespaceName: params.RepoNamespaceName,
      name: params.RepoName,
      status: params.RepoStatus,
    };
    const { repositories, total } = await listRepositories(context.db, filter, page);
    const buildTypeOf = await readBuildTypes(
      context.db,
      repositories.map(({ repoId }) => repoId),
    );
    return {
      Repositories: repositories.map((repository) => ({
        CreateTime: repository.createdMs,
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
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
