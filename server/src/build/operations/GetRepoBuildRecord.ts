import { getInstance } from '#instance/instance-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getBuildRecord } from '../build-store.ts';

export default operation('GetRepoBuildRecord', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const record = await getBuildRecord(context.db, {
      instanceId: params.InstanceId,
      buildRecordId: params.BuildRecordId,
    });
    const repository = await getRepository(context.db, record.instanceId, record.repoId);
    return {
      BuildRecordId: record.buildRecordId,
      EndTime: record.endedMs,
      Image: {
        ImageTag: record.imageTag,
        RepoName: repository.name,
        RepoNamespaceName: repository.namespaceName,
      },
      StartTime: record.startedMs,
      Status: record.status,
    };
  },
});
