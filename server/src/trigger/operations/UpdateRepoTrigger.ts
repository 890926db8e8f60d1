import { authorOf } from '#account/rule-author.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkTriggerInput } from '../trigger.ts';
import { changeTrigger } from '../trigger-store.ts';

/** Changes the given parameters and keeps the rest. The resulting trigger as a whole must be valid. */
export default operation('UpdateRepoTrigger', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, { InstanceId, RepoId, TriggerId, ...given }) {
    await getInstance(context.db, InstanceId);
    const { namespaceName, name } = await getRepository(context.db, InstanceId, RepoId);
    const author = authorOf(context, 'cr:UpdateWebHook', `repository/${InstanceId}/${namespaceName}/${name}`);
    await changeTrigger(context, { repoId: RepoId, triggerId: TriggerId }, (trigger) => {
      const changed = {
        ...trigger,
        name: given.TriggerName ?? trigger.name,
        type: given.TriggerType ?? trigger.type,
        // The value of the old type, a list or an expression, is useless for another type.
        tag: given.TriggerTag ?? ((given.TriggerType ?? 'ALL') === 'ALL' ? trigger.tag : ''),
        url: given.TriggerUrl ?? trigger.url,
        modifiedMs: context.now(),
        author,
      };
      checkTriggerInput(changed);
      return changed;
    });
    return {};
  },
});
