import { authorOf } from '#account/rule-author.ts';
import { newReceiverSecret } from '#delivery/receiver-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkTriggerInput } from '../trigger.ts';
import { insertTrigger } from '../trigger-store.ts';

/** Every trigger signs what it sends. The native API makes a secret that the receiver can know. */
export default operation('CreateRepoTrigger', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, { InstanceId, RepoId, TriggerName, TriggerType, TriggerTag = '', TriggerUrl }) {
    await getInstance(context.db, InstanceId);
    const { namespaceName, name } = await getRepository(context.db, InstanceId, RepoId);
    const input = { name: TriggerName, type: TriggerType, tag: TriggerTag, url: TriggerUrl };
    checkTriggerInput(input);
    const triggerId = context.newId('crw');
    const nowMs = context.now();
    const author = authorOf(context, 'cr:CreateWebHook', `repository/${InstanceId}/${namespaceName}/${name}`);
    const trigger = { ...input, triggerId, repoId: RepoId, createdMs: nowMs, modifiedMs: nowMs, author };
    await insertTrigger(context, trigger, newReceiverSecret());
    return { TriggerId: triggerId };
  },
});
