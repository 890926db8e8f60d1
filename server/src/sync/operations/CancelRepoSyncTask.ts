import { getInstance } from '#instance/instance-store.ts';
import { cancelJob } from '#job/job-store.ts';
import { operation } from '#rpc/operation.ts';
import { syncTaskEnded } from '../errors.ts';
import { getSyncTask } from '../sync-task-store.ts';

/** Ends a task that waits or runs: its tag is not set at the target. */
export default operation('CancelRepoSyncTask', {
  async run({ db, regionId, jobsChanged }, { InstanceId, SyncTaskId }) {
    await getInstance(db, InstanceId);
    await getSyncTask(db, regionId, InstanceId, SyncTaskId);
    if (!(await cancelJob(db, SyncTaskId)))
      throw syncTaskEnded((await getSyncTask(db, regionId, InstanceId, SyncTaskId)).status);
    jobsChanged();
    return {};
  },
});
