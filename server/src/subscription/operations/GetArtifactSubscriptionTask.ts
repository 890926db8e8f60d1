import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { taskReply } from '../subscription-reply.ts';
import { getSubscriptionTask } from '../subscription-task-store.ts';

/** Times are numbers here and texts in ListArtifactSubscriptionTask, as in the vendor's API. */
export default operation('GetArtifactSubscriptionTask', {
  async run({ db }, { InstanceId, TaskId }) {
    await getInstance(db, InstanceId);
    const task = await getSubscriptionTask(db, InstanceId, TaskId);
    return { ...taskReply(task), StartTime: task.startedMs, EndTime: task.endedMs };
  },
});
