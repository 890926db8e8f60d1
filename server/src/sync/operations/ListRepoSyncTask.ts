import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { taskReply } from '../sync-reply.ts';
import { listSyncTasks } from '../sync-task-store.ts';

/** The tasks of an instance, newest first. SyncRecordId is the SyncBatchTaskId that the tasks of one push share. */
export default operation('ListRepoSyncTask', {
  async run({ db, regionId }, params) {
    await getInstance(db, params.InstanceId);
    const page = planPage(params);
    const filter = {
      instanceId: params.InstanceId,
      namespaceName: params.RepoNamespaceName,
      repoName: params.RepoName,
      tag: params.Tag,
      batchId: params.SyncRecordId,
    };
    const { tasks, total } = await listSyncTasks(db, regionId, filter, page);
    return {
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      SyncTasks: tasks.map((task) => ({
        ...taskReply(task),
        CreateTime: task.createdMs,
        CustomLink: false,
        ModifedTime: task.modifiedMs,
        ModifiedTime: task.modifiedMs,
      })),
      TotalCount: String(total),
    };
  },
});
