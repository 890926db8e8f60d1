import { randomUUID } from 'node:crypto';
import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getTaggedImage } from '#image/tag-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { findRepositoryById, getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { repositoryPath } from '../sync.ts';
import { rightsOfCopy } from '../sync-denied.ts';
import { coversRepository, coversTag, refused, targetOf } from '../sync-rule.ts';
import { findSyncRule, getSyncRule } from '../sync-rule-store.ts';
import { checkPriority } from '../sync-target.ts';
import { insertSyncTask } from '../sync-task-store.ts';

/** Copies one tag by a rule that only runs by hand. */
export default operation('CreateRepoSyncTaskByRule', {
  async unlessDenied({ db }, { InstanceId, RepoId, SyncRuleId }) {
    const source = (await repositoryResource(db, InstanceId, RepoId)) ?? `repository/${InstanceId}/*/*`;
    const rule = await findSyncRule(db, InstanceId, SyncRuleId);
    const repository = await findRepositoryById(db, RepoId);
    return rightsOfCopy(InstanceId, [source], {
      instanceId: rule?.targetInstanceId ?? InstanceId,
      namespaceName: rule?.targetNamespaceName ?? repository?.namespaceName,
      repoName: rule?.targetRepoName ?? repository?.name,
    });
  },

  async run(context, { InstanceId, RepoId, SyncRuleId, Tag, Priority }) {
    const { db, regionId } = context;
    await getInstance(db, InstanceId);
    const repository = await getRepository(db, InstanceId, RepoId);
    const rule = await getSyncRule(db, InstanceId, SyncRuleId);
    if (rule.trigger !== 'INITIATIVE')
      throw refused(
        'SyncRuleId',
        'the rule is PASSIVE and copies automatically; only an INITIATIVE rule is run by hand',
      );
    if (!coversRepository(rule, repository)) throw refused('RepoId', 'the rule is not for this repository');
    if (!coversTag(rule, Tag)) throw refused('Tag', 'the TagFilter of the rule does not match it');
    const priority = checkPriority(Priority ?? rule.priority);
    await getTaggedImage(db, RepoId, Tag);
    const { namespaceName, name: repoName } = repository;
    const from = { instanceId: InstanceId, regionId, namespaceName, repoName, tag: Tag };
    const task = {
      taskId: context.newId('rst'),
      batchId: randomUUID(),
      ruleId: rule.ruleId,
      trigger: rule.trigger,
      repoId: RepoId,
      from,
      to: targetOf(rule, from),
      crossUser: rule.crossUser,
      overrides: true,
      priority,
      path: [repositoryPath(from)],
      askedBy: context.principal.arn,
      author: authorOf(context, 'cr:CreateRepositorySync', '*'),
    };
    await transaction(db, (trx) => insertSyncTask(trx, task, regionId, context.now()));
    context.jobsChanged();
    return { SyncTaskId: task.taskId };
  },
});
