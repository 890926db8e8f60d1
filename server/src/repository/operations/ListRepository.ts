import { getInstance } from '#instance/instance-store.ts';
import type { Context } from '#rpc/context.ts';
import { deniedPaths } from '#rpc/denied-paths.ts';
import { operation } from '#rpc/operation.ts';
import { planPage, planTokenPage, type TokenPage } from '#rpc/page.ts';
import { readBuildTypes } from '../build-type-store.ts';
import { repositoryReply } from '../repository-reply.ts';
import { listRepositories, listRepositoryNames } from '../repository-store.ts';

export default operation('ListRepository', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const asked = {
      instanceId: params.InstanceId,
      namespaceName: params.RepoNamespaceName,
      name: params.RepoName,
      status: params.RepoStatus,
    };
    const token = planTokenPage(context.secrets, 'ListRepository', asked, params);
    const page = planPage(token ? {} : params);
    const filter = { ...asked, exceptIds: await deniedIds(context, params.InstanceId) };
    const [{ repositories, total }, numbers] = token
      ? await pageByToken(context, filter, token)
      : [await listRepositories(context.db, filter, page), { PageNo: page.pageNo, PageSize: page.pageSize }];
    const buildTypeOf = await readBuildTypes(
      context.db,
      repositories.map(({ repoId }) => repoId),
    );
    return {
      Repositories: repositories.map((repository) => repositoryReply(repository, buildTypeOf(repository.repoId))),
      ...numbers,
      TotalCount: String(total),
    };
  },
});

async function pageByToken(context: Context, filter: Parameters<typeof listRepositories>[1], token: TokenPage) {
  const { repositories, total } = await listRepositories(context.db, filter, {
    limit: token.limit + 1,
    after: token.after as [string, string] | undefined,
  });
  const { page, NextToken } = token.cut(repositories, ({ namespaceName, name }) => [namespaceName, name]);
  return [
    { repositories: page, total },
    { NextToken, MaxResults: token.limit },
  ] as const;
}

/** The repositories that a policy does not let the caller list. */
async function deniedIds(context: Context, instanceId: string): Promise<string[]> {
  const idOf = new Map<string, string>();
  const denied = await deniedPaths(context, 'cr:ListRepository', async () => {
    for (const { repoId, name } of await listRepositoryNames(context.db, instanceId))
      idOf.set(`repository/${instanceId}/${name}`, repoId);
    return [...idOf.keys()];
  });
  return [...denied].map((path) => idOf.get(path) ?? '');
}
