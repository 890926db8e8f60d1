import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listBuildRecords } from '../build-store.ts';

export default operation('ListRepoBuildRecord', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const repository = await getRepository(context.db, params.InstanceId, params.RepoId);
    const page = planPage(params);
    const { records, total } = await listBuildRecords(context.db, params.RepoId, page);
    return {
      BuildRecords: records.map((record) => ({
        BuildRecordId: record.buildRecordId,
        BuildStatus: record.status,
        EndTime: record.endedMs === undefined ? undefined : String(record.endedMs),
        Image: {
          ImageTag: record.imageTag,
          RepoId: repository.repoId,
          RepoName: repository.name,
          RepoNamespaceName: repository.namespaceName,
        },
        StartTime: record.startedMs === undefined ? undefined : String(record.startedMs),
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
