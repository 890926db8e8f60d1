import { type LifecycleRule, nextRunMs } from './lifecycle-rule.ts';

/**
 * The fields of a rule that all operations show. Absent fields are left out; NextTime is 0 if it does not run by
 * schedule.
 */
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
    // Requests have no policies: the single one says the same in another form.
    Policies: rule.deletesTags ? [{ Type: 'RETAIN', Condition: { LatestTagCount: rule.keepCount }, Filter: {} }] : [],
    RepoName: rule.repoName,
    RetentionTagCount: rule.keepCount,
    RuleId: rule.ruleId,
    ScheduleTime: rule.schedule,
    Scope: rule.scope,
    TagRegexp: rule.tagPattern,
  };
}
