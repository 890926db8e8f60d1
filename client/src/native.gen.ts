// Made by npm run gen from spec/native.json. Change the data, not this file.

export type Uuid = string;
export type TimeMs = number;
export type StepPlace = string;
export type Count = number;
export type Cursor = string;
export type BuildStatus = 'PENDING' | 'BUILDING' | 'SUCCESS' | 'FAILED' | 'CANCELED';
export type BuildStage = 'GIT_CLONE' | 'DOCKER_IMAGE_BUILD' | 'DOCKER_IMAGE_PUSH';
export type Verdict = 'complete' | 'partial';
export type CodeRepoType = 'GITHUB' | 'GITLAB' | 'GITEE' | 'CODE' | 'CODEUP';
export type StatusApi = 'GITHUB' | 'GITLAB' | 'GITEA' | 'GITEE';
export interface Failure { Fault: 'source' | 'settings' | 'machine' | 'outside' | 'cancelled'; Kind?: string | undefined; Message: string }
export interface Line { LineNumber: number; Message: string; BuildStage: BuildStage; Step: number; Attempt: number; Time?: TimeMs | undefined; Continued: boolean }
export interface Seal { lineCount: number; sizeBytes: number; sha256: string; maskedValues?: number | undefined; droppedLines?: number | undefined; verdict: Verdict; reason?: string | undefined; ranges: readonly { firstLine: number; lastLine: number; reason: string }[]; sealedAtMs: TimeMs; blockCount: number; archiveBytes: number }
export interface Build { BuildRecordId: Uuid; InstanceId: string; RepoId: string; Repository: string; ImageTag: string; Status: BuildStatus; Failure?: Failure | undefined; ImageDigest?: string | undefined; CommitId?: string | undefined; CommitAuthor?: string | undefined; CommitMessage?: string | undefined; BaseImages?: readonly { Name: string; Digest: string; Platform?: string | undefined }[] | undefined; BuildRuleId?: string | undefined; Trigger?: 'call' | 'rule' | 'push' | 'pull-request' | 'rebuild' | undefined; Branch?: string | undefined; Requesters?: readonly { Part: 'call' | 'rule' | 'source' | 'record'; Arn?: string | undefined }[] | undefined; Source: { Kind: 'git' | 'code-host' | 'archive'; Name?: string | undefined; Url?: string | undefined; Ref?: string | undefined }; Dockerfile: string; BuildArgs: readonly string[]; Options: ShownBuildOptions; Attempt: number; SupersededBy?: string | undefined; Cancellation?: { Cause: 'call' | 'superseded' | 'repository-deleted'; Time: TimeMs; Arn?: string | undefined } | undefined; CreateTime: TimeMs; StartTime?: TimeMs | undefined; EndTime?: TimeMs | undefined; LogExpireTime?: number | undefined }
export interface LifecycleRun { RunId: string; RuleId: string; DryRun: boolean; RequestedBy?: string | undefined; Status: 'waiting' | 'running' | 'done' | 'failed'; CreateTime: TimeMs; StartTime?: TimeMs | undefined; EndTime?: TimeMs | undefined; Failure?: string | undefined; Repositories: number; KeptTags: Count; RemovedTags: number; RemovedManifests: number }
export interface AdvisorySet { AdvisorySetId: Uuid; Name: string; Source: AdvisorySource; Count: Count; DataTime: number; PublishTime: TimeMs; CreatedBy: string }
export type AdvisorySource = 'OSV' | 'DEBIAN' | 'ALPINE';
export interface NewAdvisorySet { Name: string; Source: AdvisorySource; DataTime: number }
export type Severity = 'High' | 'Medium' | 'Low' | 'Unknown';
export interface NewAdvisories { Advisories: readonly { Ecosystem: string; Package: string; Name: string; Alias?: string | undefined; Severity: Severity; Summary?: string | undefined; Link?: string | undefined; Ranges?: readonly { Introduced: string; Fixed?: string | undefined; LastAffected?: string | undefined }[] | undefined; Versions?: readonly string[] | undefined }[] }
export interface ImageScan { ScanTaskId: Uuid; Digest: string; ScanType: ScanType; Status: 'SCANNING' | 'COMPLETE' | 'RETRYING' | 'FAILED'; Reason?: string | undefined; CreateTime: TimeMs; EndTime?: TimeMs | undefined; Scanner: string; DatabaseVersion?: string | undefined; DatabaseTime?: number | undefined; DatabaseIsOld: boolean; Counts?: { High: Count; Medium: Count; Low: Count; Unknown: Count } | undefined; Unchecked: readonly string[] }
export type ScanType = 'VUL' | 'SBOM';
export interface SpaceState { DiskBytes: Count; FreeBytes: Count; Parts: readonly { Part: 'logs' | 'images' | 'sources' | 'database' | 'caches' | 'bases'; SizeBytes: Count; ReclaimableBytes: Count }[]; Stored?: readonly { Part: 'logs' | 'images' | 'sources' | 'charts' | 'database'; Count: number; SizeBytes: Count; ReclaimableBytes: Count }[] | undefined }
export interface GarbageCollection { RunningSince?: TimeMs | undefined; Last?: { StartTime: TimeMs; EndTime: TimeMs; Manifests: Count; Layers: Count; FreedBytes: Count; PausedMs: number; Failure?: string | undefined } | undefined }
export interface NewEventRule { Name: string; EventType: 'cr:Artifact:DeliveryChainCompleted' | 'cr:Artifact:SynchronizationCompleted' | 'cr:Artifact:BuildCompleted' | 'cr:Artifact:ScanCompleted' | 'cr:Artifact:SigningCompleted' | 'cr:Artifact:PushCompleted'; Scope?: 'INSTANCE' | 'NAMESPACE' | 'REPO' | undefined; Namespaces?: readonly string[] | undefined; RepoNames?: readonly string[] | undefined; RepoTagFilterPattern?: string | undefined; Method: 'http' | 'https' | 'dingding' | 'mail'; Url: string }
export interface Delivery { DeliveryId: string; State: 'waiting' | 'delivered' | 'failed' | 'untriggered'; Repository: string; Tag: string; Body: string; Attempts: Count; CreateTime: TimeMs; AttemptTime?: number | undefined; StatusCode?: number | undefined; Reply?: string | undefined; Failure?: string | undefined }
export interface HookDelivery { DeliveryId: Uuid; ReceiveTime: TimeMs; Result: 'built' | 'nothing' | 'refused'; Event?: { Kind: 'branch' | 'tag' | 'pull-request'; Name: string; PullRequest?: number | undefined; CommitId?: string | undefined } | undefined; Builds: readonly { BuildRecordId: Uuid; ImageTag: string }[]; Notes: readonly string[]; RedeliveredBy?: string | undefined }
export interface ImageTag { Tag: string; Digest: string; MediaType: string; ImageId?: string | undefined; SizeBytes: number; CreateTime: TimeMs; UpdateTime: number; PushedBy?: string | undefined; Origin: 'push' | 'build' | 'copy' | 'sync' | 'subscription' | 'convert' | 'restore' | 'retag' | 'adopted'; LastPullTime?: TimeMs | undefined; PullCount: number; BuildRecordId?: Uuid | undefined; BuildTime?: TimeMs | undefined; CommitId?: string | undefined; Platforms?: readonly string[] | undefined }
export interface BuildOptions { Target?: string | undefined; Platforms?: readonly string[] | undefined; NoCache?: boolean | undefined; Pull?: boolean | undefined; Labels?: Readonly<Record<string, string>> | undefined; CacheFrom?: readonly string[] | undefined; CacheTo?: { Reference: string; Mode?: 'min' | 'max' | undefined } | undefined }
export interface ShownBuildOptions { Target?: string | undefined; Platforms?: readonly string[] | undefined; NoCache?: boolean | undefined; Pull?: boolean | undefined; Labels?: Readonly<Record<string, string>> | undefined; CacheFrom?: readonly string[] | undefined; CacheTo?: { Reference: string; Mode?: 'min' | 'max' | undefined } | undefined; Secrets?: readonly string[] | undefined; SshKeys?: readonly string[] | undefined; BuildContexts?: readonly { Name: string; Kind: 'archive' | 'git' | 'image'; Image?: string | undefined; GitUrl?: string | undefined; Ref?: string | undefined }[] | undefined }
export interface NewBuild { Target?: string | undefined; Platforms?: readonly string[] | undefined; NoCache?: boolean | undefined; Pull?: boolean | undefined; Labels?: Readonly<Record<string, string>> | undefined; CacheFrom?: readonly string[] | undefined; CacheTo?: { Reference: string; Mode?: 'min' | 'max' | undefined } | undefined; Secrets?: Readonly<Record<string, string>> | undefined; SshKeys?: Readonly<Record<string, string>> | undefined; BuildContexts?: readonly { Name: string; ArchiveId?: string | undefined; Image?: string | undefined; GitUrl?: string | undefined; Ref?: string | undefined }[] | undefined; Image: string; Source: { ArchiveId?: string | undefined; Name?: string | undefined; GitUrl?: string | undefined; Ref?: string | undefined }; Dockerfile?: string | undefined; BuildArgs?: readonly string[] | undefined }
export interface Step { Step: number; Stage: number; StageCount: number; StageName?: string | undefined; Number: number; NumberCount: number; Instruction: string; Platform?: string | undefined; TargetPlatform?: string | undefined; Cached: boolean; StartTime: TimeMs; EndTime?: TimeMs | undefined; ExitCode?: number | undefined; FirstLine?: number | undefined; LastLine?: number | undefined }
export interface BuildSecret { Name: string; Repository?: string | undefined; CreateTime: TimeMs; ModifiedTime: TimeMs }
export interface Cache { Repository?: string | undefined; SizeBytes: number; UsedTime: number; InUse: boolean }
export interface NewBuildSecret { Value: string }
export interface Card { BuildRecordId: Uuid; Status: BuildStatus; Failure?: Failure | undefined; Summary?: string | undefined; Whose?: string | undefined; Fixes: readonly { Text: string; Setting?: string | undefined; Command?: string | undefined }[]; ExitCode?: number | undefined; Step?: { BuildStage: BuildStage; Step: number; Place?: StepPlace | undefined; Instruction?: string | undefined; FirstLine: number } | undefined; Dockerfile?: { Path: string; FirstLine: number; LastLine: number; Lines: readonly string[] } | undefined; ErrorLine?: Line | undefined; IsGuess?: boolean | undefined; LastLines: readonly Line[]; LastGoodBuildRecordId?: string | undefined; Verdict?: Verdict | undefined }
export interface CodeHost { CodeRepoType: CodeRepoType; BaseUrl: string; User?: string | undefined; HasToken: boolean; SshKey?: string | undefined; HostKeys?: readonly { Type: string; Fingerprint: string }[] | undefined; AllowPrivate: boolean; StatusApi?: StatusApi | undefined; StatusUrl?: string | undefined; StatusFailure?: string | undefined; StatusFailureTime?: TimeMs | undefined; CreateTime: TimeMs; ModifiedTime: TimeMs }
export interface NewCodeHost { BaseUrl: string; User?: string | undefined; Token?: string | undefined; SshKey?: string | undefined; KnownHosts?: string | undefined; AllowPrivate?: boolean | undefined; StatusApi?: string | undefined; StatusUrl?: string | undefined; StatusToken?: string | undefined }
export interface Registry { Host: string; Mirrors: readonly string[]; HasLogin: boolean; User?: string | undefined; Namespaces?: readonly string[] | undefined; PlainHttp: boolean; AllowPrivate: boolean; CreateTime: TimeMs; ModifiedTime: TimeMs }
export interface NewRegistryLogin { User: string; Password: string; Namespaces?: readonly string[] | undefined }
export interface RegistryMirrors { Mirrors: readonly string[] }
export interface RegistryReach { PlainHttp?: boolean | undefined; AllowPrivate?: boolean | undefined }
export interface Token { TokenId: string; AccessKeyId: string; CreateTime: TimeMs; ExpireTime: TimeMs }
export interface NewSession { AccessKeyId: string; AccessKeySecret: string; SecurityToken: string; ExpireTime: TimeMs; Arn?: string | undefined; InstanceId: string; RegionId: string }
export interface PasswordSignIn { UserName: string; Password: string; NewPassword?: string | undefined }
export interface MayQuestion { Calls: readonly { Action: string; Resource?: string | undefined }[] }
export interface PolicyText { PolicyDocument: string }
export interface PolicyQuestion { Action: string; Resource?: string | undefined; UserName?: string | undefined; RoleName?: string | undefined; PolicyDocument?: string | undefined; SourceIp?: string | undefined; Time?: string | undefined; SecureTransport?: boolean | undefined }
export interface Call { Time: TimeMs; RequestId?: string | undefined; Caller?: string | undefined; AccessKeyId?: string | undefined; Action?: string | undefined; Resource?: string | undefined; SourceIp?: string | undefined; Denied: boolean; Code: string; Count: number }
export interface Bucket { StartTime: TimeMs; Succeeded: Count; Failed: Count; Cancelled: Count; MeanDuration?: number | undefined; MeanWait?: number | undefined }
export interface DiffSide { BuildStage?: string | undefined; Step?: number | undefined; Place?: StepPlace | undefined; Instruction?: string | undefined; ExitCode?: number | undefined; LineNumber?: number | undefined; Lines: readonly Line[] }
export interface DiffStep { Step: number; Place: StepPlace; Instruction?: string | undefined; Cached: boolean; ExitCode?: number | undefined; DurationMs?: number | undefined; FirstLine: number }
export interface Hit { BuildRecordId: Uuid; Line: Line; Before: readonly Line[]; After: readonly Line[] }
export interface Verification { BuildRecordId: Uuid; Sealed: boolean; TotalCount: number; Damage: readonly { Block?: number | undefined; FirstLine?: number | undefined; LastLine?: number | undefined; Reason: string }[] }
export interface Section { BuildStage: BuildStage; Step: number; Attempt: number; Place?: StepPlace | undefined; Instruction?: string | undefined; Platform?: string | undefined; FirstLine: number; LineCount: number; StartTime?: TimeMs | undefined; EndTime?: TimeMs | undefined }
export interface EndEvent { Status?: BuildStatus | undefined; Failure?: Failure | undefined; TotalCount: number; Seal?: Seal | undefined }

/** The parameters of every operation that answers JSON, and its whole reply. */
export interface NativeCalls {
  createSource: {
    params: { repository?: string | number | undefined };
    reply: { RequestId: string } & { ArchiveId: Uuid };
  };
  createChangedSource: {
    params: { archive: string; repository?: string | number | undefined };
    reply: { RequestId: string } & { ArchiveId: Uuid };
  };
  listBuildSecrets: {
    params: { repository?: string | number | undefined };
    reply: { RequestId: string } & { Secrets: readonly BuildSecret[] };
  };
  listCaches: {
    params: { repository?: string | number | undefined };
    reply: { RequestId: string } & { Caches: readonly Cache[] };
  };
  removeCaches: {
    params: { repository?: string | number | undefined };
    reply: { RequestId: string } & { Removed: readonly Cache[]; Kept: readonly Cache[] };
  };
  setBuildSecret: {
    params: { secret: string; repository?: string | number | undefined } & NewBuildSecret;
    reply: { RequestId: string } & BuildSecret;
  };
  removeBuildSecret: {
    params: { secret: string; repository?: string | number | undefined };
    reply: { RequestId: string } & Record<never, never>;
  };
  listBuilds: {
    params: { repository?: string | number | undefined; status?: string | number | undefined; trigger?: string | number | undefined; branch?: string | number | undefined; author?: string | number | undefined; since?: string | number | undefined; until?: string | number | undefined; search?: string | number | undefined; id?: string | number | undefined; commit?: string | number | undefined; limit?: number | string | undefined; cursor?: number | string | undefined };
    reply: { RequestId: string } & { Builds: readonly Build[]; Cursor?: Cursor | undefined; SearchedBackTo?: number | undefined };
  };
  createBuild: {
    params: {  } & NewBuild;
    reply: { RequestId: string } & { BuildRecordId: Uuid; InstanceId: string; RepoId: string };
  };
  getBuild: {
    params: { id: string };
    reply: { RequestId: string } & Build & { SourceUrl?: string | undefined; CommitUrl?: string | undefined; QueuePosition?: number | undefined; WaitReason?: string | undefined; ExpectedDuration?: number | undefined; LineCount: number; Seal?: Seal | undefined };
  };
  listSteps: {
    params: { id: string };
    reply: { RequestId: string } & { BuildRecordId: Uuid; Status: BuildStatus; Steps: readonly Step[] };
  };
  listCodeHosts: {
    params: {  };
    reply: { RequestId: string } & { Sources: readonly CodeHost[] };
  };
  setCodeHost: {
    params: { type: string } & NewCodeHost;
    reply: { RequestId: string } & CodeHost;
  };
  removeCodeHost: {
    params: { type: string };
    reply: { RequestId: string } & Record<never, never>;
  };
  listRegistries: {
    params: {  };
    reply: { RequestId: string } & { Registries: readonly Registry[] };
  };
  setRegistryLogin: {
    params: { host: string } & NewRegistryLogin;
    reply: { RequestId: string } & Registry;
  };
  removeRegistryLogin: {
    params: { host: string };
    reply: { RequestId: string } & Registry;
  };
  setRegistryMirrors: {
    params: { host: string } & RegistryMirrors;
    reply: { RequestId: string } & Registry;
  };
  setRegistryReach: {
    params: { host: string } & RegistryReach;
    reply: { RequestId: string } & Registry;
  };
  removeRegistry: {
    params: { host: string };
    reply: { RequestId: string } & Record<never, never>;
  };
  createHook: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & { Url: string; Secret: string; AutoBuild?: boolean | undefined };
  };
  getHook: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & { Url?: string | undefined; CreateTime?: TimeMs | undefined; Deliveries: readonly HookDelivery[] };
  };
  redeliverHook: {
    params: { namespace: string; name: string; deliveryId: string };
    reply: { RequestId: string } & HookDelivery;
  };
  buildRule: {
    params: { namespace: string; name: string; buildRuleId: string; push?: string | number | undefined };
    reply: { RequestId: string } & { BuildRecordId: Uuid; ImageTag: string };
  };
  listSourceRefs: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & { Url: string; Problem?: string | undefined; Branches: readonly string[]; Tags: readonly string[]; IsCut: boolean };
  };
  matchRules: {
    params: { namespace: string; name: string; push: string | number; type?: string | number | undefined };
    reply: { RequestId: string } & { Rules: readonly { BuildRuleId: string; PushName: string; ImageTag?: string | undefined; Mistake?: string | undefined }[]; AutoBuild: boolean };
  };
  listTriggers: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & { Triggers: readonly { TriggerId: string; Name: string; Type: 'ALL' | 'TAG_LIST' | 'TAG_LISTTAG' | 'TAG_REG_EXP'; Tag?: string | undefined; Url: string; FailingSince?: number | undefined; NextAttempt?: number | undefined; LastDelivery?: Delivery | undefined }[] };
  };
  createEventRule: {
    params: {  } & NewEventRule;
    reply: { RequestId: string } & { RuleId: string };
  };
  listEventRules: {
    params: {  };
    reply: { RequestId: string } & { Rules: readonly { RuleId: string; Name: string; EventType: string; Scope: 'INSTANCE' | 'NAMESPACE' | 'REPO'; Namespaces: readonly string[]; RepoNames: readonly string[]; RepoTagFilterPattern?: string | undefined; Method: 'http' | 'https' | 'dingding' | 'mail'; Url: string; FailingSince?: number | undefined; LastDelivery?: Delivery | undefined }[] };
  };
  createEventRuleSecret: {
    params: { ruleId: string };
    reply: { RequestId: string } & { Secret: string };
  };
  listEventDeliveries: {
    params: { ruleId: string; limit?: number | string | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Deliveries: readonly Delivery[]; Cursor?: Cursor | undefined };
  };
  createTriggerSecret: {
    params: { namespace: string; name: string; triggerId: string };
    reply: { RequestId: string } & { Secret: string };
  };
  listDeliveries: {
    params: { namespace: string; name: string; triggerId: string; untriggered?: boolean | undefined; limit?: number | string | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Deliveries: readonly Delivery[]; Cursor?: Cursor | undefined };
  };
  listTags: {
    params: { namespace: string; name: string; limit?: number | string | undefined; contains?: string | number | undefined; sort?: string | number | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Tags: readonly ImageTag[]; TotalCount: Count; Cursor?: Cursor | undefined };
  };
  listRemovedTags: {
    params: { namespace: string; name: string; limit?: number | string | undefined };
    reply: { RequestId: string } & { Tags: readonly { Tag: string; Digest: string; RemoveTime: TimeMs; RemovedBy: string; Why: 'deleted' | 'replaced' | 'subject' | 'repository' | 'lifecycle' | 'denied' }[] };
  };
  listChains: {
    params: { limit?: number | string | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Chains: readonly { ChainId: string; Name: string; Description?: string | undefined; Namespace: string; RepoName?: string | undefined; ScopeExclude: readonly string[]; Version: number; ChainConfig: string; ModifiedTime: TimeMs }[]; Cursor?: Cursor | undefined };
  };
  listChainInstances: {
    params: { namespace?: string | number | undefined; name?: string | number | undefined; chainId?: string | number | undefined; limit?: number | string | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { ChainInstances: readonly { ChainInstanceId: string; ChainId: string; ChainName: string; Version: number; Repository: string; Tag: string; Digest: string; Status: 'RUNNING' | 'COMPLETE' | 'CANCELED'; Result?: 'SUCCESS' | 'FAILED' | 'CANCELED' | 'DENIED' | undefined; Reason?: string | undefined; Nodes: readonly ('VULNERABILITY_SCANNING' | 'ACTIVATE_REPLICATION' | 'TRIGGER')[]; Node?: 'VULNERABILITY_SCANNING' | 'ACTIVATE_REPLICATION' | undefined; ScanTaskId?: string | undefined; StartTime: TimeMs; EndTime?: TimeMs | undefined }[]; Cursor?: Cursor | undefined };
  };
  setTag: {
    params: { namespace: string; name: string; tag: string; digest: string | number };
    reply: { RequestId: string } & { Tag: string; Digest: string };
  };
  restoreTag: {
    params: { namespace: string; name: string; tag: string; digest?: string | number | undefined };
    reply: { RequestId: string } & { Tag: string; Digest: string };
  };
  findImageBuild: {
    params: { namespace: string; name: string; reference: string };
    reply: { RequestId: string } & { BuildRecordId: Uuid; Digest: string };
  };
  planRepositoryLifecycle: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & { Rules: readonly { RuleId: string; Scope: 'INSTANCE' | 'NAMESPACE' | 'REPO'; NamespaceName?: string | undefined; RepoName?: string | undefined; RetentionTagCount?: number | undefined; TagRegexp?: string | undefined; Auto: boolean; ScheduleTime?: 'WEEK' | 'MONTH' | undefined; DryRun: boolean; NextTime?: TimeMs | undefined; MatchesNone: boolean }[]; KeptTags: Count; RemovedTags: Count; Tags: readonly string[] };
  };
  planLifecycleRule: {
    params: { ruleId: string };
    reply: { RequestId: string } & LifecycleRun;
  };
  getAcceleration: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & { BuildRuleId?: string | undefined; PriorityFiles: readonly string[]; Tasks: readonly { BuildTaskId: string; Tag: string; Digest: string; TargetTag: string; TargetDigest?: string | undefined; TaskStatus: 'PENDING' | 'BUILDING' | 'SUCCESS' | 'FAILED'; Reason?: string | undefined; CreateTime: TimeMs; StartTime?: TimeMs | undefined; EndTime?: TimeMs | undefined }[] };
  };
  removeAcceleration: {
    params: { namespace: string; name: string };
    reply: { RequestId: string } & Record<never, never>;
  };
  runLifecycleRule: {
    params: { ruleId: string };
    reply: { RequestId: string } & LifecycleRun;
  };
  listLifecycleRuns: {
    params: { rule?: string | number | undefined; limit?: number | string | undefined };
    reply: { RequestId: string } & { Runs: readonly LifecycleRun[] };
  };
  getLifecycleRun: {
    params: { runId: string; cursor?: string | number | undefined };
    reply: { RequestId: string } & LifecycleRun & { Removals: readonly { Repository: string; RemovedTags: Count; RemovedManifests: Count; Tags: readonly string[]; MatchesNone: boolean }[]; Cursor?: Cursor | undefined };
  };
  collectGarbage: {
    params: { keepHours?: number | string | undefined };
    reply: { RequestId: string } & GarbageCollection;
  };
  getGarbageCollection: {
    params: {  };
    reply: { RequestId: string } & GarbageCollection;
  };
  getSpace: {
    params: {  };
    reply: { RequestId: string } & SpaceState;
  };
  getMachine: {
    params: {  };
    reply: { RequestId: string } & { Versions: { Slipway: string; Node: string; Kernel: string; System?: string | undefined; Git?: string | undefined; Builder?: string | undefined }; Limits: { OpenFiles?: Count | undefined; Processes?: Count | undefined; InotifyWatches?: Count | undefined; InotifyInstances?: Count | undefined; MemoryBytes: Count; AvailableMemoryBytes?: Count | undefined; CgroupMemoryBytes?: Count | undefined; CgroupProcesses?: Count | undefined }; Disk: { SizeBytes: Count; FreeBytes: Count; Inodes: Count; FreeInodes: Count }; Clock: { Time: TimeMs; Synchronized?: boolean | undefined }; Findings: readonly { What: string; Fix: string }[]; Host: { Name: string; Processors: number }; Builds: { Running: Count; Waiting: Count; Slots: number; Paused: boolean; WaitReason?: string | undefined }; Database: 'SQLite' | 'PostgreSQL'; LastBackup?: { Time: TimeMs; Place: string; Name: string; Files: Count; SizeBytes: Count; Problems: number; VerifyTime?: TimeMs | undefined; VerifyProblems?: number | undefined } | undefined };
  };
  listSettings: {
    params: {  };
    reply: { RequestId: string } & { Settings: readonly { Name: string; Value?: string | undefined; Default?: string | undefined; Origin: 'flag' | 'environment' | 'file' | 'default'; Secret: boolean; Description: string }[] };
  };
  reclaimSpace: {
    params: { part: string | number };
    reply: { RequestId: string } & { FreedBytes: Count };
  };
  createAdvisorySet: {
    params: {  } & NewAdvisorySet;
    reply: { RequestId: string } & { AdvisorySetId: Uuid };
  };
  addAdvisories: {
    params: { setId: string } & NewAdvisories;
    reply: { RequestId: string } & { Count: number };
  };
  publishAdvisorySet: {
    params: { setId: string };
    reply: { RequestId: string } & AdvisorySet;
  };
  listAdvisorySets: {
    params: {  };
    reply: { RequestId: string } & { AdvisorySets: readonly AdvisorySet[] };
  };
  removeAdvisorySet: {
    params: { setId: string };
    reply: { RequestId: string } & Record<never, never>;
  };
  getImageScan: {
    params: { namespace: string; name: string; reference: string; type?: string | number | undefined };
    reply: { RequestId: string } & ImageScan;
  };
  listTagScans: {
    params: { namespace: string; name: string; limit?: number | string | undefined; contains?: string | number | undefined; sort?: string | number | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Scans: readonly ImageScan[] };
  };
  checkImages: {
    params: {  };
    reply: { RequestId: string } & { Manifests: number; Differences: readonly { Repository: string; Digest: string; Kind: 'missing' | 'incomplete' | 'damaged' | 'unknown'; Tags: readonly string[]; Layers: readonly string[] }[]; More: boolean };
  };
  listFailing: {
    params: { repository?: string | number | undefined; limit?: number | string | undefined; cursor?: number | string | undefined };
    reply: { RequestId: string } & { Builds: readonly Build[]; Cursor?: Cursor | undefined };
  };
  getStatistics: {
    params: { period?: string | number | undefined; repository?: string | number | undefined };
    reply: { RequestId: string } & { BucketLength: number; Buckets: readonly Bucket[] };
  };
  listSections: {
    params: { id: string };
    reply: { RequestId: string } & { BuildRecordId: Uuid; Sections: readonly Section[] };
  };
  diffBuilds: {
    params: { id: string; with?: string | number | undefined };
    reply: { RequestId: string } & { BuildRecordId: Uuid; Status: BuildStatus; WithBuildRecordId: Uuid; WithStatus: BuildStatus; CommitId?: string | undefined; WithCommitId?: string | undefined; BaseImages: readonly { Name: string; Digest?: string | undefined; WithDigest?: string | undefined }[]; First?: { Kind: 'lines' | 'exit-code' | 'step'; Build: DiffSide; With: DiffSide } | undefined; Steps: readonly { Build?: DiffStep | undefined; With?: DiffStep | undefined }[]; ComparedLines: number; Complete: boolean };
  };
  getCard: {
    params: { id: string };
    reply: { RequestId: string } & Card;
  };
  getLogPage: {
    params: { id: string; offset?: number | string | undefined; limit?: number | string | undefined; stage?: string | number | undefined; step?: number | string | undefined; since?: string | number | undefined };
    reply: { RequestId: string } & { BuildRecordId: Uuid; Status: BuildStatus; Offset: number; TotalCount: number; NextOffset?: number | undefined; Sealed: boolean; Verdict?: Verdict | undefined; Lines: readonly Line[] };
  };
  getSeal: {
    params: { id: string };
    reply: { RequestId: string } & { BuildRecordId: Uuid; Status: BuildStatus; Sealed: boolean; LogExpireTime?: TimeMs | undefined; Seal?: Seal | undefined };
  };
  verifyLog: {
    params: { id: string };
    reply: { RequestId: string } & Verification;
  };
  repairLog: {
    params: { id: string };
    reply: { RequestId: string } & Verification & { Repaired: boolean; Seal?: Seal | undefined };
  };
  searchLog: {
    params: { id: string; q?: string | number | undefined; regex?: string | number | undefined; ignorecase?: boolean | undefined; context?: number | string | undefined; limit?: number | string | undefined; stage?: string | number | undefined; step?: number | string | undefined; since?: string | number | undefined; cursor?: number | string | undefined };
    reply: { RequestId: string } & { Hits: readonly Hit[]; ScannedBytes: number; Cursor?: Cursor | undefined };
  };
  searchLogs: {
    params: { repository?: string | number | undefined; status?: string | number | undefined; trigger?: string | number | undefined; branch?: string | number | undefined; author?: string | number | undefined; buildsince?: string | number | undefined; builduntil?: string | number | undefined; q?: string | number | undefined; regex?: string | number | undefined; ignorecase?: boolean | undefined; context?: number | string | undefined; limit?: number | string | undefined; stage?: string | number | undefined; step?: number | string | undefined; since?: string | number | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Hits: readonly Hit[]; Builds: readonly Build[]; SearchedBuilds: number; DamagedBuilds: readonly string[]; SearchedBackTo?: number | undefined; ScannedBytes: number; Cursor?: Cursor | undefined };
  };
  listCalls: {
    params: { request?: string | number | undefined; caller?: string | number | undefined; key?: string | number | undefined; action?: string | number | undefined; result?: string | number | undefined; since?: string | number | undefined; until?: string | number | undefined; limit?: number | string | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Calls: readonly Call[]; Cursor?: Cursor | undefined };
  };
  simulatePolicy: {
    params: {  } & PolicyQuestion;
    reply: { RequestId: string } & { Allowed: boolean; Reason: string; Explanation: string; Considered: readonly { Policy: string; Statement: number; Effect: string; Outcome: string }[] };
  };
  checkPolicy: {
    params: {  } & PolicyText;
    reply: { RequestId: string } & { Notes: readonly { Line: number; Column: number; Severity: 'Error' | 'Warning'; Message: string }[] };
  };
  listPolicyActions: {
    params: {  };
    reply: { RequestId: string } & { Actions: readonly { Action: string; Resources: readonly string[] }[] };
  };
  listAllowedCallers: {
    params: { action: string | number; resource?: string | number | undefined; cursor?: string | number | undefined };
    reply: { RequestId: string } & { Callers: readonly { UserName?: string | undefined; RoleName?: string | undefined; Allowed: boolean; Policy: string; Statement: number }[]; Cursor?: Cursor | undefined };
  };
  listTokens: {
    params: {  };
    reply: { RequestId: string } & { Tokens: readonly Token[] };
  };
  createToken: {
    params: {  };
    reply: { RequestId: string } & Token & { Token: string };
  };
  deleteToken: {
    params: { tokenId: string };
    reply: { RequestId: string } & Record<never, never>;
  };
  getServer: {
    params: {  };
    reply: { RequestId: string } & { InstanceId: string; Version: string; PublicUrl?: string | undefined };
  };
  openSession: {
    params: {  };
    reply: { RequestId: string } & NewSession;
  };
  closeSession: {
    params: {  };
    reply: { RequestId: string } & Record<never, never>;
  };
  openSessionByPassword: {
    params: {  } & PasswordSignIn;
    reply: { RequestId: string } & NewSession;
  };
  renewSession: {
    params: {  };
    reply: { RequestId: string } & NewSession;
  };
  mayCaller: {
    params: {  } & MayQuestion;
    reply: { RequestId: string } & { Allowed: readonly boolean[] };
  };
}

export type NativeName = keyof NativeCalls;
