import { getInstance } from '#instance/instance-store.ts';
import { cancelJob } from '#job/job-store.ts';
import { operation } from '#rpc/operation.ts';
import { getAccelerationTask } from '../acceleration-store.ts';
import { accelerationTaskEnded } from '../errors.ts';

/** A task that waits or runs ends as FAILED, for which the vendor has no other word; its log says that it was cancelled. */
export default operation('CancelArtifactBuildTask', {
  async run({ db, jobsChanged }, { InstanceId, BuildTaskId }) {
    await getInstance(db, InstanceId);
    await getAccelerationTask(db, InstanceId, BuildTaskId);
    if (!(await cancelJob(db, BuildTaskId))) throw accelerationTaskEnded();
    jobsChanged();
    return {};
  },
});
