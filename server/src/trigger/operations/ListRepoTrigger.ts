import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { listTriggers } from '../trigger-store.ts';

export default operation('ListRepoTrigger', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, { InstanceId, RepoId }) {
    await getInstance(context.db, InstanceId);
    await getRepository(context.db, InstanceId, RepoId);
    const triggers = await listTriggers(context, RepoId);
    return {
      Triggers: triggers.map(({ triggerId, name, type, tag, url }) => ({
        RepoEvent: 'BUILD_SUCCESS',
        TriggerId: triggerId,
        TriggerName: name,
        TriggerTag: tag,
        TriggerType: type,
        TriggerUrl: url,
      })),
    };
  },
});
