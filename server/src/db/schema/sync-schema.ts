import type { Generated } from 'kysely';

/** A rule that copies images of this instance to another repository or registry. */
export interface SyncRuleTable {
  sequence: Generated<number>;
  rule_id: string;
  instance_id: string;
  name: string;
  scope: string;
  sync_trigger: string;
  /** Null where `namespace_filter` chooses. */
  namespace_name: string | null;
  namespace_filter: string | null;
  repo_name: string | null;
  repo_filter: string | null;
  tag_filter: string;
  target_instance_id: string;
  target_region_id: string;
  /** Null for the name of the source's. */
  target_namespace_name: string | null;
  target_repo_name: string | null;
  cross_user: number;
  priority: number;
  created_ms: number;
  author: string;
}

/** One copy of a tag. Its job, of the same id, tells how far it is. */
export interface SyncTaskTable {
  sequence: Generated<number>;
  task_id: string;
  instance_id: string;
  batch_id: string;
  rule_id: string | null;
  task_trigger: string;
  repo_id: string;
  namespace_name: string;
  repo_name: string;
  tag: string;
  target_instance_id: string;
  target_region_id: string;
  target_namespace_name: string;
  target_repo_name: string;
  target_tag: string;
  cross_user: number;
  /** Whether a tag of the target that points to another image is replaced. */
  overrides: number;
  /** JSON: the repositories that the image came through, each as `instance/namespace/name`. */
  path: string;
  /** The ARN of a caller, or the id of a rule. */
  asked_by: string;
  /** The one image that may be copied; null for the image that the tag points to when it is copied. */
  digest: string | null;
  /** Whether only what is said of the image is copied, and no tag is set. */
  referrers_only: Generated<number>;
  author: string;
}

/** A layer or configuration of a copy. */
export interface SyncLayerTable {
  layer_task_id: string;
  task_id: string;
  place: number;
  digest: string;
  size_bytes: number;
  /** What was sent of it; it never falls. */
  synced_bytes: number;
  is_there: number;
}
