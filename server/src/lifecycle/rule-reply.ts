import { type LifecycleRule, nextRunMs } from './lifecycle-rule.ts';

/** What the operations show of a rule alike. What the rule does not say is left out; NextTime is 0 if it does not run by itself. */
export function ruleReply(rule: LifecycleRule, timeZone: string) {
  return {
    Auto: rule.auto,
    CreateTime: rule.createdMs,
    DryRun: rule.dryRun,
    EnableDeleteTag: rule.deletesTags,
    EnableDeleteUntaggedManifest: rule.deletesUntagged,
    InstanceId: rule.instanceId,
    ModifiedTime: rule.modifiedMs,
    NamespaceName: rule.namespaceName,
    NextTime: nextRunMs(rule, timeZone) ?? 0,
    // Requests have no policies: the one there is says the same in other words.
    Policies: rule.deletesTags ? [{ Type: 'RETAIN', Condition: { LatestTagCount: rule.keepCount }, Filter: {} }] : [],
    RepoName: rule.repoName,
    RetentionTagCount: rule.keepCount,
    RuleId: rule.ruleId,
    ScheduleTime: rule.schedule,
    Scope: rule.scope,
    TagRegexp: rule.tagPattern,
  };
}
