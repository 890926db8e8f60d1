/** That the images of a repository are converted. */
export interface AccelerationRuleTable {
  rule_id: string;
  instance_id: string;
  repo_id: string;
  /** Base64: the paths of files that a runtime fetches first, one per line. */
  priority_file: string | null;
  created_ms: number;
  author: string;
}

/** A conversion. The job of the same id has its state, and the log of the same id what it said. */
export interface AccelerationTaskTable {
  task_id: string;
  instance_id: string;
  repo_id: string;
  tag: string;
  digest: string;
  created_ms: number;
  author: string;
}
