import type { Generated } from 'kysely';

/** A rule that mirrors images of another registry. */
export interface SubscriptionRuleTable {
  sequence: Generated<number>;
  rule_id: string;
  instance_id: string;
  provider: string;
  source_namespace_name: string | null;
  source_repo_name: string;
  namespace_name: string;
  repo_name: string;
  tag_regexp: string;
  tag_count: number;
  /** JSON: a list of `os/architecture` or `os/architecture/variant`. */
  platforms: string;
  /** Whether a tag that points to another image is replaced. */
  overrides: number;
  accelerates: number;
  created_ms: number;
  modified_ms: number;
  next_run_ms: number;
  author: string;
}

/** One run of a rule. Its job, of the same id, tells how far it is. */
export interface SubscriptionTaskTable {
  sequence: Generated<number>;
  task_id: string;
  instance_id: string;
  rule_id: string;
  /** AUTO or MANUAL. */
  task_type: string;
  /** JSON: the rule as it was when the run began. */
  rule: string;
  /** The ARN of a caller, or the id of the rule. */
  asked_by: string;
  tag_total: number;
  tags_chosen: number;
  /** Why the last attempt failed. */
  message: string | null;
  author: string;
}

/** A tag of a run. */
export interface SubscriptionResultTable {
  sequence: Generated<number>;
  task_id: string;
  tag: string;
  /** SUCCESS or FAILED; null while it is copied. */
  result: string | null;
  message: string | null;
  started_ms: number;
  ended_ms: number | null;
}
