import type { Generated } from 'kysely';

/** A rule about how long the tags of some repositories are kept. */
export interface LifecycleRuleTable {
  sequence: Generated<number>;
  rule_id: string;
  instance_id: string;
  scope: string;
  namespace_name: string | null;
  repo_name: string | null;
  auto: number;
  schedule: string | null;
  keep_count: number | null;
  tag_pattern: string | null;
  deletes_tags: number;
  deletes_untagged: number;
  dry_run: number;
  created_ms: number;
  modified_ms: number;
  /** It runs by schedule at the first date after this time. */
  counted_from_ms: number;
  author: string;
}

/** A run of a rule, and how far it has come. */
export interface LifecycleRunTable {
  sequence: Generated<number>;
  run_id: string;
  instance_id: string;
  rule_id: string;
  /** JSON: the fields of the rule when the run began. */
  rule: string;
  rule_modified_ms: number;
  requested_by: string | null;
  dry_run: number;
  created_ms: number;
  started_ms: number | null;
  ended_ms: number | null;
  failure: string | null;
  /** `namespace/name` of the last repository that is finished; they are processed by name. */
  done_through: string | null;
  repositories: number;
  kept_tags: number;
  removed_tags: number;
  removed_manifests: number;
}

/** What a run removed from a repository, or why it removed nothing there. */
export interface LifecycleRunRepositoryTable {
  run_id: string;
  repo_id: string;
  repository: string;
  removed_tags: number;
  removed_manifests: number;
  /** JSON: the names of tags; of very many, the first ones. */
  tags: string;
  matches_none: number;
}
