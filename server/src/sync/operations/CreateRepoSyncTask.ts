import { randomUUID } from 'node:crypto';
import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getTaggedImage } from '#image/tag-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { NAMESPACE_NAME_LIMIT } from '#namespace/namespace.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { isTag, REPOSITORY_NAME_LIMIT } from '#repository/repository.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository, getRepositoryByName } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { repositoryPath } from '../sync.ts';
import { rightsOfCopy } from '../sync-denied.ts';
import { checkName, refused } from '../sync-rule.ts';
import { checkPriority, checkTarget } from '../sync-target.ts';
import { insertSyncTask } from '../sync-task-store.ts';

/** Copies one tag, without a rule. */
export default operation('CreateRepoSyncTask', {
  async unlessDenied({ db }, { InstanceId, RepoId, TargetInstanceId, TargetNamespace, TargetRepoName }) {
    const source = (await repositoryResource(db, InstanceId, RepoId)) ?? `repository/${InstanceId}/*/*`;
    const target = { instanceId: TargetInstanceId, namespaceName: TargetNamespace, repoName: TargetRepoName };
    return rightsOfCopy(InstanceId, [source], target);
  },

  async run(context, params) {
    const { db, regionId } = context;
    const { InstanceId, RepoId, Tag, TargetNamespace, TargetRepoName, TargetTag } = params;
    await getInstance(db, InstanceId);
    const { namespaceName, name } = await getRepository(db, InstanceId, RepoId);
    const { isOwn, crossUser } = checkTarget(context, InstanceId, params);
    const priority = checkPriority(params.Priority);
    checkName('TargetNamespace', TargetNamespace, NAMESPACE_NAME_LIMIT);
    checkName('TargetRepoName', TargetRepoName, REPOSITORY_NAME_LIMIT);
    if (!isTag(TargetTag)) throw refused('TargetTag', 'it is not a tag');
    await getTaggedImage(db, RepoId, Tag);
    if (isOwn && !(await getNamespace(db, InstanceId, TargetNamespace)).autoCreateRepo)
      await getRepositoryByName(db, InstanceId, TargetNamespace, TargetRepoName);
    const from = { instanceId: InstanceId, regionId, namespaceName, repoName: name, tag: Tag };
    const to = {
      instanceId: params.TargetInstanceId,
      regionId: params.TargetRegionId,
      namespaceName: TargetNamespace,
      repoName: TargetRepoName,
      tag: TargetTag,
    };
    const task = {
      taskId: context.newId('rst'),
      batchId: randomUUID(),
      ruleId: undefined,
      trigger: 'INITIATIVE' as const,
      repoId: RepoId,
      from,
      to,
      crossUser,
      overrides: params.Override ?? false,
      priority,
      path: [repositoryPath(from)],
      askedBy: context.principal.arn,
      author: authorOf(context, 'cr:CreateRepositorySync', `repository/${InstanceId}`),
    };
    await transaction(db, (trx) => insertSyncTask(trx, task, regionId, context.now()));
    context.jobsChanged();
    return { SyncTaskId: task.taskId };
  },
});
