import { getInstance } from '#instance/instance-store.ts';
import type { Context } from '#rpc/context.ts';
import { deniedPaths } from '#rpc/denied-paths.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { readBuildTypes } from '../repo-build-type.ts';
import { listRepositories, listRepositoryNames } from '../repository-store.ts';

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
      exceptIds: await deniedIds(context, params.InstanceId),
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

/** The repositories that a policy denies to list. */
async function deniedIds(context: Context, instanceId: string): Promise<string[]> {
  const idOf = new Map<string, string>();
  const denied = await deniedPaths(context, 'cr:ListRepository', async () => {
    for (const { repoId, name } of await listRepositoryNames(context.db, instanceId))
      idOf.set(`repository/${instanceId}/${name}`, repoId);
    return [...idOf.keys()];
  });
  return [...denied].map((path) => idOf.get(path) ?? '');
}
