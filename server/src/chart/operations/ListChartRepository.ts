import { getInstance } from '#instance/instance-store.ts';
import type { Context } from '#rpc/context.ts';
import { deniedPaths } from '#rpc/denied-paths.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { chartRepositoryReply } from '../chart-reply.ts';
import { listChartRepositories, listChartRepositoryNames } from '../chart-repository-store.ts';

export default operation('ListChartRepository', {
  async run(context, params) {
    const { InstanceId: instanceId, RepoNamespaceName: namespaceName, RepoName: name } = params;
    await getInstance(context.db, instanceId);
    const page = planPage(params);
    const exceptIds = await deniedIds(context, instanceId);
    // No repository is ever being deleted: a deletion is complete when it is answered.
    const { repositories, total } =
      params.RepoStatus === 'DELETING'
        ? { repositories: [], total: 0 }
        : await listChartRepositories(context.db, { instanceId, namespaceName, name, exceptIds }, page);
    return {
      Repositories: repositories.map(chartRepositoryReply),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});

/** The repositories that a policy does not let the caller list. */
async function deniedIds(context: Context, instanceId: string): Promise<string[]> {
  const idOf = new Map<string, string>();
  const denied = await deniedPaths(context, 'cr:ListRepository', async () => {
    for (const { repoId, namespaceName, name } of await listChartRepositoryNames(context.db, instanceId))
      idOf.set(`chart/${instanceId}/${namespaceName}/${name}`, repoId);
    return [...idOf.keys()];
  });
  return [...denied].map((path) => idOf.get(path) ?? '');
}
