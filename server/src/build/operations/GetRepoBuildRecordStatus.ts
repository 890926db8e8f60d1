import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getBuildRecord } from '../build-store.ts';

export default operation('GetRepoBuildRecordStatus', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const record = await getBuildRecord(context.db, {
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      buildRecordId: params.BuildRecordId,
    });
    return { BuildStatus: record.status };
  },
});
