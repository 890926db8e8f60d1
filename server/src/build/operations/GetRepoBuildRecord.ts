import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { findBuildRecord, getBuildRecord } from '../build-store.ts';

export default operation('GetRepoBuildRecord', {
  async resource(context, params) {
    const record = await findBuildRecord(context.db, params.BuildRecordId);
    return record && repositoryResource(context.db, params.InstanceId, record.repoId);
  },

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
