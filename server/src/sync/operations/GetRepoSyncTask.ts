import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { taskReply } from '../sync-reply.ts';
import { getSyncTask, listSyncLayers } from '../sync-task-store.ts';

/** A task with its layers. Sizes are the bytes that were sent: none for a layer that the target already had. */
export default operation('GetRepoSyncTask', {
  async run({ db, regionId }, { InstanceId, SyncTaskId }) {
    await getInstance(db, InstanceId);
    const task = await getSyncTask(db, regionId, InstanceId, SyncTaskId);
    const layers = await listSyncLayers(db, SyncTaskId);
    return {
      ...taskReply(task),
      LayerTasks: layers.map(({ layerTaskId, digest, sizeBytes, syncedBytes, isThere }) => ({
        ArtifactDigest: digest,
        Digest: digest,
        Size: sizeBytes,
        SyncLayerTaskId: layerTaskId,
        SyncedSize: syncedBytes,
        TaskStatus: isThere ? 'SUCCESS' : task.status,
      })),
      Progress: task.status === 'SUCCESS' ? 1 : 0,
      SyncedSize: layers.reduce((sum, { syncedBytes }) => sum + syncedBytes, 0),
    };
  },
});
