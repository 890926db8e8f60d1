import { getInstance } from '#instance/instance-store.ts';
import { findJob } from '#job/job-store.ts';
import { operation } from '#rpc/operation.ts';
import { ACCELERATE, ACCELERATED } from '../acceleration.ts';
import { getAccelerationTask } from '../acceleration-store.ts';
import { statusOf } from '../task-status.ts';

/** Times are in seconds here. `Instructions` says why a task failed: the vendor does not say what it is for. */
export default operation('GetArtifactBuildTask', {
  async run({ db }, { InstanceId, BuildTaskId }) {
    await getInstance(db, InstanceId);
    const { repoId, tag } = await getAccelerationTask(db, InstanceId, BuildTaskId);
    const job = await findJob(db, ACCELERATE, BuildTaskId);
    const seconds = (timeMs: number | undefined) => (timeMs === undefined ? undefined : Math.floor(timeMs / 1000));
    return {
      ArtifactBuildType: 'IMAGE_TO_ACCELERATED_IMAGE',
      BuildTaskId,
      EndTime: seconds(job?.endedMs),
      Instructions: job?.failure === undefined ? [] : [job.failure.message],
      SourceArtifact: { ArtifactType: 'IMAGE', RepoId: repoId, Version: tag },
      StartTime: seconds(job?.startedMs),
      TargetArtifact: { ArtifactType: 'IMAGE', RepoId: repoId, Version: `${tag}${ACCELERATED}` },
      TaskStatus: statusOf(job?.state),
    };
  },
});
