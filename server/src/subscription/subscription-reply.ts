import type { Provider } from '#rpc/context.ts';
import type { SubscriptionRule, SubscriptionTask } from './subscription.ts';

/** What GetArtifactSubscriptionRule and ListArtifactSubscriptionRule show of a rule alike. */
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
    // Clients take an empty one for a rule that is gone.
    SourceDomain: providers.find(({ name }) => name === rule.provider)?.host ?? rule.provider,
    SourceNamespaceName: rule.sourceNamespaceName ?? '',
    SourceProvider: rule.provider,
    SourceRepoName: rule.sourceRepoName,
    TagCount: rule.tagCount,
    TagRegexp: rule.tagRegexp,
  };
}

/** What GetArtifactSubscriptionTask and ListArtifactSubscriptionTask show of a task alike: all but its times. */
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
