import { authorOf } from '#account/rule-author.ts';
import { getInstance } from '#instance/instance-store.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import type { SyncRule } from '../sync.ts';
import { rightsOfCopy } from '../sync-denied.ts';
import { readRule, refused } from '../sync-rule.ts';
import { insertSyncRule } from '../sync-rule-store.ts';
import { checkPriority, checkTarget } from '../sync-target.ts';

/**
 * Creates a rule that copies what is pushed from now on. A rule for many repositories is refused if its caller is denied one of them,
 * even if the rule's filters exclude it.
 */
export default operation('CreateRepoSyncRule', {
  async unlessDenied({ db }, { InstanceId, NamespaceName, RepoName, ...target }) {
    const sources = await coveredResources(db, InstanceId, { namespaceName: NamespaceName, name: RepoName });
    return rightsOfCopy(InstanceId, sources, {
      instanceId: target.TargetInstanceId,
      namespaceName: target.TargetNamespaceName,
      repoName: target.TargetRepoName,
    });
  },

  async run(context, { InstanceId, LinkId, Priority, ...given }) {
    const { db } = context;
    await getInstance(db, InstanceId);
    if (LinkId !== undefined) throw refused('LinkId', 'there are no links here; leave it out');
    const words = readRule(given);
    const { isOwn, crossUser } = checkTarget(context, InstanceId, given);
    const priority = checkPriority(Priority);
    const { namespaceName, repoName, targetNamespaceName, targetRepoName } = words;
    if (namespaceName !== undefined) {
      await getNamespace(db, InstanceId, namespaceName);
      if (repoName !== undefined) await getRepositoryByName(db, InstanceId, namespaceName, repoName);
    }
    if (isOwn) {
      const isItself = namespaceName === targetNamespaceName && repoName === targetRepoName;
      if (isItself || targetNamespaceName === undefined)
        throw refused('TargetNamespaceName', 'the rule would copy images onto themselves');
      const namespace = await getNamespace(db, InstanceId, targetNamespaceName);
      if (targetRepoName !== undefined) await getRepositoryByName(db, InstanceId, targetNamespaceName, targetRepoName);
      else if (!namespace.autoCreateRepo)
        throw refused(
          'TargetNamespaceName',
          `the namespace ${targetNamespaceName} does not create repositories on push`,
        );
    }
    const rule: SyncRule = {
      ...words,
      ruleId: context.newId('crsr'),
      instanceId: InstanceId,
      crossUser,
      priority,
      createdMs: context.now(),
      targetInstanceId: given.TargetInstanceId,
      targetRegionId: given.TargetRegionId,
      author: authorOf(context, 'cr:CreateSyncRule', `repository/${InstanceId}`),
    };
    await insertSyncRule(db, rule);
    return { SyncRuleId: rule.ruleId };
  },
});
