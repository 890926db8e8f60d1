import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listSyncRules } from '../sync-rule-store.ts';

/** The rules of an instance, in the order in which they were made. Those of other instances that copy to this one are not known here. */
export default operation('ListRepoSyncRule', {
  async run({ db, regionId }, params) {
    await getInstance(db, params.InstanceId);
    const page = planPage(params);
    const filter = {
      instanceId: params.InstanceId,
      namespaceName: params.NamespaceName,
      repoName: params.RepoName,
      targetInstanceId: params.TargetInstanceId,
      targetRegionId: params.TargetRegionId,
    };
    const { rules, total } = await listSyncRules(db, filter, page);
    return {
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      SyncRules: rules.map((rule) => ({
        CreateTime: rule.createdMs,
        CrossUser: rule.crossUser,
        LocalInstanceId: rule.instanceId,
        LocalNamespaceName: rule.namespaceName ?? '',
        LocalRegionId: regionId,
        LocalRepoName: rule.repoName ?? '',
        ModifiedTime: rule.createdMs,
        NamespaceNameFilter: rule.namespaceFilter,
        Priority: rule.priority,
        RepoNameFilter: rule.repoFilter,
        SyncDirection: 'FROM',
        SyncRuleId: rule.ruleId,
        SyncRuleName: rule.name,
        SyncScope: rule.scope,
        SyncTrigger: rule.trigger,
        TagFilter: rule.tagFilter,
        TargetInstanceId: rule.targetInstanceId,
        TargetNamespaceName: rule.targetNamespaceName ?? '',
        TargetRegionId: rule.targetRegionId,
        TargetRepoName: rule.targetRepoName ?? '',
      })),
      TotalCount: total,
    };
  },
});
