/** One step of a Dockerfile, as a build ran it. */
export interface BuildStepTable {
  build_record_id: string;
  /** Numbered over all stages from 1, as in the log's lines. */
  step: number;
  stage: number;
  stage_count: number;
  stage_name: string | null;
  number: number;
  number_count: number;
  instruction: string;
  cached: number;
  started_ms: number;
  ended_ms: number | null;
  exit_code: number | null;
  platform: string | null;
  target_platform: string | null;
}

/** What remains of an expired log, as JSON. */
export interface ExpiredLogTable {
  build_record_id: string;
  seal: string;
  card: string;
}

/** A sealed log in a store elsewhere. */
export interface SealedLogTable {
  log_id: string;
  ref: string;
}

/** A single row, if the server has a bucket: the last starts that the bucket's mark had. */
export interface BucketMarkTable {
  id: number;
  /** Which database this is. In a copy, it is not what the copy would write. */
  database_id: string;
  /** A JSON array, the latest first. */
  starts: string;
}

/** A secret that builds mount. `repo_id` is empty for a secret of the whole instance. */
export interface BuildSecretTable {
  instance_id: string;
  repo_id: string;
  name: string;
  sealed_value: string;
  created_ms: number;
  modified_ms: number;
}

/** The secrets sent with a build, kept until it ends. */
export interface BuildGivenSecretTable {
  build_record_id: string;
  sealed_values: string;
}

/** A registry for base images. `mirrors` and `login_namespaces` are JSON lists. */
export interface BaseRegistryTable {
  instance_id: string;
  host: string;
  mirrors: string;
  login_user: string | null;
  sealed_password: string | null;
  /** Null if every namespace may use the login. */
  login_namespaces: string | null;
  plain_http: number;
  allow_private: number;
  created_ms: number;
  modified_ms: number;
}

/** The digest that an image name had when its registry last answered. */
export interface KnownBaseTable {
  scope: string;
  name: string;
  platform: string;
  listed_digest: string;
  digest: string;
  seen_ms: number;
}

/** The address and credentials of a kind of code host. */
export interface CodeHostTable {
  instance_id: string;
  code_repo_type: string;
  base_url: string;
  sealed_token: string | null;
  /** JSON. Null without a login, and if the login is older than this column. */
  shown_login: string | null;
  allow_private: number;
  /** JSON: where statuses of commits go. Null if nowhere. */
  status_target: string | null;
  sealed_status_token: string | null;
  /** JSON: why the last status could not be set. Null if it was set. */
  status_failure: string | null;
  created_ms: number;
  modified_ms: number;
}

/** The webhook to which a code host sends the pushes of a repository's source: `/hooks/<hook_id>`. */
export interface PushHookTable {
  repo_id: string;
  instance_id: string;
  hook_id: string;
  sealed_secret: string;
  created_ms: number;
}

/** A delivery that was processed, so that it is not processed again. */
export interface PushDeliveryTable {
  hook_id: string;
  delivery_id: string;
  received_ms: number;
}

/** What a code host sent to the hook of a repository, and what came of it. */
export interface HookDeliveryTable {
  delivery_id: string;
  repo_id: string;
  received_ms: number;
  result: string;
  /** The event as it was understood, as JSON; null if there was none. Never the body. */
  event: string | null;
  /** JSON. */
  builds: string;
  /** JSON. */
  notes: string;
  /** The ARN of the caller who had it processed again. */
  redelivered_by: string | null;
}

/** What is known about the order of pushes to a branch or tag, as JSON. */
export interface PushOrderTable {
  hook_id: string;
  /** A full ref name. */
  ref: string;
  known: string;
  received_ms: number;
}
