import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getBuildRecord } from '../build-store.ts';
import { requestCancel } from '../queue/cancel-store.ts';

/** Requests the cancellation of a build. Succeeds without effect if the build has ended. */
export default operation('CancelRepoBuildRecord', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const { buildRecordId } = await getBuildRecord(context.db, {
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      buildRecordId: params.BuildRecordId,
    });
    const canceller = { principal: context.principal, nowMs: context.now() };
    if (await requestCancel(context.db, buildRecordId, canceller)) context.buildQueued();
    return {};
  },
});
