import type { Generated } from 'kysely';
import type { AccelerationRuleTable, AccelerationTaskTable } from './acceleration-schema.ts';
import type {
  AccountSettingTable,
  AccountVersionTable,
  CallRecordTable,
  ConsoleRenewalTable,
  ConsoleSessionTable,
  NonceTable,
  RamAccessKeyTable,
  RamAttachmentTable,
  RamGroupMemberTable,
  RamGroupTable,
  RamLoginProfileTable,
  RamPasswordHistoryTable,
  RamPolicyTable,
  RamPolicyVersionTable,
  RamRoleTable,
  RamTagTable,
  RamUserTable,
  RegistryPasswordTable,
  ServerSecretTable,
  SignInAttemptTable,
  SignInFailureTable,
  StsSessionTable,
} from './account-schema.ts';
import type {
  BaseRegistryTable,
  BucketMarkTable,
  BuildGivenSecretTable,
  BuildSecretTable,
  BuildStepTable,
  CodeHostTable,
  ExpiredLogTable,
  HookDeliveryTable,
  KnownBaseTable,
  PushDeliveryTable,
  PushHookTable,
  PushOrderTable,
  SealedLogTable,
} from './build-schema.ts';
import type { ChainInstanceTable, ChainTable, ChainVersionTable } from './chain-schema.ts';
import type { ChartNamespaceTable, ChartReleaseTable, ChartRepositoryTable } from './chart-schema.ts';
import type { DeliveryTable, EventRuleTable, ReceiverTable, RepoTriggerTable } from './delivery-schema.ts';
import type {
  EventCursorTable,
  EventTable,
  ManifestChildTable,
  ManifestPushTable,
  ManifestTable,
  TagRemovedTable,
  TagTable,
} from './image-schema.ts';
import type {
  CustomizedDomainTable,
  EndpointTable,
  InstanceGroupTable,
  InstanceTagTable,
  LinkedNetworkTable,
} from './instance-schema.ts';
import type { DutyTable, JobTable, ServerNodeTable } from './job-schema.ts';
import type { LifecycleRuleTable, LifecycleRunRepositoryTable, LifecycleRunTable } from './lifecycle-schema.ts';
import type { AdvisorySetTable, AdvisoryTable, ScanFindingTable, ScanRuleTable, ScanTable } from './scan-schema.ts';
import type { SubscriptionResultTable, SubscriptionRuleTable, SubscriptionTaskTable } from './subscription-schema.ts';
import type { SyncLayerTable, SyncRuleTable, SyncTaskTable } from './sync-schema.ts';

/**
 * The tables as the newest migration leaves them. Times are integer milliseconds since 1970, flags are 0 or 1, and lists and
 * objects are JSON text, which both SQLite and PostgreSQL support.
 */
export interface Tables {
  instance: InstanceTable;
  instance_tag: InstanceTagTable;
  instance_group: InstanceGroupTable;
  endpoint: EndpointTable;
  linked_network: LinkedNetworkTable;
  customized_domain: CustomizedDomainTable;
  namespace: NamespaceTable;
  acceleration_rule: AccelerationRuleTable;
  acceleration_task: AccelerationTaskTable;
  chart_namespace: ChartNamespaceTable;
  chart_repository: ChartRepositoryTable;
  chart_release: ChartReleaseTable;
  repository: RepositoryTable;
  tag: TagTable;
  tag_removed: TagRemovedTable;
  manifest: ManifestTable;
  manifest_child: ManifestChildTable;
  manifest_push: ManifestPushTable;
  lifecycle_rule: LifecycleRuleTable;
  lifecycle_run: LifecycleRunTable;
  lifecycle_run_repository: LifecycleRunRepositoryTable;
  event: EventTable;
  event_cursor: EventCursorTable;
  advisory_set: AdvisorySetTable;
  advisory: AdvisoryTable;
  scan: ScanTable;
  scan_finding: ScanFindingTable;
  scan_rule: ScanRuleTable;
  duty: DutyTable;
  server_node: ServerNodeTable;
  sealed_log: SealedLogTable;
  bucket_mark: BucketMarkTable;
  job: JobTable;
  receiver: ReceiverTable;
  delivery: DeliveryTable;
  repo_trigger: RepoTriggerTable;
  sync_rule: SyncRuleTable;
  sync_task: SyncTaskTable;
  sync_layer: SyncLayerTable;
  subscription_rule: SubscriptionRuleTable;
  subscription_task: SubscriptionTaskTable;
  subscription_result: SubscriptionResultTable;
  event_rule: EventRuleTable;
  chain: ChainTable;
  chain_version: ChainVersionTable;
  chain_instance: ChainInstanceTable;
  source_binding: SourceBindingTable;
  source_archive: SourceArchiveTable;
  build_rule: BuildRuleTable;
  build_record: BuildRecordTable;
  build_step: BuildStepTable;
  build_secret: BuildSecretTable;
  build_given_secret: BuildGivenSecretTable;
  expired_log: ExpiredLogTable;
  code_host: CodeHostTable;
  base_registry: BaseRegistryTable;
  known_base: KnownBaseTable;
  push_hook: PushHookTable;
  push_delivery: PushDeliveryTable;
  hook_delivery: HookDeliveryTable;
  push_order: PushOrderTable;
  account_version: AccountVersionTable;
  call_record: CallRecordTable;
  nonce: NonceTable;
  ram_user: RamUserTable;
  registry_password: RegistryPasswordTable;
  ram_access_key: RamAccessKeyTable;
  ram_login_profile: RamLoginProfileTable;
  ram_group: RamGroupTable;
  ram_group_member: RamGroupMemberTable;
  ram_role: RamRoleTable;
  ram_policy: RamPolicyTable;
  ram_policy_version: RamPolicyVersionTable;
  ram_attachment: RamAttachmentTable;
  ram_tag: RamTagTable;
  ram_password_history: RamPasswordHistoryTable;
  sign_in_failure: SignInFailureTable;
  sign_in_attempt: SignInAttemptTable;
  server_secret: ServerSecretTable;
  account_setting: AccountSettingTable;
  sts_session: StsSessionTable;
  console_session: ConsoleSessionTable;
  console_renewal: ConsoleRenewalTable;
  bearer_token: BearerTokenTable;
}

export interface InstanceTable {
  instance_id: string;
  name: string;
  region_id: string;
  status: string;
  created_ms: number;
  modified_ms: number;
}

export interface NamespaceTable {
  namespace_id: string;
  instance_id: string;
  name: string;
  auto_create_repo: number;
  default_repo_type: string;
  default_tag_immutability: Generated<number>;
  default_acceleration: Generated<number>;
  status: string;
  created_ms: number;
  modified_ms: number;
}

export interface RepositoryTable {
  repo_id: string;
  instance_id: string;
  namespace_name: string;
  name: string;
  type: string;
  summary: string;
  detail: string | null;
  tag_immutability: number;
  status: string;
  created_ms: number;
  modified_ms: number;
  tag_count: Generated<number>;
  /** 0 until the tags of a repository from before the table of tags are in that table. */
  tags_adopted: Generated<number>;
}

/** The code host's repository from which an image repository is built. */
export interface SourceBindingTable {
  repo_id: string;
  instance_id: string;
  code_repo_type: string;
  code_repo_namespace_name: string;
  code_repo_name: string;
  auto_build: number;
  oversea_build: number;
  disable_cache_build: number;
  created_ms: number;
  modified_ms: number;
  /** JSON: who created or last changed it. Null if that was before this column existed. */
  requester: string | null;
}

/** A folder that a client packed and sent. Its bytes are in the blob store under `sources/<archive_id>`. */
export interface SourceArchiveTable {
  archive_id: string;
  instance_id: string;
  /** Null if it was sent before this column existed. */
  owner: string | null;
  sha256: string;
  size_bytes: number;
  created_ms: number;
  /** When its build had ended, if it is kept for what its owner sends next, and for which repository. */
  kept_ms: Generated<number | null>;
  kept_repo_id: Generated<string | null>;
}

export interface BuildRuleTable {
  build_rule_id: string;
  instance_id: string;
  repo_id: string;
  push_type: string;
  push_name: string;
  image_tag: string;
  dockerfile_location: string;
  dockerfile_name: string;
  build_args: string;
  platforms: string;
  created_ms: number;
  modified_ms: number;
  /** JSON, as in `source_binding`. */
  requester: string | null;
}

/** A build record, which is also the job. `lease_owner` runs it until `lease_until_ms`; `lease_epoch` fences off earlier owners. */
export interface BuildRecordTable {
  /** The order of creation, used for paging lists. */
  sequence: Generated<number>;
  build_record_id: string;
  instance_id: string;
  repo_id: string;
  status: string;
  image_tag: string;
  source: string;
  dockerfile: string;
  build_args: string;
  use_cache: number;
  created_ms: number;
  started_ms: number | null;
  ended_ms: number | null;
  failure: string | null;
  image_digest: string | null;
  commit_id: string | null;
  cancel_requested: Generated<number>;
  lease_owner: string | null;
  lease_epoch: Generated<number>;
  lease_until_ms: number | null;
  build_rule_id: string | null;
  commit_author: string | null;
  commit_message: string | null;
  base_images: string | null;
  superseded_by: string | null;
  /** JSON: who requested that it be cancelled, and why. */
  cancellation: string | null;
  log_bytes: number | null;
  log_expired_ms: number | null;
  /** `begun` while the build moves its tag, `done` afterwards. */
  tag_move: string | null;
  /** Why the log of a build that ended may lack lines; null if it has all, and if the record is older than this column. */
  lost_lines: string | null;
  /** JSON: for whom it builds. Null if it was created before this column existed. */
  requesters: string | null;
  /** JSON. Null if there are none. */
  options: string | null;
  /** Null if it was created before requesters were recorded. */
  trigger: string | null;
  /** The branch or Git tag, by its short name. Null if the source has none, or the default branch was meant. */
  branch: string | null;
}

/** A bearer token of the native API, identified by the hash of its text. */
export interface BearerTokenTable {
  token_id: string;
  token_sha256: string;
  access_key_id: string;
  principal_arn: string;
  created_ms: number;
  expires_ms: number;
}
