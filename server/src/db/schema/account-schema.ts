import type { Generated } from 'kysely';

/** A single row. Its version increases with every change to users, keys, groups, roles or policies. */
export interface AccountVersionTable {
  id: number;
  version: number;
}

export interface RamUserTable {
  user_id: string;
  name: string;
  display_name: string;
  mobile_phone: string;
  email: string;
  comments: string;
  created_ms: number;
  modified_ms: number;
  last_login_ms: number | null;
}

export interface RamAccessKeyTable {
  access_key_id: string;
  user_id: string;
  /** Sealed for `ram_access_key/<access_key_id>`. */
  sealed_secret: string;
  status: string;
  created_ms: number;
  last_used_ms: number | null;
}

export interface RamLoginProfileTable {
  user_id: string;
  password_hash: string;
  password_reset_required: number;
  created_ms: number;
  modified_ms: number;
  /** When the password was set. Null if it is older than this column; then use `modified_ms`. */
  password_set_ms: number | null;
}

/** The last passwords of a user, including the current one. */
export interface RamPasswordHistoryTable {
  user_id: string;
  password_hash: string;
  created_ms: number;
}

/** The password with which the owner (`owner_id` is the account's id) or a user logs in to an instance's registry. */
export interface RegistryPasswordTable {
  instance_id: string;
  owner_kind: 'root' | 'user';
  owner_id: string;
  password_hash: string;
  set_ms: number;
}

/** The number of wrong passwords for a name since `first_ms`, whether or not a user has that name. */
export interface SignInFailureTable {
  user_name: string;
  failures: number;
  first_ms: number;
}

/** A single row. Null means not set. */
export interface AccountSettingTable {
  id: number;
  alias: string | null;
  /** JSON of the fields of a `PasswordPolicy` that were set. */
  password_policy: string | null;
  /** JSON of the fields of a `SecurityPreference` that were set. */
  security_preference: string | null;
}

/** A tag. `resource_id` is the id of a user or role, or the name of a policy. */
export interface RamTagTable {
  resource_kind: string;
  resource_id: string;
  key: string;
  value: string;
}

export interface RamGroupTable {
  group_id: string;
  name: string;
  comments: string;
  created_ms: number;
  modified_ms: number;
}

export interface RamGroupMemberTable {
  group_id: string;
  user_id: string;
  joined_ms: number;
}

export interface RamRoleTable {
  role_id: string;
  name: string;
  description: string;
  trust_policy: string;
  max_session_seconds: number;
  created_ms: number;
  modified_ms: number;
}

/** A temporary key. Rows of sessions that ended long ago are removed when the next one begins. */
export interface StsSessionTable {
  access_key_id: string;
  role_id: string;
  name: string;
  /** Sealed for `sts_session/<access_key_id>`; the token for `sts_session_token/<access_key_id>`. */
  sealed_secret: string;
  sealed_token: string;
  policy: string | null;
  caller_arn: string;
  source_identity: string | null;
  created_ms: number;
  expires_ms: number;
}

/** A temporary key of the console. Rows of sessions that ended long ago are removed when the next one begins. */
export interface ConsoleSessionTable {
  access_key_id: string;
  /** The key that opened the session, whose rights it has; or `user/` and the id of the user who signed in by password. */
  opened_by: string;
  /** Sealed for `console_session/<access_key_id>`; the token for `console_session_token/<access_key_id>`. */
  sealed_secret: string;
  sealed_token: string;
  created_ms: number;
  expires_ms: number;
}

/** A token with which a browser renews console sessions. Only the browser's cookie has its text. */
export interface ConsoleRenewalTable {
  token_sha256: string;
  /** As in `console_session`. */
  opened_by: string;
  created_ms: number;
  expires_ms: number;
}

export interface RamPolicyTable {
  name: string;
  description: string;
  default_version: number;
  /** The highest version number ever used. Numbers are not reused. */
  last_version: number;
  created_ms: number;
  modified_ms: number;
}

export interface RamPolicyVersionTable {
  policy_name: string;
  version: number;
  document: string;
  created_ms: number;
}

/** A call. If `calls` is above 1: the allowed reads of one caller and action in the minute that begins at `time_ms`. */
export interface CallRecordTable {
  sequence: Generated<number>;
  time_ms: number;
  /** For counted reads, the first one's. */
  request_id: string;
  caller_arn: string;
  access_key_id: string;
  action: string;
  resource: string;
  source_ip: string | null;
  denied: number;
  code: string;
  calls: number;
}

/** Which policy is attached to which user, group or role. */
export interface RamAttachmentTable {
  target_kind: string;
  target_id: string;
  policy_type: string;
  policy_name: string;
  attached_ms: number;
}

/** What the server keeps for itself, sealed with the secrets key. */
export interface ServerSecretTable {
  name: string;
  sealed: string;
}

/** The row of `server_secret` that says which secrets key belongs to the database: empty if the next server may bring any. */
export const KEY_CHECK = 'key-check';

/** A nonce of a signed call, with PostgreSQL. */
export interface NonceTable {
  nonce_key: string;
  /** When its time stamp is too old to be accepted. */
  end_ms: number;
  /** Only in the row that says that no nonce is lost: time stamps before this are refused. */
  not_before_ms: number | null;
}

/** Wrong passwords of an address, or of a name from an address. */
export interface SignInAttemptTable {
  /** A hash of them. */
  source: string;
  failures: number;
  /** Until when they count, by the database's clock. */
  until_ms: number;
}
