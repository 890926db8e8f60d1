import { ACCELERATE, ACCELERATED, priorityPaths } from '#acceleration/acceleration.ts';
import { findAccelerationRule, listAccelerationTasks } from '#acceleration/acceleration-store.ts';
import { statusOf } from '#acceleration/task-status.ts';
import { findJob } from '#job/job-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

const TASKS_SHOWN = 30;

/** `GET /repositories/NAMESPACE/NAME/acceleration`: the rule, and the last conversions. */
export default nativeOperation('getAcceleration', async ({ db, instanceId }, { namespace, name }) => {
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const rule = await findAccelerationRule(db, instanceId, { repoId });
  const tasks = await listAccelerationTasks(db, repoId, TASKS_SHOWN);
  const shown = tasks.map(async ({ taskId, tag, digest, createdMs }) => {
    const job = await findJob(db, ACCELERATE, taskId);
    return {
      BuildTaskId: taskId,
      Tag: tag,
      Digest: digest,
      TargetTag: `${tag}${ACCELERATED}`,
      TaskStatus: statusOf(job?.state),
      TargetDigest: job?.result?.digest,
      Reason: job?.failure?.message,
      CreateTime: createdMs,
      StartTime: job?.startedMs,
      EndTime: job?.endedMs,
    };
  });
  return {
    BuildRuleId: rule?.ruleId,
    PriorityFiles: priorityPaths(rule?.priorityFile),
    Tasks: await Promise.all(shown),
  };
});
