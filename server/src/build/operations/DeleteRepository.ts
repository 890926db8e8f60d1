import { getInstance } from '#instance/instance-store.ts';
import { getGivenRepository, givenRepositoryResource } from '#repository/given-repository.ts';
import { operation } from '#rpc/operation.ts';
import { beginDeletion } from '../delete-repository.ts';

/** Deletes a repository with its images. It is shown as DELETING until nothing of it is left, and keeps its name so long. */
export default operation('DeleteRepository', {
  resource: (context, params) => givenRepositoryResource(context.db, params),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const repository = await getGivenRepository(context.db, params);
    const canceller = { principal: context.principal, nowMs: context.now() };
    await beginDeletion(context.db, canceller, async () => [repository]);
    context.buildQueued();
    return {};
  },
});
