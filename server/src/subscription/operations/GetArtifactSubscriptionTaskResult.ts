import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { getSubscriptionTask, listResults } from '../subscription-task-store.ts';

/** The result for each tag of a task, in the order in which they were copied. */
export default operation('GetArtifactSubscriptionTaskResult', {
  async run({ db }, { InstanceId, TaskId, ...given }) {
    await getInstance(db, InstanceId);
    const { rule } = await getSubscriptionTask(db, InstanceId, TaskId);
    const page = planPage(given);
    const { results, total } = await listResults(db, TaskId, page);
    return {
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TaskResults: results.map(({ tag, result, startedMs, endedMs }) => ({
        InstanceId,
        NamespaceName: rule.namespaceName,
        RepoName: rule.repoName,
        TaskId,
        Tag: tag,
        Status: result === undefined ? 'RUNNING' : 'COMPLETED',
        Result: result,
        StartTime: startedMs,
        EndTime: endedMs,
      })),
      TotalCount: total,
    };
  },
});
