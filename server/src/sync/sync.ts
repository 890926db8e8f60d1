import type { RuleAuthor } from '#account/rule-author.ts';
import { jobKind } from '#job/job.ts';

/** REPO: one repository; NAMESPACE: those that filters choose. */
export type SyncScope = 'REPO' | 'NAMESPACE';

/** PASSIVE: by itself when a tag is set; INITIATIVE: when somebody asks for it. */
export type SyncTrigger = 'PASSIVE' | 'INITIATIVE';

/** A rule that copies images of an instance to another repository or registry. */
export interface SyncRule {
  ruleId: string;
  instanceId: string;
  name: string;
  scope: SyncScope;
  trigger: SyncTrigger;
  /** Undefined where `namespaceFilter` chooses. */
  namespaceName: string | undefined;
  namespaceFilter: string | undefined;
  /** Undefined where `repoFilter` chooses. */
  repoName: string | undefined;
  repoFilter: string | undefined;
  tagFilter: string;
  targetInstanceId: string;
  targetRegionId: string;
  /** Undefined: named as the source is. */
  targetNamespaceName: string | undefined;
  targetRepoName: string | undefined;
  crossUser: boolean;
  /** 1 to 5, higher first. */
  priority: number;
  createdMs: number;
  author: RuleAuthor;
}

/** A tag of a repository, of this instance or of another. */
export interface TagPlace {
  instanceId: string;
  regionId: string;
  namespaceName: string;
  repoName: string;
  tag: string;
}

/** One copy of a tag that was asked for. */
export interface NewSyncTask {
  taskId: string;
  /** Copies that one push made have the same. */
  batchId: string;
  ruleId: string | undefined;
  trigger: SyncTrigger;
  repoId: string;
  from: TagPlace;
  to: TagPlace;
  crossUser: boolean;
  /** Whether the target's tag may stand for another image before. */
  overrides: boolean;
  priority: number;
  /** The repositories that the image came through, each as `repositoryPath` writes it. */
  path: readonly string[];
  /** The ARN of a caller, or the id of a rule. */
  askedBy: string;
  /** The caller, or the author of the rule. */
  author: RuleAuthor;
  /** The one image that may be copied. Undefined: the one that the tag stands for when it is copied. */
  digest?: string | undefined;
}

/** https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-getreposynctask */
export type SyncStatus = 'PENDING' | 'SYNCHRONIZING' | 'SUCCESS' | 'ERROR' | 'CANCELED';

export interface SyncTask extends NewSyncTask {
  status: SyncStatus;
  /** Why it ended with ERROR: a word for programs, and one for people. */
  issue: { code: string; message: string } | undefined;
  createdMs: number;
  modifiedMs: number;
}

export interface SyncLayer {
  layerTaskId: string;
  digest: string;
  sizeBytes: number;
  syncedBytes: number;
  isThere: boolean;
}

/** The job of a task has the task's id. */
export const SYNC = jobKind<{ taskId: string }, { digest: string; sentBytes: number }>('sync');

/** A repository as a path through several servers names it. */
export function repositoryPath(place: Pick<TagPlace, 'instanceId' | 'namespaceName' | 'repoName'>): string {
  return `${place.instanceId}/${place.namespaceName}/${place.repoName}`;
}
