import type { SyncTask, TagPlace } from './sync.ts';

/** The fields of a task in GetRepoSyncTask and ListRepoSyncTask. */
export function taskReply(task: SyncTask) {
  return {
    CrossUser: task.crossUser,
    ImageFrom: placeReply(task.from),
    ImageTo: placeReply(task.to),
    Priority: task.priority,
    SyncBatchTaskId: task.batchId,
    SyncRuleId: task.ruleId ?? '',
    SyncTaskId: task.taskId,
    SyncTransAccelerate: false,
    TaskIssue: task.issue === undefined ? undefined : wireIssue(task.issue.code),
    TaskStatus: task.status,
    TaskTrigger: task.trigger,
  };
}

function placeReply({ instanceId, regionId, namespaceName, repoName, tag }: TagPlace) {
  return {
    ImageTag: tag,
    InstanceId: instanceId,
    RegionId: regionId,
    RepoName: repoName,
    RepoNamespaceName: namespaceName,
  };
}

/**
 * The vendor's words for why a task failed:
 * https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-getreposynctask
 */
const ISSUES = ['TAG_CONFLICT', 'UNSUPPORTED_FORMAT', 'INTERNAL_ERROR', 'NETWORK_ERROR', 'DATA_LENGTH_EXCEEDED'];

function wireIssue(code: string): string {
  return ISSUES.includes(code) ? code : 'INTERNAL_ERROR';
}
