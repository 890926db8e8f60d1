/** One step of a Dockerfile as a build ran it. */
export interface BuildStepTable {
  build_record_id: string;
  /** Counted over all stages, from 1: the step of the log's lines. */
  step: number;
  stage: number;
  stage_count: number;
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

/** What is left of a log that is kept no longer, as JSON. */
export interface ExpiredLogTable {
  build_record_id: string;
  seal: string;
  card: string;
}

/** A secret that builds mount; `repo_id` is empty for one of the whole instance. */
export interface BuildSecretTable {
  instance_id: string;
  repo_id: string;
  name: string;
  sealed_value: string;
  created_ms: number;
  modified_ms: number;
}

/** The secrets that came with a build, until it ends. */
export interface BuildGivenSecretTable {
  build_record_id: string;
  sealed_values: string;
}

/** A registry that base images come from; `mirrors` and `login_namespaces` are JSON lists. */
export interface BaseRegistryTable {
  instance_id: string;
  host: string;
  mirrors: string;
  login_user: string | null;
  sealed_password: string | null;
  /** Null where all may use the login. */
  login_namespaces: string | null;
  plain_http: number;
  allow_private: number;
  created_ms: number;
  modified_ms: number;
}

/** What the name of a foreign image stood for when its registry answered last. */
export interface KnownBaseTable {
  scope: string;
  name: string;
  platform: string;
  listed_digest: string;
  digest: string;
  seen_ms: number;
}

/** Where a kind of code host is, and what opens it. */
export interface CodeHostTable {
  instance_id: string;
  code_repo_type: string;
  base_url: string;
  sealed_token: string | null;
  /** JSON. Null without a login, and where it was set before there was this column. */
  shown_login: string | null;
  allow_private: number;
  created_ms: number;
  modified_ms: number;
}

/** Where a code host sends the pushes of a repository's source: `/hooks/<hook_id>`. */
export interface PushHookTable {
  repo_id: string;
  instance_id: string;
  hook_id: string;
  sealed_secret: string;
  created_ms: number;
}

/** A delivery that was taken for a rule, so that it is taken once. */
export interface PushDeliveryTable {
  hook_id: string;
  delivery_id: string;
  received_ms: number;
}

/** What is known of the order of pushes to a branch or tag, as JSON. */
export interface PushOrderTable {
  hook_id: string;
  /** A full name. */
  ref: string;
  known: string;
  received_ms: number;
}
