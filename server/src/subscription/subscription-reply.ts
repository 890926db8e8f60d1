import type { Provider } from '#rpc/context.ts';
import type { SubscriptionRule, SubscriptionTask } from './subscription.ts';

/** The fields of a rule in GetArtifactSubscriptionRule and ListArtifactSubscriptionRule. */
export function ruleReply(rule: SubscriptionRule, providers: readonly Provider[]) {
  return {
    Accelerate: rule.accelerates,
    CreateTime: rule.createdMs,
    InstanceId: rule.instanceId,
    ModifiedTime: rule.modifiedMs,
    NamespaceName: rule.namespaceName,
    Override: rule.overrides,
    Platform: [...rule.platforms],
    RepoName: rule.repoName,
    RuleId: rule.ruleId,
    // Clients would take an empty one for a deleted rule.
    SourceDomain: providers.find(({ name }) => name === rule.provider)?.host ?? rule.provider,
    SourceNamespaceName: rule.sourceNamespaceName ?? '',
    SourceProvider: rule.provider,
    SourceRepoName: rule.sourceRepoName,
    TagCount: rule.tagCount,
    TagRegexp: rule.tagRegexp,
  };
}

/** The fields of a task in GetArtifactSubscriptionTask and ListArtifactSubscriptionTask: all but its times. */
export function taskReply({ rule, ...task }: SubscriptionTask) {
  return {
    ArtifactType: 'IMAGE',
    InstanceId: rule.instanceId,
    Message: task.message ?? '',
    NamespaceName: rule.namespaceName,
    RepoName: rule.repoName,
    SourceNamespaceName: rule.sourceNamespaceName ?? '',
    SourceProvider: rule.provider,
    SourceRepoName: rule.sourceRepoName,
    SourceRepoType: 'PUBLIC',
    TagSubscriptionCount: task.tagsChosen,
    TagTotalCount: task.tagTotal,
    TaskId: task.taskId,
    TaskResult: task.outcome,
    TaskStatus: task.status,
    TaskType: task.type,
  };
}
