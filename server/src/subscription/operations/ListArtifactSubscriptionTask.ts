import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { taskReply } from '../subscription-reply.ts';
import { listSubscriptionTasks } from '../subscription-task-store.ts';

/** The tasks of an instance, newest first. */
export default operation('ListArtifactSubscriptionTask', {
  async run({ db }, { InstanceId, ...given }) {
    await getInstance(db, InstanceId);
    const page = planPage(given);
    const { tasks, total } = await listSubscriptionTasks(db, InstanceId, page);
    return {
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      Tasks: tasks.map((task) => ({
        ...taskReply(task),
        StartTime: String(task.startedMs),
        EndTime: task.endedMs === undefined ? '' : String(task.endedMs),
      })),
      TotalCount: total,
    };
  },
});
