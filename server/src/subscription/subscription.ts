import type { RuleAuthor } from '#account/rule-author.ts';
import { jobKind } from '#job/job.ts';

/** What a caller sets of a rule. */
export interface SubscriptionWords {
  /** The name of the other registry. */
  provider: string;
  /** Undefined for a repository that is directly below the registry. */
  sourceNamespaceName: string | undefined;
  sourceRepoName: string;
  namespaceName: string;
  repoName: string;
  /** Matches whole tags. As it was sent. */
  tagRegexp: string;
  /** How many of the newest matching tags are mirrored. */
  tagCount: number;
  /** Each `os/architecture` or `os/architecture/variant`, as it was sent. */
  platforms: readonly string[];
  /** Whether a tag here that points to another image is replaced. */
  overrides: boolean;
  /** Whether each image is also converted to an accelerated one. */
  accelerates: boolean;
}

/** A rule that mirrors images of another registry to a repository of an instance. */
export interface SubscriptionRule extends SubscriptionWords {
  ruleId: string;
  instanceId: string;
  createdMs: number;
  modifiedMs: number;
  author: RuleAuthor;
}

/** AUTO: the rule was due; MANUAL: a caller asked for it. */
export type SubscriptionTaskType = 'AUTO' | 'MANUAL';

/** PART_SUCCESS: some tags failed. The vendor documents SUCCESS alone. */
export type SubscriptionOutcome = 'SUCCESS' | 'PART_SUCCESS' | 'FAILED';

/** One run of a rule. */
export interface SubscriptionTask {
  taskId: string;
  type: SubscriptionTaskType;
  /** As it was when the run began. */
  rule: Omit<SubscriptionRule, 'author'>;
  /** The ARN of a caller, or the id of the rule. */
  askedBy: string;
  /** The caller, or the author of the rule. */
  author: RuleAuthor;
  status: 'RUNNING' | 'COMPLETED';
  /** Undefined until it is COMPLETED. */
  outcome: SubscriptionOutcome | undefined;
  /** Why it failed, also while it waits for its next attempt. */
  message: string | undefined;
  /** How many tags the other registry listed. */
  tagTotal: number;
  /** How many of them are mirrored. */
  tagsChosen: number;
  startedMs: number;
  endedMs: number | undefined;
}

/** The result for one tag of a run. */
export interface SubscriptionResult {
  tag: string;
  /** Undefined while it is copied. */
  result: 'SUCCESS' | 'FAILED' | undefined;
  message: string | undefined;
  startedMs: number;
  endedMs: number | undefined;
}

/** The job of a task has the task's id. */
export const MIRROR = jobKind<{ taskId: string }, { outcome: SubscriptionOutcome; message: string }>('mirror');

/** The repository that a rule mirrors, below its registry: `library/nginx`. */
export function sourcePath({
  sourceNamespaceName,
  sourceRepoName,
}: Pick<SubscriptionWords, 'sourceNamespaceName' | 'sourceRepoName'>): string {
  return sourceNamespaceName === undefined ? sourceRepoName : `${sourceNamespaceName}/${sourceRepoName}`;
}
