import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeTrigger } from '../trigger-store.ts';

/** Removes a trigger. Drops what still waits to be sent to it. */
export default operation('DeleteRepoTrigger', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run({ db }, { InstanceId, RepoId, TriggerId }) {
    await getInstance(db, InstanceId);
    await getRepository(db, InstanceId, RepoId);
    await removeTrigger(db, RepoId, TriggerId);
    return {};
  },
});
