import type { Generated } from 'kysely';

/** One row, whose number grows with every change of users, keys, groups, roles and policies. */
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
  /** When the password was given; null of one that is older than this column, of which `modified_ms` stands for it. */
  password_set_ms: number | null;
}

/** The last passwords of a user, the one that is good now among them. */
export interface RamPasswordHistoryTable {
  user_id: string;
  password_hash: string;
  created_ms: number;
}

/** What the owner (`owner_id` is the account's) or a user logs in to the registry of an instance with. */
export interface RegistryPasswordTable {
  instance_id: string;
  owner_kind: 'root' | 'user';
  owner_id: string;
  password_hash: string;
  set_ms: number;
}

/** Wrong passwords of a name since `first_ms`, whether or not a user has it. */
export interface SignInFailureTable {
  user_name: string;
  failures: number;
  first_ms: number;
}

/** One row; null where nothing was set. */
export interface AccountSettingTable {
  id: number;
  alias: string | null;
  /** JSON of a `PasswordPolicy`, as far as it was set. */
  password_policy: string | null;
  /** JSON of a `SecurityPreference`, as far as it was set. */
  security_preference: string | null;
}

/** A tag of a user or role, by its id, or of a policy, by its name. */
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

/** A temporary key; rows of ended sessions go when the next one begins. */
export interface StsSessionTable {
  access_key_id: string;
  role_id: string;
  name: string;
  /** Sealed for `sts_session/<access_key_id>`, as the token is for `sts_session_token/<access_key_id>`. */
  sealed_secret: string;
  sealed_token: string;
  policy: string | null;
  caller_arn: string;
  source_identity: string | null;
  created_ms: number;
  expires_ms: number;
}

/** A temporary key of the console; rows of sessions that ended long ago go when the next one begins. */
export interface ConsoleSessionTable {
  access_key_id: string;
  /** The key that opened it, whose rights it has; or `user/` and the id of the user whose password did. */
  opened_by: string;
  /** Sealed for `console_session/<access_key_id>`, as the token is for `console_session_token/<access_key_id>`. */
  sealed_secret: string;
  sealed_token: string;
  created_ms: number;
  expires_ms: number;
}

/** What a browser renews sessions of the console with; its text is in the browser's cookie only. */
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
  /** The highest number a version ever had: numbers are not given twice. */
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

/** A call, or with `calls` above 1 the allowed reads of one caller and action in the minute from `time_ms` on. */
export interface CallRecordTable {
  sequence: Generated<number>;
  time_ms: number;
  /** Of counted reads, that of the first. */
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

/** Which policy speaks for which user, group or role. */
export interface RamAttachmentTable {
  target_kind: string;
  target_id: string;
  policy_type: string;
  policy_name: string;
  attached_ms: number;
}
