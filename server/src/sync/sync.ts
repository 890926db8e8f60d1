import type { RuleAuthor } from '#account/rule-author.ts';
import { jobKind } from '#job/job.ts';

/** REPO: one repository; NAMESPACE: the repositories that filters select. */
export type SyncScope = 'REPO' | 'NAMESPACE';

/** PASSIVE: automatically when a tag is set; INITIATIVE: on request. */
export type SyncTrigger = 'PASSIVE' | 'INITIATIVE';

/** A rule that copies images of an instance to another repository or registry. */
export interface SyncRule {
  ruleId: string;
  instanceId: string;
  name: string;
  scope: SyncScope;
  trigger: SyncTrigger;
  /** Undefined if `namespaceFilter` is set. */
  namespaceName: string | undefined;
  namespaceFilter: string | undefined;
  /** Undefined if `repoFilter` is set. */
  repoName: string | undefined;
  repoFilter: string | undefined;
  tagFilter: string;
  targetInstanceId: string;
  targetRegionId: string;
  /** Undefined: the source's name. */
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

/** One requested copy of a tag. */
export interface NewSyncTask {
  taskId: string;
  /** The same for all copies that one push began. */
  batchId: string;
  ruleId: string | undefined;
  trigger: SyncTrigger;
  repoId: string;
  from: TagPlace;
  to: TagPlace;
  crossUser: boolean;
  /** Whether a tag of the target that points to another image is replaced. */
  overrides: boolean;
  priority: number;
  /** The repositories that the image came through, each as `repositoryPath` writes it. */
  path: readonly string[];
  /** The ARN of a caller, or the id of a rule. */
  askedBy: string;
  /** The caller, or the author of the rule. */
  author: RuleAuthor;
  /** The one image that may be copied. Undefined: the image that the tag points to when it is copied. */
  digest?: string | undefined;
  /** Only what is said of the image is copied, to where the tag points to that image. */
  referrersOnly?: boolean;
}

/** https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-getreposynctask */
export type SyncStatus = 'PENDING' | 'SYNCHRONIZING' | 'SUCCESS' | 'ERROR' | 'CANCELED';

export interface SyncTask extends NewSyncTask {
  status: SyncStatus;
  /** Why it ended with ERROR: a code for programs, and a message for people. */
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

/** A repository, as the path of an image through several servers names it. */
export function repositoryPath(place: Pick<TagPlace, 'instanceId' | 'namespaceName' | 'repoName'>): string {
  return `${place.instanceId}/${place.namespaceName}/${place.repoName}`;
}
