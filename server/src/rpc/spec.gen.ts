// Made by npm run gen from spec/. Change the spec, not this file.
import type { OperationSpec } from './operation-spec.ts';

/** Parameters and replies of every operation; the gateway adds RequestId, Code, IsSuccess and Success to replies. */
export interface Operations {
  AddUserToGroup: {
    params: {
      UserName: string;
      GroupName: string;
    };
    reply: Record<never, never>;
  };
  AssumeRole: {
    params: {
      RoleArn: string;
      RoleSessionName: string;
      DurationSeconds?: number | undefined;
      Policy?: string | undefined;
      ExternalId?: string | undefined;
      SourceIdentity?: string | undefined;
    };
    reply: {
      AssumedRoleUser?: { Arn?: string | undefined; AssumedRoleId?: string | undefined } | undefined;
      Credentials?: { AccessKeyId?: string | undefined; AccessKeySecret?: string | undefined; SecurityToken?: string | undefined; Expiration?: string | undefined } | undefined;
      SourceIdentity?: string | undefined;
    };
  };
  AttachPolicyToGroup: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      GroupName: string;
    };
    reply: Record<never, never>;
  };
  AttachPolicyToRole: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      RoleName: string;
    };
    reply: Record<never, never>;
  };
  AttachPolicyToUser: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      UserName: string;
    };
    reply: Record<never, never>;
  };
  CancelArtifactBuildTask: {
    params: {
      BuildTaskId: string;
      InstanceId: string;
    };
    reply: Record<never, never>;
  };
  CancelRepoBuildRecord: {
    params: {
      BuildRecordId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: Record<never, never>;
  };
  CancelRepoSyncTask: {
    params: {
      InstanceId: string;
      SyncTaskId: string;
    };
    reply: Record<never, never>;
  };
  ChangePassword: {
    params: {
      OldPassword: string;
      NewPassword: string;
    };
    reply: Record<never, never>;
  };
  ChangeResourceGroup: {
    params: {
      ResourceGroupId: string;
      ResourceId: string;
      ResourceRegionId: string;
    };
    reply: Record<never, never>;
  };
  ClearAccountAlias: {
    params: Record<never, never>;
    reply: Record<never, never>;
  };
  CreateAccessKey: {
    params: {
      UserName?: string | undefined;
    };
    reply: {
      AccessKey?: { AccessKeyId?: string | undefined; AccessKeySecret?: string | undefined; Status?: string | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  CreateArtifactBuildRule: {
    params: {
      ArtifactType: string;
      InstanceId: string;
      Parameters?: Readonly<Record<string, unknown>> | undefined;
      ScopeId: string;
      ScopeType: 'REPOSITORY';
    };
    reply: {
      BuildRuleId?: string | undefined;
    };
  };
  CreateArtifactLifecycleRule: {
    params: {
      Auto?: boolean | undefined;
      DryRun?: boolean | undefined;
      EnableDeleteTag?: boolean | undefined;
      EnableDeleteUntaggedManifest?: boolean | undefined;
      InstanceId: string;
      NamespaceName?: string | undefined;
      RepoName?: string | undefined;
      RetentionTagCount?: number | undefined;
      ScheduleTime?: string | undefined;
      Scope?: string | undefined;
      TagRegexp?: string | undefined;
    };
    reply: {
      RuleId?: string | undefined;
    };
  };
  CreateArtifactSubscriptionRule: {
    params: {
      Accelerate?: boolean | undefined;
      InstanceId: string;
      NamespaceName: string;
      Override?: boolean | undefined;
      Platform: readonly string[];
      RepoName: string;
      SourceNamespaceName?: string | undefined;
      SourceProvider: string;
      SourceRepoName: string;
      TagCount: number;
      TagRegexp: string;
    };
    reply: {
      RuleId?: string | undefined;
    };
  };
  CreateArtifactSubscriptionTask: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      TaskId?: string | undefined;
    };
  };
  CreateBuildRecordByRecord: {
    params: {
      BuildRecordId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      BuildRecordId?: string | undefined;
    };
  };
  CreateBuildRecordByRule: {
    params: {
      BuildRuleId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      BuildRecordId?: string | undefined;
    };
  };
  CreateChain: {
    params: {
      ChainConfig?: string | undefined;
      Description?: string | undefined;
      InstanceId: string;
      Name: string;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      ScopeExclude?: readonly string[] | undefined;
    };
    reply: {
      ChainId?: string | undefined;
    };
  };
  CreateChartNamespace: {
    params: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      InstanceId: string;
      NamespaceName: string;
    };
    reply: Record<never, never>;
  };
  CreateChartRepository: {
    params: {
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
      RepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      Summary?: string | undefined;
    };
    reply: {
      RepoId?: string | undefined;
    };
  };
  CreateGroup: {
    params: {
      GroupName: string;
      Comments?: string | undefined;
    };
    reply: {
      Group?: { GroupId?: string | undefined; GroupName?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  CreateInstanceCustomizedDomain: {
    params: {
      CertId: string;
      CertRegionId?: string | undefined;
      Domain: string;
      InstanceId: string;
      ModuleName: string;
    };
    reply: Record<never, never>;
  };
  CreateInstanceEndpointAclPolicy: {
    params: {
      Comment?: string | undefined;
      EndpointType: string;
      Entries?: readonly { Comment?: string | undefined; Entry?: string | undefined }[] | undefined;
      Entry?: string | undefined;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: Record<never, never>;
  };
  CreateInstanceVpcEndpointLinkedVpc: {
    params: {
      EnableCreateDNSRecordInPvzt?: boolean | undefined;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
      VpcId: string;
      VswitchId: string;
    };
    reply: Record<never, never>;
  };
  CreateLoginProfile: {
    params: {
      UserName: string;
      Password: string;
      PasswordResetRequired?: boolean | undefined;
      MFABindRequired?: boolean | undefined;
    };
    reply: {
      LoginProfile?: { UserName?: string | undefined; PasswordResetRequired?: boolean | undefined; MFABindRequired?: boolean | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  CreateNamespace: {
    params: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoConfiguration?: { ArtifactBuildRuleParameters?: { ImageIndexOnly: boolean } | undefined; RepoType: string; TagImmutability: boolean } | undefined;
      DefaultRepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      InstanceId: string;
      NamespaceName: string;
    };
    reply: Record<never, never>;
  };
  CreatePolicy: {
    params: {
      PolicyName: string;
      PolicyDocument: string;
      Description?: string | undefined;
      RotateStrategy?: 'None' | 'DeleteOldestNonDefaultVersionWhenLimitExceeded' | undefined;
      Tag?: readonly { Key: string; Value?: string | undefined }[] | undefined;
    };
    reply: {
      Policy?: { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  CreatePolicyVersion: {
    params: {
      PolicyName: string;
      PolicyDocument: string;
      SetAsDefault?: boolean | undefined;
      RotateStrategy?: 'None' | 'DeleteOldestNonDefaultVersionWhenLimitExceeded' | undefined;
    };
    reply: {
      PolicyVersion?: { VersionId?: string | undefined; IsDefaultVersion?: boolean | undefined; PolicyDocument?: string | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  CreateRepoBuildRule: {
    params: {
      BuildArgs?: readonly string[] | undefined;
      DockerfileLocation?: string | undefined;
      DockerfileName?: string | undefined;
      ImageTag: string;
      InstanceId: string;
      Platforms?: readonly ('linux/amd64' | 'linux/arm64' | 'linux/386' | 'linux/arm/v7' | 'linux/arm/v6')[] | undefined;
      PushName: string;
      PushType: 'GIT_TAG' | 'GIT_BRANCH';
      RepoId: string;
    };
    reply: {
      BuildRuleId?: string | undefined;
    };
  };
  CreateRepoSourceCodeRepo: {
    params: {
      AutoBuild?: boolean | undefined;
      CodeRepoName: string;
      CodeRepoNamespaceName: string;
      CodeRepoType: 'GITHUB' | 'GITLAB' | 'GITEE' | 'CODE' | 'CODEUP';
      DisableCacheBuild?: boolean | undefined;
      InstanceId: string;
      OverseaBuild?: boolean | undefined;
      RepoId: string;
    };
    reply: Record<never, never>;
  };
  CreateRepoSyncRule: {
    params: {
      InstanceId: string;
      LinkId?: string | undefined;
      NamespaceName?: string | undefined;
      NamespaceNameFilter?: string | undefined;
      Priority?: number | undefined;
      RepoName?: string | undefined;
      RepoNameFilter?: string | undefined;
      SyncRuleName: string;
      SyncScope: 'REPO' | 'NAMESPACE';
      SyncTrigger?: 'INITIATIVE' | 'PASSIVE' | undefined;
      TagFilter: string;
      TargetInstanceId: string;
      TargetNamespaceName?: string | undefined;
      TargetRegionId: string;
      TargetRepoName?: string | undefined;
      TargetUserId?: string | undefined;
    };
    reply: {
      SyncRuleId?: string | undefined;
    };
  };
  CreateRepoSyncTask: {
    params: {
      InstanceId: string;
      Override?: boolean | undefined;
      Priority?: number | undefined;
      RepoId: string;
      Tag: string;
      TargetInstanceId: string;
      TargetNamespace: string;
      TargetRegionId: string;
      TargetRepoName: string;
      TargetTag: string;
      TargetUserId?: string | undefined;
    };
    reply: {
      SyncTaskId?: string | undefined;
    };
  };
  CreateRepoSyncTaskByRule: {
    params: {
      InstanceId: string;
      Priority?: number | undefined;
      RepoId: string;
      SyncRuleId: string;
      Tag: string;
    };
    reply: {
      SyncTaskId?: string | undefined;
    };
  };
  CreateRepoTag: {
    params: {
      FromTag: string;
      InstanceId: string;
      NamespaceName: string;
      RepoName: string;
      ToTag: string;
    };
    reply: Record<never, never>;
  };
  CreateRepoTagScanTask: {
    params: {
      Digest?: string | undefined;
      InstanceId: string;
      RepoId: string;
      ScanService?: string | undefined;
      ScanType?: string | undefined;
      Tag: string;
    };
    reply: Record<never, never>;
  };
  CreateRepoTrigger: {
    params: {
      InstanceId: string;
      RepoId: string;
      TriggerName: string;
      TriggerTag?: string | undefined;
      TriggerType: 'ALL' | 'TAG_LIST' | 'TAG_LISTTAG' | 'TAG_REG_EXP';
      TriggerUrl: string;
    };
    reply: {
      TriggerId?: string | undefined;
    };
  };
  CreateRepository: {
    params: {
      Detail?: string | undefined;
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
      RepoType: 'PUBLIC' | 'PRIVATE';
      Summary: string;
      TagImmutability?: boolean | undefined;
    };
    reply: {
      RepoId?: string | undefined;
    };
  };
  CreateRole: {
    params: {
      RoleName: string;
      AssumeRolePolicyDocument: string;
      Description?: string | undefined;
      MaxSessionDuration?: number | undefined;
      AllowConsoleLogin?: boolean | undefined;
      Tag?: readonly { Key: string; Value?: string | undefined }[] | undefined;
    };
    reply: {
      Role?: { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AssumeRolePolicyDocument?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AllowConsoleLogin?: boolean | undefined } | undefined;
    };
  };
  CreateSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      SAMLProvider?: { SAMLProviderName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  CreateScanRule: {
    params: {
      InstanceId: string;
      Namespaces?: readonly string[] | undefined;
      RepoNames?: readonly string[] | undefined;
      RepoTagFilterPattern: string;
      RuleName: string;
      ScanScope: string;
      ScanType?: 'VUL' | 'SBOM' | undefined;
      TriggerType: string;
    };
    reply: {
      ScanRuleId?: string | undefined;
    };
  };
  CreateStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      Routes: readonly { EndpointType: string; InstanceDomain: string; StorageDomain: string }[];
    };
    reply: {
      RuleId?: string | undefined;
    };
  };
  CreateUser: {
    params: {
      UserName: string;
      DisplayName?: string | undefined;
      MobilePhone?: string | undefined;
      Email?: string | undefined;
      Comments?: string | undefined;
    };
    reply: {
      User?: { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined } | undefined;
    };
  };
  DeleteAccessKey: {
    params: {
      UserName?: string | undefined;
      UserAccessKeyId: string;
    };
    reply: Record<never, never>;
  };
  DeleteArtifactLifecycleRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: Record<never, never>;
  };
  DeleteArtifactSubscriptionRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: Record<never, never>;
  };
  DeleteChain: {
    params: {
      ChainId: string;
      InstanceId: string;
    };
    reply: Record<never, never>;
  };
  DeleteChartNamespace: {
    params: {
      InstanceId: string;
      NamespaceName: string;
    };
    reply: Record<never, never>;
  };
  DeleteChartRelease: {
    params: {
      Chart: string;
      InstanceId: string;
      Release: string;
      RepoName: string;
      RepoNamespaceName: string;
    };
    reply: Record<never, never>;
  };
  DeleteChartRepository: {
    params: {
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
    };
    reply: Record<never, never>;
  };
  DeleteEventCenterRule: {
    params: {
      InstanceId?: string | undefined;
      RuleId?: string | undefined;
    };
    reply: Record<never, never>;
  };
  DeleteGroup: {
    params: {
      GroupName: string;
    };
    reply: Record<never, never>;
  };
  DeleteInstanceCustomizedDomain: {
    params: {
      Domain: string;
      InstanceId: string;
      ModuleName: string;
    };
    reply: Record<never, never>;
  };
  DeleteInstanceEndpointAclPolicy: {
    params: {
      EndpointType: string;
      Entries?: readonly { Comment?: string | undefined; Entry?: string | undefined }[] | undefined;
      Entry?: string | undefined;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: Record<never, never>;
  };
  DeleteInstanceVpcEndpointLinkedVpc: {
    params: {
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
      VpcId: string;
      VswitchId: string;
    };
    reply: Record<never, never>;
  };
  DeleteLoginProfile: {
    params: {
      UserName: string;
    };
    reply: Record<never, never>;
  };
  DeleteNamespace: {
    params: {
      InstanceId: string;
      NamespaceName: string;
    };
    reply: Record<never, never>;
  };
  DeletePolicy: {
    params: {
      PolicyName: string;
    };
    reply: Record<never, never>;
  };
  DeletePolicyVersion: {
    params: {
      PolicyName: string;
      VersionId: string;
    };
    reply: Record<never, never>;
  };
  DeleteRepoBuildRule: {
    params: {
      BuildRuleId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: Record<never, never>;
  };
  DeleteRepoSyncRule: {
    params: {
      InstanceId: string;
      SyncRuleId: string;
    };
    reply: Record<never, never>;
  };
  DeleteRepoTag: {
    params: {
      InstanceId: string;
      RepoId: string;
      Tag: string;
    };
    reply: Record<never, never>;
  };
  DeleteRepoTrigger: {
    params: {
      InstanceId: string;
      RepoId: string;
      TriggerId: string;
    };
    reply: Record<never, never>;
  };
  DeleteRepository: {
    params: {
      InstanceId: string;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
    };
    reply: Record<never, never>;
  };
  DeleteRole: {
    params: {
      RoleName: string;
    };
    reply: Record<never, never>;
  };
  DeleteSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: Record<never, never>;
  };
  DeleteScanRule: {
    params: {
      InstanceId?: string | undefined;
      ScanRuleId?: string | undefined;
    };
    reply: Record<never, never>;
  };
  DeleteStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: Record<never, never>;
  };
  DeleteUser: {
    params: {
      UserName: string;
    };
    reply: Record<never, never>;
  };
  DetachPolicyFromGroup: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      GroupName: string;
    };
    reply: Record<never, never>;
  };
  DetachPolicyFromRole: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      RoleName: string;
    };
    reply: Record<never, never>;
  };
  DetachPolicyFromUser: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      UserName: string;
    };
    reply: Record<never, never>;
  };
  GetAccessKeyLastUsed: {
    params: {
      UserName?: string | undefined;
      UserAccessKeyId: string;
    };
    reply: {
      AccessKeyLastUsed?: { LastUsedDate?: string | undefined } | undefined;
    };
  };
  GetAccountAlias: {
    params: Record<never, never>;
    reply: {
      AccountAlias?: string | undefined;
    };
  };
  GetArtifactBuildRule: {
    params: {
      ArtifactType?: string | undefined;
      BuildRuleId?: string | undefined;
      InstanceId: string;
      ScopeId?: string | undefined;
      ScopeType?: 'REPOSITORY' | undefined;
    };
    reply: {
      ArtifactType?: string | undefined;
      BuildRuleId?: string | undefined;
      Parameters?: { ImageIndexOnly?: boolean | undefined; PriorityFile?: string | undefined } | undefined;
      ScopeId?: string | undefined;
      ScopeType?: string | undefined;
    };
  };
  GetArtifactBuildTask: {
    params: {
      BuildTaskId: string;
      InstanceId: string;
    };
    reply: {
      ArtifactBuildType?: string | undefined;
      BuildTaskId?: string | undefined;
      EndTime?: number | undefined;
      Instructions?: readonly string[] | undefined;
      SourceArtifact?: { ArtifactType?: string | undefined; RepoId?: string | undefined; Version?: string | undefined } | undefined;
      StartTime?: number | undefined;
      TargetArtifact?: { ArtifactType?: string | undefined; RepoId?: string | undefined; Version?: string | undefined } | undefined;
      TaskStatus?: string | undefined;
    };
  };
  GetArtifactLifecycleRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      Auto?: boolean | undefined;
      CreateTime?: number | undefined;
      DryRun?: boolean | undefined;
      EnableDeleteTag?: boolean | undefined;
      EnableDeleteUntaggedManifest?: boolean | undefined;
      InstanceId?: string | undefined;
      ModifiedTime?: number | undefined;
      NamespaceName?: string | undefined;
      NextTime?: number | undefined;
      Policies?: readonly { Condition?: { LastPullOlderThanDays?: number | undefined; LastPushOlderThanDays?: number | undefined; LatestTagCount?: number | undefined } | undefined; Filter?: { TagWildcard?: string | undefined } | undefined; Type?: string | undefined }[] | undefined;
      RepoName?: string | undefined;
      RetentionTagCount?: number | undefined;
      RuleId?: string | undefined;
      ScheduleTime?: string | undefined;
      Scope?: string | undefined;
      TagRegexp?: string | undefined;
    };
  };
  GetArtifactSubscriptionRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      Accelerate?: boolean | undefined;
      CreateTime?: number | undefined;
      InstanceId?: string | undefined;
      ModifiedTime?: number | undefined;
      NamespaceName?: string | undefined;
      Override?: boolean | undefined;
      Platform?: readonly string[] | undefined;
      RepoName?: string | undefined;
      RuleId?: string | undefined;
      SourceDomain?: string | undefined;
      SourceNamespaceName?: string | undefined;
      SourceProvider?: string | undefined;
      SourceRepoName?: string | undefined;
      TagCount?: number | undefined;
      TagRegexp?: string | undefined;
    };
  };
  GetArtifactSubscriptionTask: {
    params: {
      InstanceId: string;
      TaskId: string;
    };
    reply: {
      ArtifactType?: string | undefined;
      EndTime?: number | undefined;
      InstanceId?: string | undefined;
      Message?: string | undefined;
      NamespaceName?: string | undefined;
      RepoName?: string | undefined;
      SourceNamespaceName?: string | undefined;
      SourceProvider?: string | undefined;
      SourceRepoName?: string | undefined;
      SourceRepoType?: string | undefined;
      StartTime?: number | undefined;
      TagSubscriptionCount?: number | undefined;
      TagTotalCount?: number | undefined;
      TaskId?: string | undefined;
      TaskResult?: string | undefined;
      TaskStatus?: string | undefined;
      TaskType?: string | undefined;
    };
  };
  GetArtifactSubscriptionTaskResult: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      TaskId: string;
    };
    reply: {
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      TaskResults?: readonly { EndTime?: number | undefined; InstanceId?: string | undefined; NamespaceName?: string | undefined; RepoName?: string | undefined; Result?: string | undefined; StartTime?: number | undefined; Status?: string | undefined; Tag?: string | undefined; TaskId?: string | undefined }[] | undefined;
      TotalCount?: number | undefined;
    };
  };
  GetAuthorizationToken: {
    params: {
      ExpiresInHours?: number | undefined;
      InstanceId: string;
    };
    reply: {
      AuthorizationToken?: string | undefined;
      ExpireTime?: number | undefined;
      TempUsername?: string | undefined;
    };
  };
  GetCallerIdentity: {
    params: Record<never, never>;
    reply: {
      AccountId?: string | undefined;
      Arn?: string | undefined;
      IdentityType?: string | undefined;
      PrincipalId?: string | undefined;
      RoleId?: string | undefined;
      UserId?: string | undefined;
    };
  };
  GetChain: {
    params: {
      ChainId: string;
      InstanceId: string;
    };
    reply: {
      ChainConfig?: { ChainConfigId?: string | undefined; IsActive?: boolean | undefined; Nodes?: readonly { Enable?: boolean | undefined; NodeConfig?: { DenyPolicy?: { Action?: string | undefined; BaselineList?: string | undefined; IssueCount?: string | undefined; IssueLevel?: string | undefined; IssueList?: string | undefined; Logic?: string | undefined; MaliciousList?: string | undefined } | undefined; Retry?: number | undefined; ScanEngine?: string | undefined; Timeout?: number | undefined } | undefined; NodeName?: string | undefined }[] | undefined; Routers?: readonly { From?: { NodeName?: string | undefined } | undefined; To?: { NodeName?: string | undefined } | undefined }[] | undefined; Version?: string | undefined } | undefined;
      ChainId?: string | undefined;
      CreateTime?: number | undefined;
      Description?: string | undefined;
      InstanceId?: string | undefined;
      ModifiedTime?: number | undefined;
      Name?: string | undefined;
      ScopeExclude?: readonly string[] | undefined;
      ScopeId?: string | undefined;
      ScopeType?: string | undefined;
    };
  };
  GetChartNamespace: {
    params: {
      InstanceId: string;
      NamespaceName: string;
    };
    reply: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoType?: string | undefined;
      InstanceId?: string | undefined;
      NamespaceId?: string | undefined;
      NamespaceName?: string | undefined;
      NamespaceStatus?: string | undefined;
      ResourceGroupId?: string | undefined;
    };
  };
  GetChartRepository: {
    params: {
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
    };
    reply: {
      CreateTime?: number | undefined;
      InstanceId?: string | undefined;
      ModifiedTime?: number | undefined;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoStatus?: string | undefined;
      RepoType?: string | undefined;
      ResourceGroupId?: string | undefined;
      Summary?: string | undefined;
    };
  };
  GetGroup: {
    params: {
      GroupName: string;
    };
    reply: {
      Group?: { GroupId?: string | undefined; GroupName?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  GetInstance: {
    params: {
      InstanceId: string;
    };
    reply: {
      CreateTime?: number | undefined;
      InstanceId?: string | undefined;
      InstanceIssue?: string | undefined;
      InstanceName?: string | undefined;
      InstanceSpecification?: string | undefined;
      InstanceStatus?: string | undefined;
      ModifiedTime?: number | undefined;
      ResourceGroupId?: string | undefined;
      Tags?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined;
    };
  };
  GetInstanceCount: {
    params: Record<never, never>;
    reply: {
      Count?: number | undefined;
    };
  };
  GetInstanceCustomizedDomain: {
    params: {
      Domain: string;
      InstanceId: string;
      ModuleName: string;
    };
    reply: {
      CertId?: string | undefined;
      CreateTime?: number | undefined;
      Domain?: string | undefined;
      DomainType?: string | undefined;
      EndpointType?: string | undefined;
      InstanceId?: string | undefined;
      ModifiedTime?: number | undefined;
      ModuleName?: string | undefined;
      RegionId?: string | undefined;
    };
  };
  GetInstanceEndpoint: {
    params: {
      EndpointType: string;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: {
      AclEnable?: boolean | undefined;
      AclEntries?: readonly { Comment?: string | undefined; Entry?: string | undefined }[] | undefined;
      Domains?: readonly { Domain?: string | undefined; Type?: string | undefined }[] | undefined;
      Enable?: boolean | undefined;
      Status?: string | undefined;
    };
  };
  GetInstanceUsage: {
    params: {
      InstanceId: string;
    };
    reply: {
      ChartNamespaceQuota?: string | undefined;
      ChartNamespaceUsage?: string | undefined;
      ChartRepoQuota?: string | undefined;
      ChartRepoUsage?: string | undefined;
      NamespaceQuota?: string | undefined;
      NamespaceUsage?: string | undefined;
      RepoQuota?: string | undefined;
      RepoUsage?: string | undefined;
      VpcQuota?: string | undefined;
      VpcUsage?: string | undefined;
    };
  };
  GetInstanceVpcEndpoint: {
    params: {
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: {
      Domains?: readonly string[] | undefined;
      Enable?: boolean | undefined;
      LinkedVpcs?: readonly { DefaultAccess?: boolean | undefined; Ip?: string | undefined; Issue?: string | undefined; Status?: string | undefined; VpcId?: string | undefined; VswitchId?: string | undefined }[] | undefined;
      ModuleName?: string | undefined;
    };
  };
  GetLoginProfile: {
    params: {
      UserName: string;
    };
    reply: {
      LoginProfile?: { UserName?: string | undefined; PasswordResetRequired?: boolean | undefined; MFABindRequired?: boolean | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  GetNamespace: {
    params: {
      InstanceId: string;
      NamespaceId?: string | undefined;
      NamespaceName?: string | undefined;
    };
    reply: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoConfiguration?: { ArtifactBuildRuleParameters?: { ImageIndexOnly?: boolean | undefined } | undefined; RepoType?: string | undefined; TagImmutability?: boolean | undefined } | undefined;
      DefaultRepoType?: string | undefined;
      InstanceId?: string | undefined;
      NamespaceId?: string | undefined;
      NamespaceName?: string | undefined;
      NamespaceStatus?: string | undefined;
      ResourceGroupId?: string | undefined;
    };
  };
  GetPasswordPolicy: {
    params: Record<never, never>;
    reply: {
      PasswordPolicy?: { MinimumPasswordLength?: number | undefined; RequireLowercaseCharacters?: boolean | undefined; RequireUppercaseCharacters?: boolean | undefined; RequireNumbers?: boolean | undefined; RequireSymbols?: boolean | undefined; HardExpiry?: boolean | undefined; MaxPasswordAge?: number | undefined; PasswordReusePrevention?: number | undefined; MaxLoginAttemps?: number | undefined } | undefined;
    };
  };
  GetPolicy: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
    };
    reply: {
      Policy?: { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AttachmentCount?: number | undefined; PolicyDocument?: string | undefined } | undefined;
      DefaultPolicyVersion?: { VersionId?: string | undefined; IsDefaultVersion?: boolean | undefined; PolicyDocument?: string | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  GetPolicyVersion: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      VersionId: string;
    };
    reply: {
      PolicyVersion?: { VersionId?: string | undefined; IsDefaultVersion?: boolean | undefined; PolicyDocument?: string | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  GetRepoBuildRecord: {
    params: {
      BuildRecordId: string;
      InstanceId: string;
    };
    reply: {
      BuildRecordId?: string | undefined;
      EndTime?: number | undefined;
      Image?: { ImageTag?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined;
      StartTime?: number | undefined;
      Status?: string | undefined;
    };
  };
  GetRepoBuildRecordStatus: {
    params: {
      BuildRecordId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      BuildStatus?: string | undefined;
    };
  };
  GetRepoSourceCodeRepo: {
    params: {
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      AutoBuild?: string | undefined;
      CodeRepoDomain?: string | undefined;
      CodeRepoName?: string | undefined;
      CodeRepoNamespaceName?: string | undefined;
      CodeRepoType?: string | undefined;
      DisableCacheBuild?: string | undefined;
      OverseaBuild?: string | undefined;
      RepoId?: string | undefined;
    };
  };
  GetRepoSyncTask: {
    params: {
      InstanceId: string;
      SyncTaskId: string;
    };
    reply: {
      CrossUser?: boolean | undefined;
      ImageFrom?: { ImageTag?: string | undefined; InstanceId?: string | undefined; RegionId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined;
      ImageTo?: { ImageTag?: string | undefined; InstanceId?: string | undefined; RegionId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined;
      LayerTasks?: readonly { ArtifactDigest?: string | undefined; Digest?: string | undefined; Size?: number | undefined; SyncLayerTaskId?: string | undefined; SyncedSize?: number | undefined; TaskStatus?: string | undefined }[] | undefined;
      Priority?: number | undefined;
      Progress?: number | undefined;
      SyncBatchTaskId?: string | undefined;
      SyncRuleId?: string | undefined;
      SyncTaskId?: string | undefined;
      SyncTransAccelerate?: boolean | undefined;
      SyncedSize?: number | undefined;
      TaskIssue?: string | undefined;
      TaskStatus?: string | undefined;
      TaskTrigger?: string | undefined;
    };
  };
  GetRepoTag: {
    params: {
      InstanceId: string;
      RepoId: string;
      Tag: string;
    };
    reply: {
      Digest?: string | undefined;
      ImageCreate?: number | undefined;
      ImageId?: string | undefined;
      ImageSize?: number | undefined;
      ImageUpdate?: number | undefined;
      Status?: string | undefined;
      Tag?: string | undefined;
    };
  };
  GetRepoTagScanStatus: {
    params: {
      Digest?: string | undefined;
      InstanceId: string;
      RepoId?: string | undefined;
      ScanTaskId?: string | undefined;
      ScanType?: string | undefined;
      Tag?: string | undefined;
    };
    reply: {
      ScanService?: string | undefined;
      Status?: string | undefined;
    };
  };
  GetRepoTagScanSummary: {
    params: {
      Digest?: string | undefined;
      InstanceId: string;
      RepoId?: string | undefined;
      ScanTaskId?: string | undefined;
      Tag?: string | undefined;
    };
    reply: {
      HighSeverity?: number | undefined;
      LowSeverity?: number | undefined;
      MediumSeverity?: number | undefined;
      TotalSeverity?: number | undefined;
      UnknownSeverity?: number | undefined;
    };
  };
  GetRepository: {
    params: {
      InstanceId: string;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
    };
    reply: {
      CreateTime?: number | undefined;
      Detail?: string | undefined;
      InstanceId?: string | undefined;
      ModifiedTime?: number | undefined;
      RepoBuildType?: string | undefined;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoStatus?: string | undefined;
      RepoType?: string | undefined;
      ResourceGroupId?: string | undefined;
      Summary?: string | undefined;
      TagImmutability?: boolean | undefined;
    };
  };
  GetRole: {
    params: {
      RoleName: string;
    };
    reply: {
      Role?: { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AssumeRolePolicyDocument?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AllowConsoleLogin?: boolean | undefined } | undefined;
    };
  };
  GetSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      SAMLProvider?: { SAMLProviderName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  GetScanRule: {
    params: {
      InstanceId: string;
      ScanRuleId: string;
    };
    reply: {
      ScanRule?: { CreateTime?: number | undefined; InstanceId?: string | undefined; Namespaces?: readonly string[] | undefined; RepoNames?: readonly string[] | undefined; RepoTagFilterPattern?: string | undefined; RuleName?: string | undefined; ScanRuleId?: string | undefined; ScanScope?: string | undefined; ScanType?: string | undefined; TriggerType?: string | undefined; UpdateTime?: number | undefined } | undefined;
    };
  };
  GetSecurityPreference: {
    params: Record<never, never>;
    reply: {
      SecurityPreference?: { LoginProfilePreference?: { AllowUserToChangePassword?: boolean | undefined; EnableSaveMFATicket?: boolean | undefined; LoginSessionDuration?: number | undefined; LoginNetworkMasks?: string | undefined } | undefined; AccessKeyPreference?: { AllowUserToManageAccessKeys?: boolean | undefined } | undefined; PublicKeyPreference?: { AllowUserToManagePublicKeys?: boolean | undefined } | undefined; MFAPreference?: { AllowUserToManageMFADevices?: boolean | undefined } | undefined } | undefined;
    };
  };
  GetStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      RuleId?: string | undefined;
    };
    reply: {
      CreateTime?: number | undefined;
      ModifyTime?: number | undefined;
      Routes?: readonly { EndpointType?: string | undefined; InstanceDomain?: string | undefined; StorageDomain?: string | undefined }[] | undefined;
      RuleId?: string | undefined;
    };
  };
  GetUser: {
    params: {
      UserName: string;
    };
    reply: {
      User?: { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined } | undefined;
    };
  };
  ListAccessKeys: {
    params: {
      UserName?: string | undefined;
    };
    reply: {
      AccessKeys?: { AccessKey?: readonly { AccessKeyId?: string | undefined; Status?: string | undefined; CreateDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListArtifactBuildTaskLog: {
    params: {
      BuildTaskId: string;
      InstanceId: string;
      Page: number;
      PageSize: number;
    };
    reply: {
      BuildTaskLogs: readonly { LineNumber?: number | undefined; Message?: string | undefined }[];
      TotalCount: number;
    };
  };
  ListArtifactLifecycleRule: {
    params: {
      EnableDeleteTag?: boolean | undefined;
      EnableDeleteUntaggedManifest?: boolean | undefined;
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      Rules: readonly { Auto?: boolean | undefined; CreateTime?: number | undefined; DryRun?: boolean | undefined; EnableDeleteTag?: boolean | undefined; EnableDeleteUntaggedManifest?: boolean | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; NamespaceName?: string | undefined; NextTime?: number | undefined; Policies?: readonly { Condition?: { LastPullOlderThanDays?: number | undefined; LastPushOlderThanDays?: number | undefined; LatestTagCount?: number | undefined } | undefined; Filter?: { TagWildcard?: string | undefined } | undefined; Type?: string | undefined }[] | undefined; RepoName?: string | undefined; RetentionTagCount?: number | undefined; RuleId?: string | undefined; ScheduleTime?: string | undefined; Scope?: string | undefined; TagRegexp?: string | undefined }[];
      TotalCount: number;
    };
  };
  ListArtifactSubscriptionRule: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      Rules: readonly { Accelerate?: boolean | undefined; CreateTime?: number | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; NamespaceName?: string | undefined; Override?: boolean | undefined; Platform?: readonly string[] | undefined; RepoName?: string | undefined; RuleId?: string | undefined; SourceDomain?: string | undefined; SourceNamespaceName?: string | undefined; SourceProvider?: string | undefined; SourceRepoName?: string | undefined; TagCount?: number | undefined; TagRegexp?: string | undefined }[];
      TotalCount: number;
    };
  };
  ListArtifactSubscriptionTask: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      Tasks: readonly { ArtifactType?: string | undefined; EndTime?: string | undefined; InstanceId?: string | undefined; Message?: string | undefined; NamespaceName?: string | undefined; RepoName?: string | undefined; SourceNamespaceName?: string | undefined; SourceProvider?: string | undefined; SourceRepoName?: string | undefined; SourceRepoType?: string | undefined; StartTime?: string | undefined; TagSubscriptionCount?: number | undefined; TagTotalCount?: number | undefined; TaskId?: string | undefined; TaskResult?: string | undefined; TaskStatus?: string | undefined; TaskType?: string | undefined }[];
      TotalCount: number;
    };
  };
  ListChain: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
    };
    reply: {
      Chains: readonly { ChainId?: string | undefined; CreateTime?: number | undefined; Description?: string | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; Name?: string | undefined; ScopeExclude?: readonly string[] | undefined; ScopeId?: string | undefined; ScopeType?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: number;
    };
  };
  ListChainInstance: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
    };
    reply: {
      ChainInstances: readonly { Chain?: { ChainId?: string | undefined; ChainName?: string | undefined; Version?: number | undefined } | undefined; ChainInstanceId?: string | undefined; EndTime?: number | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined; Result?: string | undefined; StartTime?: number | undefined; Status?: string | undefined }[];
      InstanceId?: string | undefined;
      PageNo: number;
      PageSize: number;
      TotalCount: number;
    };
  };
  ListChartNamespace: {
    params: {
      InstanceId: string;
      NamespaceName?: string | undefined;
      NamespaceStatus?: 'NORMAL' | 'DELETING' | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      Namespaces: readonly { AutoCreateRepo?: boolean | undefined; DefaultRepoType?: string | undefined; InstanceId?: string | undefined; NamespaceId?: string | undefined; NamespaceName?: string | undefined; NamespaceStatus?: string | undefined; ResourceGroupId?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: string;
    };
  };
  ListChartRelease: {
    params: {
      Chart?: string | undefined;
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName: string;
      RepoNamespaceName: string;
    };
    reply: {
      ChartReleases: readonly { Chart?: string | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; Release?: string | undefined; RepoId?: string | undefined; Size?: string | undefined; Status?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: string;
    };
  };
  ListChartRepository: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoStatus?: 'ALL' | 'NORMAL' | 'DELETING' | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      Repositories: readonly { CreateTime?: number | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; RepoId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined; RepoStatus?: string | undefined; RepoType?: string | undefined; ResourceGroupId?: string | undefined; Summary?: string | undefined }[];
      TotalCount: string;
    };
  };
  ListEntitiesForPolicy: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
    };
    reply: {
      Users?: { User?: readonly { UserName?: string | undefined; UserId?: string | undefined; DisplayName?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
      Groups?: { Group?: readonly { GroupName?: string | undefined; Comments?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
      Roles?: { Role?: readonly { RoleName?: string | undefined; RoleId?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListEventCenterRecord: {
    params: {
      EventType?: 'cr:Artifact:DeliveryChainCompleted' | 'cr:Artifact:SynchronizationCompleted' | 'cr:Artifact:BuildCompleted' | 'cr:Artifact:ScanCompleted' | 'cr:Artifact:SigningCompleted' | 'cr:Artifact:PushCompleted' | undefined;
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RuleId?: string | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      Records: readonly { CreateTime?: number | undefined; EventChannel?: string | undefined; EventNotifyId?: string | undefined; EventNotifyMethod?: string | undefined; EventType?: string | undefined; InstanceId?: string | undefined; Namespace?: string | undefined; RecordId?: string | undefined; RepoName?: string | undefined; RuleId?: string | undefined; RuleName?: string | undefined; Tag?: string | undefined; UpdateTime?: number | undefined }[];
      TotalCount: number;
    };
  };
  ListEventCenterRuleName: {
    params: {
      InstanceId: string;
    };
    reply: {
      RuleNames: readonly { RuleId?: string | undefined; RuleName?: string | undefined }[];
    };
  };
  ListGroups: {
    params: {
      Marker?: string | undefined;
      MaxItems?: number | undefined;
    };
    reply: {
      IsTruncated?: boolean | undefined;
      Marker?: string | undefined;
      Groups?: { Group?: readonly { GroupId?: string | undefined; GroupName?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListGroupsForUser: {
    params: {
      UserName: string;
    };
    reply: {
      Groups?: { Group?: readonly { GroupName?: string | undefined; GroupId?: string | undefined; Comments?: string | undefined; JoinDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListInstance: {
    params: {
      InstanceName?: string | undefined;
      InstanceStatus?: 'PENDING' | 'INIT_ERROR' | 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'DELETING' | 'DELETED' | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      ResourceGroupId?: string | undefined;
    };
    reply: {
      Instances: readonly { CreateTime?: string | undefined; InstanceId?: string | undefined; InstanceIssue?: string | undefined; InstanceName?: string | undefined; InstanceSpecification?: string | undefined; InstanceStatus?: string | undefined; ModifiedTime?: string | undefined; RegionId?: string | undefined; ResourceGroupId?: string | undefined; Tags?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: number;
    };
  };
  ListInstanceEndpoint: {
    params: {
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
      Summary?: boolean | undefined;
    };
    reply: {
      Endpoints: readonly { AclEnable?: boolean | undefined; AclEntries?: readonly { Entry?: string | undefined }[] | undefined; Domains?: readonly { Domain?: string | undefined; Type?: string | undefined }[] | undefined; Enable?: boolean | undefined; EndpointType?: string | undefined; LinkedVpcs?: readonly { VpcId?: string | undefined }[] | undefined; Status?: string | undefined }[];
    };
  };
  ListInstanceRegion: {
    params: {
      Lang?: string | undefined;
    };
    reply: {
      Regions: readonly { LocalName?: string | undefined; RegionId?: string | undefined }[];
    };
  };
  ListNamespace: {
    params: {
      InstanceId: string;
      NamespaceName?: string | undefined;
      NamespaceStatus?: 'NORMAL' | 'DELETING' | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      Namespaces: readonly { AutoCreateRepo?: boolean | undefined; DefaultRepoConfiguration?: { ArtifactBuildRuleParameters?: { ImageIndexOnly?: boolean | undefined } | undefined; RepoType?: string | undefined; TagImmutability?: boolean | undefined } | undefined; DefaultRepoType?: string | undefined; InstanceId?: string | undefined; NamespaceId?: string | undefined; NamespaceName?: string | undefined; NamespaceStatus?: string | undefined; ResourceGroupId?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: string;
    };
  };
  ListPolicies: {
    params: {
      PolicyType?: 'System' | 'Custom' | undefined;
      Marker?: string | undefined;
      MaxItems?: number | undefined;
      Tag?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
    };
    reply: {
      IsTruncated?: boolean | undefined;
      Marker?: string | undefined;
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AttachmentCount?: number | undefined; Tags?: { Tag?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined } | undefined }[] | undefined } | undefined;
    };
  };
  ListPoliciesForGroup: {
    params: {
      GroupName: string;
    };
    reply: {
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListPoliciesForRole: {
    params: {
      RoleName: string;
    };
    reply: {
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListPoliciesForUser: {
    params: {
      UserName: string;
    };
    reply: {
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListPolicyVersions: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
    };
    reply: {
      PolicyVersions?: { PolicyVersion?: readonly { VersionId?: string | undefined; IsDefaultVersion?: boolean | undefined; PolicyDocument?: string | undefined; CreateDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListRepoBuildRecord: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoId: string;
    };
    reply: {
      BuildRecords: readonly { BuildRecordId?: string | undefined; BuildStatus?: string | undefined; EndTime?: string | undefined; Image?: { ImageTag?: string | undefined; RepoId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined; StartTime?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: string;
    };
  };
  ListRepoBuildRecordLog: {
    params: {
      BuildRecordId: string;
      InstanceId: string;
      Offset?: number | undefined;
      RepoId: string;
    };
    reply: {
      BuildRecordLogs: readonly { BuildStage?: string | undefined; LineNumber?: number | undefined; Message?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: string;
    };
  };
  ListRepoBuildRule: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoId: string;
    };
    reply: {
      BuildRules: readonly { BuildArgs?: readonly string[] | undefined; BuildRuleId?: string | undefined; DestArtifactType?: string | undefined; DockerfileLocation?: string | undefined; DockerfileName?: string | undefined; ImageTag?: string | undefined; Platforms?: readonly string[] | undefined; PushName?: string | undefined; PushType?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      TotalCount: string;
    };
  };
  ListRepoSyncRule: {
    params: {
      InstanceId: string;
      NamespaceName?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      TargetInstanceId?: string | undefined;
      TargetRegionId?: string | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      SyncRules: readonly { CreateTime?: number | undefined; CrossUser?: boolean | undefined; LinkId?: string | undefined; LocalInstanceId?: string | undefined; LocalNamespaceName?: string | undefined; LocalRegionId?: string | undefined; LocalRepoName?: string | undefined; ModifiedTime?: number | undefined; NamespaceNameFilter?: string | undefined; Priority?: number | undefined; RepoNameFilter?: string | undefined; SyncDirection?: string | undefined; SyncRuleId?: string | undefined; SyncRuleName?: string | undefined; SyncScope?: string | undefined; SyncTrigger?: string | undefined; TagFilter?: string | undefined; TargetInstanceId?: string | undefined; TargetNamespaceName?: string | undefined; TargetRegionId?: string | undefined; TargetRepoName?: string | undefined }[];
      TotalCount: number;
    };
  };
  ListRepoSyncTask: {
    params: {
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      SyncRecordId?: string | undefined;
      Tag?: string | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      SyncTasks: readonly { CreateTime?: number | undefined; CrossUser?: boolean | undefined; CustomLink?: boolean | undefined; ImageFrom?: { ImageTag?: string | undefined; InstanceId?: string | undefined; RegionId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined; ImageTo?: { ImageTag?: string | undefined; InstanceId?: string | undefined; RegionId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined; LinkId?: string | undefined; ModifedTime?: number | undefined; ModifiedTime?: number | undefined; Priority?: number | undefined; SyncBatchTaskId?: string | undefined; SyncRuleId?: string | undefined; SyncTaskId?: string | undefined; SyncTransAccelerate?: boolean | undefined; TaskIssue?: string | undefined; TaskStatus?: string | undefined; TaskTrigger?: string | undefined }[];
      TotalCount: string;
    };
  };
  ListRepoTag: {
    params: {
      InstanceId: string;
      MaxResults?: number | undefined;
      NextToken?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoId: string;
    };
    reply: {
      Images: readonly { Digest?: string | undefined; ImageCreate?: string | undefined; ImageId?: string | undefined; ImageSize?: number | undefined; ImageUpdate?: string | undefined; Status?: string | undefined; Tag?: string | undefined }[];
      MaxResults?: number | undefined;
      NextToken?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      TotalCount: string;
    };
  };
  ListRepoTagScanResult: {
    params: {
      Digest?: string | undefined;
      FilterValue?: string | undefined;
      InstanceId: string;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoId?: string | undefined;
      ScanTaskId?: string | undefined;
      ScanType?: 'cve' | 'sca' | undefined;
      Severity?: 'High' | 'Medium' | 'Low' | 'Unknown' | undefined;
      Tag?: string | undefined;
      VulQueryKey?: string | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      TotalCount: number;
      Vulnerabilities: readonly { AddedBy?: string | undefined; AliasName?: string | undefined; CveLink?: string | undefined; CveLocation?: string | undefined; CveName?: string | undefined; Description?: string | undefined; Feature?: string | undefined; FixCmd?: string | undefined; ScanType?: string | undefined; Severity?: string | undefined; Version?: string | undefined; VersionFixed?: string | undefined; VersionFormat?: string | undefined }[];
    };
  };
  ListRepoTrigger: {
    params: {
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      Triggers: readonly { RepoEvent?: string | undefined; TriggerId?: string | undefined; TriggerName?: string | undefined; TriggerTag?: string | undefined; TriggerType?: string | undefined; TriggerUrl?: string | undefined }[];
    };
  };
  ListRepository: {
    params: {
      InstanceId: string;
      MaxResults?: number | undefined;
      NextToken?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoStatus?: 'NORMAL' | 'DELETING' | 'DELETED' | 'ALL' | undefined;
    };
    reply: {
      MaxResults?: number | undefined;
      NextToken?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      Repositories: readonly { CreateTime?: number | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; RepoBuildType?: string | undefined; RepoId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined; RepoStatus?: string | undefined; RepoType?: string | undefined; ResourceGroupId?: string | undefined; Summary?: string | undefined; TagImmutability?: boolean | undefined }[];
      TotalCount: string;
    };
  };
  ListRoles: {
    params: {
      Marker?: string | undefined;
      MaxItems?: number | undefined;
      Tag?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
    };
    reply: {
      IsTruncated?: boolean | undefined;
      Marker?: string | undefined;
      Roles?: { Role?: readonly { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; Tags?: { Tag?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined } | undefined }[] | undefined } | undefined;
    };
  };
  ListSAMLProviders: {
    params: Record<never, never>;
    reply: {
      SAMLProviders?: { SAMLProvider?: readonly { SAMLProviderName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListScanBaselineByTask: {
    params: {
      Digest?: string | undefined;
      InstanceId?: string | undefined;
      Level?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoId?: string | undefined;
      ScanTaskId?: string | undefined;
      Tag?: string | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      ScanBaselines: readonly { BaselineClassAlias?: string | undefined; BaselineDetailAdvice?: string | undefined; BaselineDetailDescription?: string | undefined; BaselineDetailPrompt?: string | undefined; BaselineItemCount?: number | undefined; BaselineNameAlias?: string | undefined; BaselineNameKey?: string | undefined; BaselineNameLevel?: string | undefined; CreateTime?: number | undefined; FirstScanTime?: number | undefined; HighRiskItemCount?: number | undefined; LowRiskItemCount?: number | undefined; MiddleRiskItemCount?: number | undefined; ScanTaskId?: string | undefined; UpdateTime?: number | undefined }[];
      TotalCount: number;
    };
  };
  ListScanMaliciousFileByTask: {
    params: {
      Digest?: string | undefined;
      InstanceId?: string | undefined;
      Level?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RepoId?: string | undefined;
      ScanTaskId?: string | undefined;
      Tag?: string | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      ScanMaliciousFiles: readonly { CreateTime?: number | undefined; FilePath?: string | undefined; FirstScanTime?: number | undefined; Level?: string | undefined; MaliciousMd5?: string | undefined; MaliciousName?: string | undefined; ScanTaskId?: string | undefined; UpdateTime?: number | undefined }[];
      TotalCount: number;
    };
  };
  ListScanRule: {
    params: {
      InstanceId?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      ScanType?: 'VUL' | 'SBOM' | undefined;
    };
    reply: {
      PageNo: number;
      PageSize: number;
      ScanRules: readonly { CreateTime?: number | undefined; Namespaces?: readonly string[] | undefined; RepoNames?: readonly string[] | undefined; RepoTagFilterPattern?: string | undefined; RuleName?: string | undefined; ScanRuleId?: string | undefined; ScanScope?: string | undefined; ScanType?: string | undefined; TriggerType?: string | undefined; UpdateTime?: number | undefined }[];
      TotalCount: number;
    };
  };
  ListTagResources: {
    params: {
      NextToken?: string | undefined;
      RegionId: string;
      ResourceId?: readonly string[] | undefined;
      ResourceType: string;
      Tag?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
    };
    reply: {
      NextToken?: string | undefined;
      TagResources?: { TagResource?: readonly { ResourceId?: string | undefined; ResourceType?: string | undefined; TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListUsers: {
    params: {
      Marker?: string | undefined;
      MaxItems?: number | undefined;
    };
    reply: {
      IsTruncated?: boolean | undefined;
      Marker?: string | undefined;
      Users?: { User?: readonly { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListUsersForGroup: {
    params: {
      GroupName: string;
      Marker?: string | undefined;
      MaxItems?: number | undefined;
    };
    reply: {
      IsTruncated?: boolean | undefined;
      Marker?: string | undefined;
      Users?: { User?: readonly { UserName?: string | undefined; DisplayName?: string | undefined; JoinDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  RemoveUserFromGroup: {
    params: {
      UserName: string;
      GroupName: string;
    };
    reply: Record<never, never>;
  };
  ResetLoginPassword: {
    params: {
      InstanceId: string;
      Password: string;
    };
    reply: Record<never, never>;
  };
  SetAccountAlias: {
    params: {
      AccountAlias: string;
    };
    reply: Record<never, never>;
  };
  SetDefaultPolicyVersion: {
    params: {
      PolicyName: string;
      VersionId: string;
    };
    reply: Record<never, never>;
  };
  SetPasswordPolicy: {
    params: {
      MinimumPasswordLength?: number | undefined;
      RequireLowercaseCharacters?: boolean | undefined;
      RequireUppercaseCharacters?: boolean | undefined;
      RequireNumbers?: boolean | undefined;
      RequireSymbols?: boolean | undefined;
      HardExpiry?: boolean | undefined;
      MaxPasswordAge?: number | undefined;
      PasswordReusePrevention?: number | undefined;
      MaxLoginAttemps?: number | undefined;
    };
    reply: {
      PasswordPolicy?: { MinimumPasswordLength?: number | undefined; RequireLowercaseCharacters?: boolean | undefined; RequireUppercaseCharacters?: boolean | undefined; RequireNumbers?: boolean | undefined; RequireSymbols?: boolean | undefined; HardExpiry?: boolean | undefined; MaxPasswordAge?: number | undefined; PasswordReusePrevention?: number | undefined; MaxLoginAttemps?: number | undefined } | undefined;
    };
  };
  SetSecurityPreference: {
    params: {
      EnableSaveMFATicket?: boolean | undefined;
      AllowUserToChangePassword?: boolean | undefined;
      AllowUserToManageAccessKeys?: boolean | undefined;
      AllowUserToManageMFADevices?: boolean | undefined;
      AllowUserToManagePublicKeys?: boolean | undefined;
      LoginSessionDuration?: number | undefined;
      LoginNetworkMasks?: string | undefined;
    };
    reply: {
      SecurityPreference?: { LoginProfilePreference?: { AllowUserToChangePassword?: boolean | undefined; EnableSaveMFATicket?: boolean | undefined; LoginSessionDuration?: number | undefined; LoginNetworkMasks?: string | undefined } | undefined; AccessKeyPreference?: { AllowUserToManageAccessKeys?: boolean | undefined } | undefined; PublicKeyPreference?: { AllowUserToManagePublicKeys?: boolean | undefined } | undefined; MFAPreference?: { AllowUserToManageMFADevices?: boolean | undefined } | undefined } | undefined;
    };
  };
  TagResources: {
    params: {
      RegionId: string;
      ResourceId: readonly string[];
      ResourceType: string;
      Tag: readonly { Key?: string | undefined; Value?: string | undefined }[];
    };
    reply: Record<never, never>;
  };
  UnbindMFADevice: {
    params: {
      UserName: string;
    };
    reply: Record<never, never>;
  };
  UntagResources: {
    params: {
      All?: boolean | undefined;
      RegionId: string;
      ResourceId?: readonly string[] | undefined;
      ResourceType: string;
      TagKey?: readonly string[] | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateAccessKey: {
    params: {
      UserName?: string | undefined;
      UserAccessKeyId: string;
      Status: 'Active' | 'Inactive';
    };
    reply: Record<never, never>;
  };
  UpdateArtifactLifecycleRule: {
    params: {
      Auto?: boolean | undefined;
      DryRun?: boolean | undefined;
      EnableDeleteTag?: boolean | undefined;
      EnableDeleteUntaggedManifest?: boolean | undefined;
      InstanceId: string;
      NamespaceName?: string | undefined;
      RepoName?: string | undefined;
      RetentionTagCount?: number | undefined;
      RuleId: string;
      ScheduleTime?: string | undefined;
      Scope?: string | undefined;
      TagRegexp?: string | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateArtifactSubscriptionRule: {
    params: {
      Accelerate?: string | undefined;
      InstanceId: string;
      NamespaceName?: string | undefined;
      Override?: string | undefined;
      Platform?: readonly string[] | undefined;
      RepoName?: string | undefined;
      RuleId: string;
      SourceNamespaceName?: string | undefined;
      SourceProvider?: string | undefined;
      SourceRepoName?: string | undefined;
      TagCount?: number | undefined;
      TagRegexp?: string | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateChain: {
    params: {
      ChainConfig: string;
      ChainId: string;
      Description?: string | undefined;
      InstanceId: string;
      Name: string;
      ScopeExclude?: readonly string[] | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateChartNamespace: {
    params: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      InstanceId: string;
      NamespaceName: string;
    };
    reply: Record<never, never>;
  };
  UpdateChartRepository: {
    params: {
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
      RepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      Summary?: string | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateEventCenterRule: {
    params: {
      EventChannel?: string | undefined;
      EventConfig?: string | undefined;
      EventScope?: 'INSTANCE' | 'NAMESPACE' | 'REPO' | undefined;
      EventType?: 'cr:Artifact:DeliveryChainCompleted' | 'cr:Artifact:SynchronizationCompleted' | 'cr:Artifact:BuildCompleted' | 'cr:Artifact:ScanCompleted' | 'cr:Artifact:SigningCompleted' | 'cr:Artifact:PushCompleted' | undefined;
      InstanceId: string;
      Namespaces?: readonly string[] | undefined;
      RepoNames?: readonly string[] | undefined;
      RepoTagFilterPattern?: string | undefined;
      RuleId: string;
      RuleName?: string | undefined;
    };
    reply: {
      RuleId?: string | undefined;
    };
  };
  UpdateGroup: {
    params: {
      GroupName: string;
      NewGroupName?: string | undefined;
      NewComments?: string | undefined;
    };
    reply: {
      Group?: { GroupId?: string | undefined; GroupName?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  UpdateInstanceCustomizedDomain: {
    params: {
      CertId: string;
      CertRegionId?: string | undefined;
      Domain: string;
      InstanceId: string;
      ModuleName: string;
    };
    reply: Record<never, never>;
  };
  UpdateInstanceEndpointStatus: {
    params: {
      Enable: boolean;
      EndpointType: string;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateLoginProfile: {
    params: {
      UserName: string;
      Password?: string | undefined;
      PasswordResetRequired?: boolean | undefined;
      MFABindRequired?: boolean | undefined;
    };
    reply: {
      LoginProfile?: { UserName?: string | undefined; PasswordResetRequired?: boolean | undefined; MFABindRequired?: boolean | undefined; CreateDate?: string | undefined } | undefined;
    };
  };
  UpdateNamespace: {
    params: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoConfiguration?: { ArtifactBuildRuleParameters?: { ImageIndexOnly: boolean } | undefined; RepoType: string; TagImmutability: boolean } | undefined;
      DefaultRepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      InstanceId: string;
      NamespaceName: string;
    };
    reply: Record<never, never>;
  };
  UpdatePolicyDescription: {
    params: {
      PolicyName: string;
      NewDescription?: string | undefined;
    };
    reply: {
      Policy?: { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AttachmentCount?: number | undefined } | undefined;
    };
  };
  UpdateRepoBuildRule: {
    params: {
      BuildArgs?: readonly string[] | undefined;
      BuildRuleId: string;
      DockerfileLocation?: string | undefined;
      DockerfileName?: string | undefined;
      ImageTag?: string | undefined;
      InstanceId: string;
      Platforms?: readonly ('linux/amd64' | 'linux/arm64' | 'linux/386' | 'linux/arm/v7' | 'linux/arm/v6')[] | undefined;
      PushName?: string | undefined;
      PushType?: 'GIT_TAG' | 'GIT_BRANCH' | undefined;
      RepoId: string;
    };
    reply: {
      BuildRuleId?: string | undefined;
    };
  };
  UpdateRepoSourceCodeRepo: {
    params: {
      AutoBuild?: 'true' | 'false' | undefined;
      CodeRepoId?: string | undefined;
      CodeRepoName: string;
      CodeRepoNamespaceName: string;
      CodeRepoType: string;
      DisableCacheBuild?: 'true' | 'false' | undefined;
      InstanceId: string;
      OverseaBuild?: 'true' | 'false' | undefined;
      RepoId: string;
    };
    reply: Record<never, never>;
  };
  UpdateRepoTrigger: {
    params: {
      InstanceId: string;
      RepoId: string;
      TriggerId: string;
      TriggerName?: string | undefined;
      TriggerTag?: string | undefined;
      TriggerType?: 'ALL' | 'TAG_LIST' | 'TAG_LISTTAG' | 'TAG_REG_EXP' | undefined;
      TriggerUrl?: string | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateRepository: {
    params: {
      Detail?: string | undefined;
      InstanceId: string;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoType: 'PUBLIC' | 'PRIVATE';
      Summary: string;
      TagImmutability?: boolean | undefined;
    };
    reply: Record<never, never>;
  };
  UpdateRole: {
    params: {
      RoleName: string;
      NewAssumeRolePolicyDocument?: string | undefined;
      NewDescription?: string | undefined;
      NewMaxSessionDuration?: number | undefined;
      NewAllowConsoleLogin?: boolean | undefined;
    };
    reply: {
      Role?: { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AssumeRolePolicyDocument?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AllowConsoleLogin?: boolean | undefined } | undefined;
    };
  };
  UpdateSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      SAMLProvider?: { SAMLProviderName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  UpdateScanRule: {
    params: {
      InstanceId: string;
      Namespaces?: readonly string[] | undefined;
      RepoNames?: readonly string[] | undefined;
      RepoTagFilterPattern: string;
      RuleName: string;
      ScanRuleId: string;
      ScanScope: string;
      TriggerType: string;
    };
    reply: {
      ScanRuleId?: string | undefined;
    };
  };
  UpdateStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      Routes: readonly { EndpointType: string; InstanceDomain: string; StorageDomain: string }[];
      RuleId: string;
    };
    reply: Record<never, never>;
  };
  UpdateUser: {
    params: {
      UserName: string;
      NewUserName?: string | undefined;
      NewDisplayName?: string | undefined;
      NewMobilePhone?: string | undefined;
      NewEmail?: string | undefined;
      NewComments?: string | undefined;
    };
    reply: {
      User?: { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined } | undefined;
    };
  };
  'ims.GetPasswordPolicy': {
    params: Record<never, never>;
    reply: {
      PasswordPolicy?: { MinimumPasswordLength?: number | undefined; RequireLowercaseCharacters?: boolean | undefined; RequireUppercaseCharacters?: boolean | undefined; RequireNumbers?: boolean | undefined; RequireSymbols?: boolean | undefined; HardExpire?: boolean | undefined; MaxPasswordAge?: number | undefined; PasswordReusePrevention?: number | undefined; MaxLoginAttemps?: number | undefined; MinimumPasswordDifferentCharacter?: number | undefined; PasswordNotContainUserName?: boolean | undefined } | undefined;
    };
  };
  'ims.GetSecurityPreference': {
    params: Record<never, never>;
    reply: {
      SecurityPreference?: { LoginProfilePreference?: { AllowUserToChangePassword?: boolean | undefined; EnableSaveMFATicket?: boolean | undefined; LoginSessionDuration?: number | undefined; LoginNetworkMasks?: string | undefined; EnforceMFAForLogin?: boolean | undefined; MFAOperationForLogin?: string | undefined; OperationForRiskLogin?: string | undefined } | undefined; AccessKeyPreference?: { AllowUserToManageAccessKeys?: boolean | undefined } | undefined; MFAPreference?: { AllowUserToManageMFADevices?: boolean | undefined } | undefined } | undefined;
    };
  };
  'ims.ListTagResources': {
    params: {
      ResourceType: 'user';
      ResourceId?: readonly string[] | undefined;
      ResourcePrincipalName?: readonly string[] | undefined;
      Tag?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
      NextToken?: string | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      IsTruncated?: boolean | undefined;
      NextToken?: string | undefined;
      TagResources?: { TagResource?: readonly { ResourceId?: string | undefined; ResourceType?: string | undefined; TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined } | undefined;
    };
  };
  'ims.SetPasswordPolicy': {
    params: {
      MinimumPasswordLength?: number | undefined;
      RequireLowercaseCharacters?: boolean | undefined;
      RequireUppercaseCharacters?: boolean | undefined;
      RequireNumbers?: boolean | undefined;
      RequireSymbols?: boolean | undefined;
      HardExpire?: boolean | undefined;
      MaxPasswordAge?: number | undefined;
      PasswordReusePrevention?: number | undefined;
      MaxLoginAttemps?: number | undefined;
      MinimumPasswordDifferentCharacter?: number | undefined;
      PasswordNotContainUserName?: boolean | undefined;
    };
    reply: {
      PasswordPolicy?: { MinimumPasswordLength?: number | undefined; RequireLowercaseCharacters?: boolean | undefined; RequireUppercaseCharacters?: boolean | undefined; RequireNumbers?: boolean | undefined; RequireSymbols?: boolean | undefined; HardExpire?: boolean | undefined; MaxPasswordAge?: number | undefined; PasswordReusePrevention?: number | undefined; MaxLoginAttemps?: number | undefined; MinimumPasswordDifferentCharacter?: number | undefined; PasswordNotContainUserName?: boolean | undefined } | undefined;
    };
  };
  'ims.SetSecurityPreference': {
    params: {
      EnableSaveMFATicket?: boolean | undefined;
      AllowUserToChangePassword?: boolean | undefined;
      AllowUserToManageAccessKeys?: boolean | undefined;
      AllowUserToManageMFADevices?: boolean | undefined;
      LoginSessionDuration?: number | undefined;
      LoginNetworkMasks?: string | undefined;
      EnforceMFAForLogin?: boolean | undefined;
      MFAOperationForLogin?: 'mandatory' | 'independent' | 'adaptive' | undefined;
      OperationForRiskLogin?: 'autonomous' | 'enforceVerify' | undefined;
    };
    reply: {
      SecurityPreference?: { LoginProfilePreference?: { AllowUserToChangePassword?: boolean | undefined; EnableSaveMFATicket?: boolean | undefined; LoginSessionDuration?: number | undefined; LoginNetworkMasks?: string | undefined; EnforceMFAForLogin?: boolean | undefined; MFAOperationForLogin?: string | undefined; OperationForRiskLogin?: string | undefined } | undefined; AccessKeyPreference?: { AllowUserToManageAccessKeys?: boolean | undefined } | undefined; MFAPreference?: { AllowUserToManageMFADevices?: boolean | undefined } | undefined } | undefined;
    };
  };
  'ims.TagResources': {
    params: {
      ResourceType: 'user';
      ResourceId?: readonly string[] | undefined;
      ResourcePrincipalName?: readonly string[] | undefined;
      Tag: readonly { Key: string; Value?: string | undefined }[];
    };
    reply: Record<never, never>;
  };
  'ims.UntagResources': {
    params: {
      ResourceType: 'user';
      ResourceId?: readonly string[] | undefined;
      ResourcePrincipalName?: readonly string[] | undefined;
      TagKey?: readonly string[] | undefined;
      All?: boolean | undefined;
    };
    reply: Record<never, never>;
  };
  'ram.ListTagResources': {
    params: {
      ResourceType: 'role' | 'policy';
      ResourceNames?: readonly string[] | undefined;
      Tag?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
      NextToken?: string | undefined;
      PageSize?: number | undefined;
    };
    reply: {
      NextToken?: string | undefined;
      TagResources: readonly { ResourceId?: string | undefined; ResourceName?: string | undefined; ResourceType?: string | undefined; TagKey?: string | undefined; TagValue?: string | undefined }[];
    };
  };
  'ram.TagResources': {
    params: {
      ResourceType: 'role' | 'policy';
      ResourceNames: readonly string[];
      Tag: readonly { Key: string; Value?: string | undefined }[];
    };
    reply: Record<never, never>;
  };
  'ram.UntagResources': {
    params: {
      ResourceType: 'role' | 'policy';
      ResourceNames: readonly string[];
      TagKeys?: readonly string[] | undefined;
      All?: boolean | undefined;
    };
    reply: Record<never, never>;
  };
}

export type Action = keyof Operations;

/** The version that selects a product. */
export const productVersions = {"ram":"2015-05-01","sts":"2015-04-01","cr":"2018-12-01","ims":"2019-08-15"} as const;

export const operationSpecs: { readonly [A in Action]: OperationSpec } = {
  AddUserToGroup: {"product":"ram","ramAction":"ram:AddUserToGroup","level":"Update","resource":"group/{GroupName}","also":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true},"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  AssumeRole: {"product":"sts","ramAction":"sts:AssumeRole","level":"Write","resource":"role/{RoleName}","parameters":{"RoleArn":{"shape":"string","required":true},"RoleSessionName":{"shape":"string","required":true},"DurationSeconds":{"shape":"integer"},"Policy":{"shape":"string"},"ExternalId":{"shape":"string"},"SourceIdentity":{"shape":"string"}},"replyFields":["RequestId","AssumedRoleUser","Credentials","SourceIdentity"],"success":{}},
  AttachPolicyToGroup: {"product":"ram","ramAction":"ram:AttachPolicyToGroup","level":"Update","resource":"group/{GroupName}","also":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  AttachPolicyToRole: {"product":"ram","ramAction":"ram:AttachPolicyToRole","level":"Update","resource":"role/{RoleName}","also":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"RoleName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  AttachPolicyToUser: {"product":"ram","ramAction":"ram:AttachPolicyToUser","level":"Update","resource":"user/{UserName}","also":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"UserName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  CancelArtifactBuildTask: {"product":"cr","ramAction":"cr:CancelArtifactBuildTask","level":"Delete","resource":"instance/{InstanceId}","parameters":{"BuildTaskId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CancelRepoBuildRecord: {"product":"cr","ramAction":"cr:CancelBuildRepository","level":"Delete","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildRecordId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CancelRepoSyncTask: {"product":"cr","ramAction":"cr:CancelRepoSyncTask","level":"Update","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"SyncTaskId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  ChangePassword: {"product":"ram","ramAction":"ram:ChangePassword","level":"Update","resource":"user/*","open":true,"parameters":{"OldPassword":{"shape":"string","required":true},"NewPassword":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  ChangeResourceGroup: {"product":"cr","ramAction":"cr:ChangeResourceGroup","level":"Update","resource":"instance/{ResourceId}","parameters":{"ResourceGroupId":{"shape":"string","required":true,"missingCode":"MissingParameter.ResourceGroupId"},"ResourceId":{"shape":"string","required":true,"missingCode":"MissingParameter.ResourceId"},"ResourceRegionId":{"shape":"string","required":true,"missingCode":"MissingParameter.ResourceRegionId"}},"replyFields":["RequestId"],"success":{}},
  ClearAccountAlias: {"product":"ram","ramAction":"ram:ClearAccountAlias","level":"Delete","resource":"*","parameters":{},"replyFields":["RequestId"],"success":{}},
  CreateAccessKey: {"product":"ram","ramAction":"ram:CreateAccessKey","level":"Create","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string"}},"replyFields":["RequestId","AccessKey"],"success":{}},
  CreateArtifactBuildRule: {"product":"cr","ramAction":"cr:CreateArtifactBuildRule","level":"Create","resource":"instance/{InstanceId}","parameters":{"ArtifactType":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"Parameters":{"shape":"any","json":true},"ScopeId":{"shape":"string","required":true},"ScopeType":{"shape":"string","required":true,"values":["REPOSITORY"]}},"replyFields":["BuildRuleId","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateArtifactLifecycleRule: {"product":"cr","ramAction":"cr:CreateArtifactLifecycleRule","level":"Create","resource":"instance/{InstanceId}","parameters":{"Auto":{"shape":"boolean"},"DryRun":{"shape":"boolean"},"EnableDeleteTag":{"shape":"boolean"},"EnableDeleteUntaggedManifest":{"shape":"boolean"},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string"},"RepoName":{"shape":"string"},"RetentionTagCount":{"shape":"integer"},"ScheduleTime":{"shape":"string"},"Scope":{"shape":"string"},"TagRegexp":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId","RuleId"],"success":{"Code":"success","IsSuccess":true}},
  CreateArtifactSubscriptionRule: {"product":"cr","ramAction":"cr:CreateArtifactSubscriptionRule","level":"Create","resource":"instance/{InstanceId}","parameters":{"Accelerate":{"shape":"boolean"},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true},"Override":{"shape":"boolean"},"Platform":{"shape":{"list":"string"},"required":true},"RepoName":{"shape":"string","required":true},"SourceNamespaceName":{"shape":"string"},"SourceProvider":{"shape":"string","required":true},"SourceRepoName":{"shape":"string","required":true},"TagCount":{"shape":"integer","required":true},"TagRegexp":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","RuleId"],"success":{"Code":"success","IsSuccess":true}},
  CreateArtifactSubscriptionTask: {"product":"cr","ramAction":"cr:CreateArtifactSubscriptionTask","level":"Create","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","TaskId"],"success":{"Code":"success","IsSuccess":true}},
  CreateBuildRecordByRecord: {"product":"cr","ramAction":"cr:BuildRepositoryByRecord","level":"Create","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildRecordId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildRecordId","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateBuildRecordByRule: {"product":"cr","ramAction":"cr:BuildRepositoryByRule","level":"Create","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildRuleId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildRecordId","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateChain: {"product":"cr","ramAction":"cr:CreateChain","level":"Create","resource":"repository/{InstanceId}","parameters":{"ChainConfig":{"shape":"string"},"Description":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"Name":{"shape":"string","required":true},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"},"ScopeExclude":{"shape":{"list":"string"}}},"replyFields":["ChainId","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateChartNamespace: {"product":"cr","ramAction":"cr:CreateNamespace","level":"Create","resource":"chart/{InstanceId}","parameters":{"AutoCreateRepo":{"shape":"boolean"},"DefaultRepoType":{"shape":"string","values":["PUBLIC","PRIVATE"]},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateChartRepository: {"product":"cr","ramAction":"cr:CreateRepository","level":"Create","resource":"chart/{InstanceId}/{NamespaceName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true},"RepoType":{"shape":"string","values":["PUBLIC","PRIVATE"]},"Summary":{"shape":"string"}},"replyFields":["Code","IsSuccess","RepoId","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateGroup: {"product":"ram","ramAction":"ram:CreateGroup","level":"Create","resource":"group/{GroupName}","parameters":{"GroupName":{"shape":"string","required":true},"Comments":{"shape":"string"}},"replyFields":["RequestId","Group"],"success":{}},
  CreateInstanceCustomizedDomain: {"product":"cr","ramAction":"cr:CreateInstanceCustomizedDomain","level":"Create","resource":"instance/{InstanceId}","parameters":{"CertId":{"shape":"string","required":true},"CertRegionId":{"shape":"string"},"Domain":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateInstanceEndpointAclPolicy: {"product":"cr","ramAction":"cr:CreateInstanceEndpointAclPolicy","level":"Create","resource":"instance/{InstanceId}","parameters":{"Comment":{"shape":"string"},"EndpointType":{"shape":"string","required":true},"Entries":{"shape":{"list":{"fields":{"Comment":{"shape":"string"},"Entry":{"shape":"string"}}}},"json":true},"Entry":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateInstanceVpcEndpointLinkedVpc: {"product":"cr","ramAction":"cr:CreateInstanceVpcEndpointLinkedVpc","level":"Create","resource":"instance/{InstanceId}","parameters":{"EnableCreateDNSRecordInPvzt":{"shape":"boolean"},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]},"VpcId":{"shape":"string","required":true},"VswitchId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateLoginProfile: {"product":"ram","ramAction":"ram:CreateLoginProfile","level":"Create","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true},"Password":{"shape":"string","required":true},"PasswordResetRequired":{"shape":"boolean"},"MFABindRequired":{"shape":"boolean"}},"replyFields":["RequestId","LoginProfile"],"success":{}},
  CreateNamespace: {"product":"cr","ramAction":"cr:CreateNamespace","level":"Create","resource":"repository/{InstanceId}","parameters":{"AutoCreateRepo":{"shape":"boolean"},"DefaultRepoConfiguration":{"shape":{"fields":{"ArtifactBuildRuleParameters":{"shape":{"fields":{"ImageIndexOnly":{"shape":"boolean","required":true}}}},"RepoType":{"shape":"string","required":true},"TagImmutability":{"shape":"boolean","required":true}}},"json":true},"DefaultRepoType":{"shape":"string","values":["PUBLIC","PRIVATE"]},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreatePolicy: {"product":"ram","ramAction":"ram:CreatePolicy","level":"Create","resource":"policy/{PolicyName}","parameters":{"PolicyName":{"shape":"string","required":true},"PolicyDocument":{"shape":"string","required":true},"Description":{"shape":"string"},"RotateStrategy":{"shape":"string","values":["None","DeleteOldestNonDefaultVersionWhenLimitExceeded"]},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string","required":true},"Value":{"shape":"string"}}}},"json":true}},"replyFields":["RequestId","Policy"],"success":{}},
  CreatePolicyVersion: {"product":"ram","ramAction":"ram:CreatePolicyVersion","level":"Create","resource":"policy/{PolicyName}","parameters":{"PolicyName":{"shape":"string","required":true},"PolicyDocument":{"shape":"string","required":true},"SetAsDefault":{"shape":"boolean"},"RotateStrategy":{"shape":"string","values":["None","DeleteOldestNonDefaultVersionWhenLimitExceeded"]}},"replyFields":["RequestId","PolicyVersion"],"success":{}},
  CreateRepoBuildRule: {"product":"cr","ramAction":"cr:CreateRepositoryBuildRule","level":"Create","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildArgs":{"shape":{"list":"string"}},"DockerfileLocation":{"shape":"string"},"DockerfileName":{"shape":"string"},"ImageTag":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"Platforms":{"shape":{"list":"string"},"values":["linux/amd64","linux/arm64","linux/386","linux/arm/v7","linux/arm/v6"]},"PushName":{"shape":"string","required":true},"PushType":{"shape":"string","required":true,"values":["GIT_TAG","GIT_BRANCH"]},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildRuleId","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoSourceCodeRepo: {"product":"cr","ramAction":"cr:CreateSourceRepository","level":"Write","resource":"*","parameters":{"AutoBuild":{"shape":"boolean"},"CodeRepoName":{"shape":"string","required":true},"CodeRepoNamespaceName":{"shape":"string","required":true},"CodeRepoType":{"shape":"string","required":true,"values":["GITHUB","GITLAB","GITEE","CODE","CODEUP"]},"DisableCacheBuild":{"shape":"boolean"},"InstanceId":{"shape":"string","required":true},"OverseaBuild":{"shape":"boolean"},"RepoId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoSyncRule: {"product":"cr","ramAction":"cr:CreateSyncRule","level":"Create","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"LinkId":{"shape":"string"},"NamespaceName":{"shape":"string"},"NamespaceNameFilter":{"shape":"string"},"Priority":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNameFilter":{"shape":"string"},"SyncRuleName":{"shape":"string","required":true},"SyncScope":{"shape":"string","required":true,"values":["REPO","NAMESPACE"]},"SyncTrigger":{"shape":"string","values":["INITIATIVE","PASSIVE"]},"TagFilter":{"shape":"string","required":true},"TargetInstanceId":{"shape":"string","required":true},"TargetNamespaceName":{"shape":"string"},"TargetRegionId":{"shape":"string","required":true},"TargetRepoName":{"shape":"string"},"TargetUserId":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId","SyncRuleId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoSyncTask: {"product":"cr","ramAction":"cr:CreateRepositorySync","level":"Create","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"Override":{"shape":"boolean"},"Priority":{"shape":"integer"},"RepoId":{"shape":"string","required":true},"Tag":{"shape":"string","required":true},"TargetInstanceId":{"shape":"string","required":true},"TargetNamespace":{"shape":"string","required":true},"TargetRegionId":{"shape":"string","required":true},"TargetRepoName":{"shape":"string","required":true},"TargetTag":{"shape":"string","required":true},"TargetUserId":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId","SyncTaskId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoSyncTaskByRule: {"product":"cr","ramAction":"cr:CreateRepositorySync","level":"Create","resource":"*","parameters":{"InstanceId":{"shape":"string","required":true},"Priority":{"shape":"integer"},"RepoId":{"shape":"string","required":true},"SyncRuleId":{"shape":"string","required":true},"Tag":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","SyncTaskId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoTag: {"product":"cr","ramAction":"cr:CreateRepoTag","level":"Create","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"FromTag":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"ToTag":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoTagScanTask: {"product":"cr","ramAction":"cr:PutScan","level":"Create","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Digest":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true},"ScanService":{"shape":"string"},"ScanType":{"shape":"string"},"Tag":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepoTrigger: {"product":"cr","ramAction":"cr:CreateWebHook","level":"Write","resource":"*","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true},"TriggerName":{"shape":"string","required":true},"TriggerTag":{"shape":"string"},"TriggerType":{"shape":"string","required":true,"values":["ALL","TAG_LIST","TAG_LISTTAG","TAG_REG_EXP"]},"TriggerUrl":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","TriggerId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRepository: {"product":"cr","ramAction":"cr:CreateRepository","level":"Create","resource":"repository/{InstanceId}/{NamespaceName}","parameters":{"Detail":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true},"RepoType":{"shape":"string","required":true,"values":["PUBLIC","PRIVATE"]},"Summary":{"shape":"string","required":true},"TagImmutability":{"shape":"boolean"}},"replyFields":["Code","IsSuccess","RepoId","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  CreateRole: {"product":"ram","ramAction":"ram:CreateRole","level":"Create","resource":"role/{RoleName}","parameters":{"RoleName":{"shape":"string","required":true},"AssumeRolePolicyDocument":{"shape":"string","required":true},"Description":{"shape":"string"},"MaxSessionDuration":{"shape":"integer"},"AllowConsoleLogin":{"shape":"boolean"},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string","required":true},"Value":{"shape":"string"}}}},"json":true}},"replyFields":["RequestId","Role"],"success":{}},
  CreateSAMLProvider: {"product":"ims","ramAction":"ram:CreateSAMLProvider","level":"Create","resource":"saml-provider/{SAMLProviderName}","parameters":{"SAMLProviderName":{"shape":"string","required":true}},"replyFields":["RequestId","SAMLProvider"],"success":{}},
  CreateScanRule: {"product":"cr","ramAction":"cr:CreateScanRule","level":"Create","resource":"instance/{InstanceId}/scanrule/*","parameters":{"InstanceId":{"shape":"string","required":true},"Namespaces":{"shape":{"list":"string"},"json":true},"RepoNames":{"shape":{"list":"string"},"json":true},"RepoTagFilterPattern":{"shape":"string","required":true},"RuleName":{"shape":"string","required":true},"ScanScope":{"shape":"string","required":true},"ScanType":{"shape":"string","values":["VUL","SBOM"]},"TriggerType":{"shape":"string","required":true}},"replyFields":["Code","RequestId","ScanRuleId"],"success":{"Code":0}},
  CreateStorageDomainRoutingRule: {"product":"cr","ramAction":"cr:CreateStorageDomainRoutingRule","level":"Create","resource":"instance/{InstanceId}/storagedomainroutingrule/*","parameters":{"InstanceId":{"shape":"string","required":true},"Routes":{"shape":{"list":{"fields":{"EndpointType":{"shape":"string","required":true},"InstanceDomain":{"shape":"string","required":true},"StorageDomain":{"shape":"string","required":true}}}},"required":true,"json":true}},"replyFields":["Code","RequestId","RuleId","Success"],"success":{"Code":"success","Success":true},"refusal":{"code":"UnsupportedOperation","status":400,"message":"Layers are served by the host of the registry itself, not by an object store with hosts of its own: there is nothing to route."}},
  CreateUser: {"product":"ram","ramAction":"ram:CreateUser","level":"Create","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true},"DisplayName":{"shape":"string"},"MobilePhone":{"shape":"string"},"Email":{"shape":"string"},"Comments":{"shape":"string"}},"replyFields":["RequestId","User"],"success":{}},
  DeleteAccessKey: {"product":"ram","ramAction":"ram:DeleteAccessKey","level":"Delete","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string"},"UserAccessKeyId":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeleteArtifactLifecycleRule: {"product":"cr","ramAction":"cr:DeleteArtifactLifecycleRule","level":"Delete","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteArtifactSubscriptionRule: {"product":"cr","ramAction":"cr:DeleteArtifactSubscriptionRule","level":"Delete","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteChain: {"product":"cr","ramAction":"cr:DeleteChain","level":"Delete","resource":"repository/{InstanceId}","parameters":{"ChainId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteChartNamespace: {"product":"cr","ramAction":"cr:DeleteNamespace","level":"Delete","resource":"chart/{InstanceId}/{NamespaceName}","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteChartRelease: {"product":"cr","ramAction":"cr:DeleteChartRelease","level":"Delete","resource":"chart/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Chart":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"Release":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteChartRepository: {"product":"cr","ramAction":"cr:DeleteRepository","level":"Delete","resource":"chart/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteEventCenterRule: {"product":"cr","ramAction":"cr:DeleteEventCenterRule","level":"Delete","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string"},"RuleId":{"shape":"string"}},"replyFields":["Code","RequestId"],"success":{"Code":"success"}},
  DeleteGroup: {"product":"ram","ramAction":"ram:DeleteGroup","level":"Delete","resource":"group/{GroupName}","parameters":{"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeleteInstanceCustomizedDomain: {"product":"cr","ramAction":"cr:DeleteInstanceCustomizedDomain","level":"Delete","resource":"instance/{InstanceId}","parameters":{"Domain":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteInstanceEndpointAclPolicy: {"product":"cr","ramAction":"cr:DeleteInstanceEndpointAclPolicy","level":"Delete","resource":"instance/{InstanceId}","parameters":{"EndpointType":{"shape":"string","required":true},"Entries":{"shape":{"list":{"fields":{"Comment":{"shape":"string"},"Entry":{"shape":"string"}}}},"json":true},"Entry":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteInstanceVpcEndpointLinkedVpc: {"product":"cr","ramAction":"cr:DeleteInstanceVpcEndpointLinkedVpc","level":"Delete","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]},"VpcId":{"shape":"string","required":true},"VswitchId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteLoginProfile: {"product":"ram","ramAction":"ram:DeleteLoginProfile","level":"Delete","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeleteNamespace: {"product":"cr","ramAction":"cr:DeleteNamespace","level":"Delete","resource":"repository/{InstanceId}/{NamespaceName}","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeletePolicy: {"product":"ram","ramAction":"ram:DeletePolicy","level":"Delete","resource":"policy/{PolicyName}","parameters":{"PolicyName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeletePolicyVersion: {"product":"ram","ramAction":"ram:DeletePolicyVersion","level":"Delete","resource":"policy/{PolicyName}","parameters":{"PolicyName":{"shape":"string","required":true},"VersionId":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeleteRepoBuildRule: {"product":"cr","ramAction":"cr:DeleteRepositoryBuildRule","level":"Write","resource":"*","parameters":{"BuildRuleId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteRepoSyncRule: {"product":"cr","ramAction":"cr:DeleteSyncRule","level":"Delete","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"SyncRuleId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteRepoTag: {"product":"cr","ramAction":"cr:DeleteRepositoryTag","level":"Delete","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true},"Tag":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteRepoTrigger: {"product":"cr","ramAction":"cr:DeleteWebHook","level":"Write","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true},"TriggerId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteRepository: {"product":"cr","ramAction":"cr:DeleteRepository","level":"Delete","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  DeleteRole: {"product":"ram","ramAction":"ram:DeleteRole","level":"Delete","resource":"role/{RoleName}","parameters":{"RoleName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeleteSAMLProvider: {"product":"ims","ramAction":"ram:DeleteSAMLProvider","level":"Delete","resource":"saml-provider/{SAMLProviderName}","parameters":{"SAMLProviderName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DeleteScanRule: {"product":"cr","ramAction":"cr:DeleteScanRule","level":"Delete","resource":"instance/{InstanceId}/scanrule/{ScanRuleId}","parameters":{"InstanceId":{"shape":"string"},"ScanRuleId":{"shape":"string"}},"replyFields":["Code","RequestId"],"success":{"Code":"success"}},
  DeleteStorageDomainRoutingRule: {"product":"cr","ramAction":"cr:DeleteStorageDomainRoutingRule","level":"Delete","resource":"instance/{InstanceId}/storagedomainroutingrule/{RuleId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Code","RequestId","Success"],"success":{"Code":"success","Success":true},"refusal":{"code":"InvalidInstanceStorageDomainRoutingRule.NotFound","status":404,"message":"There is no such routing rule: layers are served by the host of the registry itself."}},
  DeleteUser: {"product":"ram","ramAction":"ram:DeleteUser","level":"Delete","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DetachPolicyFromGroup: {"product":"ram","ramAction":"ram:DetachPolicyFromGroup","level":"Update","resource":"group/{GroupName}","also":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DetachPolicyFromRole: {"product":"ram","ramAction":"ram:DetachPolicyFromRole","level":"Update","resource":"role/{RoleName}","also":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"RoleName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  DetachPolicyFromUser: {"product":"ram","ramAction":"ram:DetachPolicyFromUser","level":"Update","resource":"user/{UserName}","also":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"UserName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  GetAccessKeyLastUsed: {"product":"ram","ramAction":"ram:GetAccessKeyLastUsed","level":"Read","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string"},"UserAccessKeyId":{"shape":"string","required":true}},"replyFields":["RequestId","AccessKeyLastUsed"],"success":{}},
  GetAccountAlias: {"product":"ram","ramAction":"ram:GetAccountAlias","level":"Read","resource":"*","parameters":{},"replyFields":["RequestId","AccountAlias"],"success":{}},
  GetArtifactBuildRule: {"product":"cr","ramAction":"cr:GetArtifactBuildRule","level":"Read","resource":"instance/{InstanceId}","parameters":{"ArtifactType":{"shape":"string"},"BuildRuleId":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"ScopeId":{"shape":"string"},"ScopeType":{"shape":"string","values":["REPOSITORY"]}},"replyFields":["ArtifactType","BuildRuleId","Code","IsSuccess","Parameters","RequestId","ScopeId","ScopeType"],"success":{"Code":"success","IsSuccess":true}},
  GetArtifactBuildTask: {"product":"cr","ramAction":"cr:GetArtifactBuildTask","level":"Read","resource":"instance/{InstanceId}","parameters":{"BuildTaskId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true}},"replyFields":["ArtifactBuildType","BuildTaskId","Code","EndTime","Instructions","IsSuccess","RequestId","SourceArtifact","StartTime","TargetArtifact","TaskStatus"],"success":{"Code":"success","IsSuccess":true}},
  GetArtifactLifecycleRule: {"product":"cr","ramAction":"cr:GetArtifactLifecycleRule","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Auto","Code","CreateTime","DryRun","EnableDeleteTag","EnableDeleteUntaggedManifest","InstanceId","IsSuccess","ModifiedTime","NamespaceName","NextTime","Policies","RepoName","RequestId","RetentionTagCount","RuleId","ScheduleTime","Scope","TagRegexp"],"success":{"Code":"success","IsSuccess":true}},
  GetArtifactSubscriptionRule: {"product":"cr","ramAction":"cr:GetArtifactSubscriptionRule","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Accelerate","Code","CreateTime","InstanceId","IsSuccess","ModifiedTime","NamespaceName","Override","Platform","RepoName","RequestId","RuleId","SourceDomain","SourceNamespaceName","SourceProvider","SourceRepoName","TagCount","TagRegexp"],"success":{"Code":"success","IsSuccess":true}},
  GetArtifactSubscriptionTask: {"product":"cr","ramAction":"cr:GetArtifactSubscriptionTask","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"TaskId":{"shape":"string","required":true}},"replyFields":["ArtifactType","Code","EndTime","InstanceId","IsSuccess","Message","NamespaceName","RepoName","RequestId","SourceNamespaceName","SourceProvider","SourceRepoName","SourceRepoType","StartTime","TagSubscriptionCount","TagTotalCount","TaskId","TaskResult","TaskStatus","TaskType"],"success":{"Code":"success","IsSuccess":true}},
  GetArtifactSubscriptionTaskResult: {"product":"cr","ramAction":"cr:GetArtifactSubscriptionTaskResult","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"TaskId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","TaskResults","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  GetAuthorizationToken: {"product":"cr","ramAction":"cr:GetAuthorizationToken","level":"Read","resource":"repository/{InstanceId}","parameters":{"ExpiresInHours":{"shape":"integer"},"InstanceId":{"shape":"string","required":true}},"replyFields":["AuthorizationToken","Code","ExpireTime","IsSuccess","RequestId","TempUsername"],"success":{"Code":"success","IsSuccess":true}},
  GetCallerIdentity: {"product":"sts","ramAction":"sts:GetCallerIdentity","level":"Read","resource":"*","open":true,"parameters":{},"replyFields":["RequestId","AccountId","Arn","IdentityType","PrincipalId","RoleId","UserId"],"success":{}},
  GetChain: {"product":"cr","ramAction":"cr:GetChain","level":"Read","resource":"repository/{InstanceId}","parameters":{"ChainId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true}},"replyFields":["ChainConfig","ChainId","Code","CreateTime","Description","InstanceId","IsSuccess","ModifiedTime","Name","RequestId","ScopeExclude","ScopeId","ScopeType"],"success":{"Code":"success","IsSuccess":true}},
  GetChartNamespace: {"product":"cr","ramAction":"cr:GetNamespace","level":"Read","resource":"chart/{InstanceId}/{NamespaceName}","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["AutoCreateRepo","Code","DefaultRepoType","InstanceId","IsSuccess","NamespaceId","NamespaceName","NamespaceStatus","RequestId","ResourceGroupId"],"success":{"Code":"success","IsSuccess":true}},
  GetChartRepository: {"product":"cr","ramAction":"cr:GetRepository","level":"Read","resource":"chart/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true}},"replyFields":["Code","CreateTime","InstanceId","IsSuccess","ModifiedTime","RepoId","RepoName","RepoNamespaceName","RepoStatus","RepoType","RequestId","ResourceGroupId","Summary"],"success":{"Code":"success","IsSuccess":true}},
  GetGroup: {"product":"ram","ramAction":"ram:GetGroup","level":"Read","resource":"group/{GroupName}","parameters":{"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId","Group"],"success":{}},
  GetInstance: {"product":"cr","ramAction":"cr:GetInstance","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true}},"replyFields":["Code","CreateTime","InstanceId","InstanceIssue","InstanceName","InstanceSpecification","InstanceStatus","IsSuccess","ModifiedTime","RequestId","ResourceGroupId","Tags"],"success":{"Code":"success","IsSuccess":true}},
  GetInstanceCount: {"product":"cr","ramAction":"cr:GetInstanceCount","level":"Read","resource":"*","parameters":{},"replyFields":["Code","Count","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  GetInstanceCustomizedDomain: {"product":"cr","ramAction":"cr:GetInstanceCustomizedDomain","level":"Read","resource":"instance/{InstanceId}","parameters":{"Domain":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","required":true}},"replyFields":["CertId","Code","CreateTime","Domain","DomainType","EndpointType","InstanceId","IsSuccess","ModifiedTime","ModuleName","RegionId","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  GetInstanceEndpoint: {"product":"cr","ramAction":"cr:GetInstanceEndpoint","level":"Read","resource":"instance/{InstanceId}","parameters":{"EndpointType":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]}},"replyFields":["AclEnable","AclEntries","Code","Domains","Enable","IsSuccess","RequestId","Status"],"success":{"Code":"success","IsSuccess":true}},
  GetInstanceUsage: {"product":"cr","ramAction":"cr:GetInstanceUsage","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true}},"replyFields":["ChartNamespaceQuota","ChartNamespaceUsage","ChartRepoQuota","ChartRepoUsage","Code","IsSuccess","NamespaceQuota","NamespaceUsage","RepoQuota","RepoUsage","RequestId","VpcQuota","VpcUsage"],"success":{"Code":"success","IsSuccess":true}},
  GetInstanceVpcEndpoint: {"product":"cr","ramAction":"cr:GetInstanceVpcEndpoint","level":"Read","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]}},"replyFields":["Code","Domains","Enable","IsSuccess","LinkedVpcs","ModuleName","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  GetLoginProfile: {"product":"ram","ramAction":"ram:GetLoginProfile","level":"Read","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId","LoginProfile"],"success":{}},
  GetNamespace: {"product":"cr","ramAction":"cr:GetNamespace","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceId":{"shape":"string"},"NamespaceName":{"shape":"string"}},"replyFields":["AutoCreateRepo","Code","DefaultRepoConfiguration","DefaultRepoType","InstanceId","IsSuccess","NamespaceId","NamespaceName","NamespaceStatus","RequestId","ResourceGroupId"],"success":{"Code":"success","IsSuccess":true}},
  GetPasswordPolicy: {"product":"ram","ramAction":"ram:GetPasswordPolicy","level":"Read","resource":"*","parameters":{},"replyFields":["RequestId","PasswordPolicy"],"success":{}},
  GetPolicy: {"product":"ram","ramAction":"ram:GetPolicy","level":"Read","resource":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true}},"replyFields":["RequestId","Policy","DefaultPolicyVersion"],"success":{}},
  GetPolicyVersion: {"product":"ram","ramAction":"ram:GetPolicyVersion","level":"Read","resource":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true},"VersionId":{"shape":"string","required":true}},"replyFields":["RequestId","PolicyVersion"],"success":{}},
  GetRepoBuildRecord: {"product":"cr","ramAction":"cr:GetRepositoryBuildRecord","level":"Read","resource":"repository/{InstanceId}","or":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildRecordId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true}},"replyFields":["BuildRecordId","Code","EndTime","Image","IsSuccess","RequestId","StartTime","Status"],"success":{"Code":"success","IsSuccess":true}},
  GetRepoBuildRecordStatus: {"product":"cr","ramAction":"cr:GetRepositoryBuildStatus","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildRecordId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildStatus","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  GetRepoSourceCodeRepo: {"product":"cr","ramAction":"cr:GetSourceRepository","level":"Read","resource":"*","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["AutoBuild","Code","CodeRepoDomain","CodeRepoName","CodeRepoNamespaceName","CodeRepoType","DisableCacheBuild","IsSuccess","OverseaBuild","RepoId","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  GetRepoSyncTask: {"product":"cr","ramAction":"cr:GetRepositorySync","level":"Read","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"SyncTaskId":{"shape":"string","required":true}},"replyFields":["Code","CrossUser","ImageFrom","ImageTo","IsSuccess","LayerTasks","Priority","Progress","RequestId","SyncBatchTaskId","SyncRuleId","SyncTaskId","SyncTransAccelerate","SyncedSize","TaskIssue","TaskStatus","TaskTrigger"],"success":{"Code":"success","IsSuccess":true}},
  GetRepoTag: {"product":"cr","ramAction":"cr:ListRepositoryTag","level":"Read","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true},"Tag":{"shape":"string","required":true}},"replyFields":["Code","Digest","ImageCreate","ImageId","ImageSize","ImageUpdate","IsSuccess","RequestId","Status","Tag"],"success":{"Code":"success","IsSuccess":true}},
  GetRepoTagScanStatus: {"product":"cr","ramAction":"cr:GetScan","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Digest":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string"},"ScanTaskId":{"shape":"string"},"ScanType":{"shape":"string"},"Tag":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId","ScanService","Status"],"success":{"Code":"success","IsSuccess":true}},
  GetRepoTagScanSummary: {"product":"cr","ramAction":"cr:GetScanCount","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Digest":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string"},"ScanTaskId":{"shape":"string"},"Tag":{"shape":"string"}},"replyFields":["Code","HighSeverity","IsSuccess","LowSeverity","MediumSeverity","RequestId","TotalSeverity","UnknownSeverity"],"success":{"Code":"success","IsSuccess":true}},
  GetRepository: {"product":"cr","ramAction":"cr:GetRepository","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"}},"replyFields":["Code","CreateTime","Detail","InstanceId","IsSuccess","ModifiedTime","RepoBuildType","RepoId","RepoName","RepoNamespaceName","RepoStatus","RepoType","RequestId","ResourceGroupId","Summary","TagImmutability"],"success":{"Code":"success","IsSuccess":true}},
  GetRole: {"product":"ram","ramAction":"ram:GetRole","level":"Read","resource":"role/{RoleName}","parameters":{"RoleName":{"shape":"string","required":true}},"replyFields":["RequestId","Role"],"success":{}},
  GetSAMLProvider: {"product":"ims","ramAction":"ram:GetSAMLProvider","level":"Read","resource":"saml-provider/{SAMLProviderName}","parameters":{"SAMLProviderName":{"shape":"string","required":true}},"replyFields":["RequestId","SAMLProvider"],"success":{}},
  GetScanRule: {"product":"cr","ramAction":"cr:GetScanRule","level":"Read","resource":"instance/{InstanceId}/scanrule/{ScanRuleId}","parameters":{"InstanceId":{"shape":"string","required":true},"ScanRuleId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","ScanRule"],"success":{"Code":"success","IsSuccess":true}},
  GetSecurityPreference: {"product":"ram","ramAction":"ram:GetSecurityPreference","level":"Read","resource":"*","parameters":{},"replyFields":["RequestId","SecurityPreference"],"success":{}},
  GetStorageDomainRoutingRule: {"product":"cr","ramAction":"cr:GetStorageDomainRoutingRule","level":"Read","resource":"instance/{InstanceId}/storagedomainroutingrule/{RuleId}","parameters":{"InstanceId":{"shape":"string","required":true},"RuleId":{"shape":"string"}},"replyFields":["Code","CreateTime","ModifyTime","RequestId","Routes","RuleId","Success"],"success":{"Code":"success","Success":true},"refusal":{"code":"InvalidInstanceStorageDomainRoutingRule.NotFound","status":404,"message":"There is no such routing rule: layers are served by the host of the registry itself."}},
  GetUser: {"product":"ram","ramAction":"ram:GetUser","level":"Read","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId","User"],"success":{}},
  ListAccessKeys: {"product":"ram","ramAction":"ram:ListAccessKeys","level":"List","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string"}},"replyFields":["RequestId","AccessKeys"],"success":{}},
  ListArtifactBuildTaskLog: {"product":"cr","ramAction":"cr:ListArtifactBuildTaskLog","level":"Read","resource":"instance/{InstanceId}","parameters":{"BuildTaskId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"Page":{"shape":"integer","required":true},"PageSize":{"shape":"integer","required":true}},"replyFields":["BuildTaskLogs","Code","IsSuccess","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListArtifactLifecycleRule: {"product":"cr","ramAction":"cr:ListArtifactLifecycleRule","level":"List","resource":"instance/{InstanceId}","parameters":{"EnableDeleteTag":{"shape":"boolean"},"EnableDeleteUntaggedManifest":{"shape":"boolean"},"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","Rules","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListArtifactSubscriptionRule: {"product":"cr","ramAction":"cr:ListArtifactSubscriptionRule","level":"List","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","Rules","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListArtifactSubscriptionTask: {"product":"cr","ramAction":"cr:ListArtifactSubscriptionTask","level":"List","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","Tasks","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListChain: {"product":"cr","ramAction":"cr:ListChain","level":"List","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"}},"replyFields":["Chains","Code","IsSuccess","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListChainInstance: {"product":"cr","ramAction":"cr:ListChainInstance","level":"List","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"}},"replyFields":["ChainInstances","Code","InstanceId","IsSuccess","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListChartNamespace: {"product":"cr","ramAction":"cr:ListNamespace","level":"List","resource":"chart/{InstanceId}/*","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string"},"NamespaceStatus":{"shape":"string","values":["NORMAL","DELETING"]},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"}},"replyFields":["Code","IsSuccess","Namespaces","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListChartRelease: {"product":"cr","ramAction":"cr:ListChartRelease","level":"List","resource":"chart/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Chart":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true}},"replyFields":["ChartReleases","Code","IsSuccess","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListChartRepository: {"product":"cr","ramAction":"cr:ListRepository","level":"List","resource":"chart/{InstanceId}/{NamespaceName}/*","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"},"RepoStatus":{"shape":"string","values":["ALL","NORMAL","DELETING"]}},"replyFields":["Code","IsSuccess","PageNo","PageSize","Repositories","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListEntitiesForPolicy: {"product":"ram","ramAction":"ram:ListEntitiesForPolicy","level":"List","resource":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true}},"replyFields":["RequestId","Users","Groups","Roles"],"success":{}},
  ListEventCenterRecord: {"product":"cr","ramAction":"cr:ListEventCenterRecord","level":"List","resource":"instance/{InstanceId}","parameters":{"EventType":{"shape":"string","values":["cr:Artifact:DeliveryChainCompleted","cr:Artifact:SynchronizationCompleted","cr:Artifact:BuildCompleted","cr:Artifact:ScanCompleted","cr:Artifact:SigningCompleted","cr:Artifact:PushCompleted"]},"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"},"RuleId":{"shape":"string"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","Records","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListEventCenterRuleName: {"product":"cr","ramAction":"cr:ListEventCenterRuleName","level":"List","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","RuleNames"],"success":{"Code":"success","IsSuccess":true}},
  ListGroups: {"product":"ram","ramAction":"ram:ListGroups","level":"List","resource":"group/*","parameters":{"Marker":{"shape":"string"},"MaxItems":{"shape":"integer"}},"replyFields":["RequestId","IsTruncated","Marker","Groups"],"success":{}},
  ListGroupsForUser: {"product":"ram","ramAction":"ram:ListGroupsForUser","level":"List","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId","Groups"],"success":{}},
  ListInstance: {"product":"cr","ramAction":"cr:ListInstance","level":"List","resource":"*","parameters":{"InstanceName":{"shape":"string"},"InstanceStatus":{"shape":"string","values":["PENDING","INIT_ERROR","STARTING","RUNNING","STOPPING","STOPPED","DELETING","DELETED"]},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"ResourceGroupId":{"shape":"string"}},"replyFields":["Code","Instances","IsSuccess","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListInstanceEndpoint: {"product":"cr","ramAction":"cr:ListInstanceEndpoint","level":"List","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]},"Summary":{"shape":"boolean"}},"replyFields":["Code","Endpoints","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  ListInstanceRegion: {"product":"cr","ramAction":"cr:ListInstanceRegion","level":"List","resource":"*","parameters":{"Lang":{"shape":"string"}},"replyFields":["Code","IsSuccess","Regions","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  ListNamespace: {"product":"cr","ramAction":"cr:ListNamespace","level":"List","resource":"repository/{InstanceId}/*","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string"},"NamespaceStatus":{"shape":"string","values":["NORMAL","DELETING"]},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"}},"replyFields":["Code","IsSuccess","Namespaces","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListPolicies: {"product":"ram","ramAction":"ram:ListPolicies","level":"List","resource":"policy/*","parameters":{"PolicyType":{"shape":"string","values":["System","Custom"]},"Marker":{"shape":"string"},"MaxItems":{"shape":"integer"},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string"},"Value":{"shape":"string"}}}},"json":true}},"replyFields":["RequestId","IsTruncated","Marker","Policies"],"success":{}},
  ListPoliciesForGroup: {"product":"ram","ramAction":"ram:ListPoliciesForGroup","level":"List","resource":"group/{GroupName}","parameters":{"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId","Policies"],"success":{}},
  ListPoliciesForRole: {"product":"ram","ramAction":"ram:ListPoliciesForRole","level":"List","resource":"role/{RoleName}","parameters":{"RoleName":{"shape":"string","required":true}},"replyFields":["RequestId","Policies"],"success":{}},
  ListPoliciesForUser: {"product":"ram","ramAction":"ram:ListPoliciesForUser","level":"List","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId","Policies"],"success":{}},
  ListPolicyVersions: {"product":"ram","ramAction":"ram:ListPolicyVersions","level":"List","resource":"policy/{PolicyName}","parameters":{"PolicyType":{"shape":"string","required":true,"values":["System","Custom"]},"PolicyName":{"shape":"string","required":true}},"replyFields":["RequestId","PolicyVersions"],"success":{}},
  ListRepoBuildRecord: {"product":"cr","ramAction":"cr:ListRepositoryBuild","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildRecords","Code","IsSuccess","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoBuildRecordLog: {"product":"cr","ramAction":"cr:GetRepositoryBuildLog","level":"Read","resource":"*","parameters":{"BuildRecordId":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"Offset":{"shape":"integer"},"RepoId":{"shape":"string","required":true}},"replyFields":["RequestId","Code","PageNo","IsSuccess","PageSize","TotalCount","BuildRecordLogs"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoBuildRule: {"product":"cr","ramAction":"cr:ListRepositoryBuildRule","level":"Read","resource":"*","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildRules","Code","IsSuccess","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoSyncRule: {"product":"cr","ramAction":"cr:ListSyncRule","level":"List","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string"},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"TargetInstanceId":{"shape":"string"},"TargetRegionId":{"shape":"string"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","SyncRules","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoSyncTask: {"product":"cr","ramAction":"cr:GetRepositorySync","level":"List","resource":"repository/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"},"SyncRecordId":{"shape":"string"},"Tag":{"shape":"string"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","SyncTasks","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoTag: {"product":"cr","ramAction":"cr:ListRepositoryTag","level":"Read","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"MaxResults":{"shape":"integer"},"NextToken":{"shape":"string"},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoId":{"shape":"string","required":true}},"replyFields":["Code","Images","IsSuccess","MaxResults","NextToken","PageNo","PageSize","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoTagScanResult: {"product":"cr","ramAction":"cr:GetScan","level":"List","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Digest":{"shape":"string"},"FilterValue":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoId":{"shape":"string"},"ScanTaskId":{"shape":"string"},"ScanType":{"shape":"string","values":["cve","sca"]},"Severity":{"shape":"string","values":["High","Medium","Low","Unknown"]},"Tag":{"shape":"string"},"VulQueryKey":{"shape":"string"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","TotalCount","Vulnerabilities"],"success":{"Code":"success","IsSuccess":true}},
  ListRepoTrigger: {"product":"cr","ramAction":"cr:GetWebHookLog","level":"Read","resource":"*","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId","Triggers"],"success":{"Code":"success","IsSuccess":true}},
  ListRepository: {"product":"cr","ramAction":"cr:ListRepository","level":"List","resource":"repository/{InstanceId}/{NamespaceName}/*","parameters":{"InstanceId":{"shape":"string","required":true},"MaxResults":{"shape":"integer"},"NextToken":{"shape":"string"},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"},"RepoStatus":{"shape":"string","values":["NORMAL","DELETING","DELETED","ALL"]}},"replyFields":["Code","IsSuccess","MaxResults","NextToken","PageNo","PageSize","Repositories","RequestId","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListRoles: {"product":"ram","ramAction":"ram:ListRoles","level":"List","resource":"role/*","parameters":{"Marker":{"shape":"string"},"MaxItems":{"shape":"integer"},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string"},"Value":{"shape":"string"}}}},"json":true}},"replyFields":["RequestId","IsTruncated","Marker","Roles"],"success":{}},
  ListSAMLProviders: {"product":"ims","ramAction":"ram:ListSAMLProviders","level":"List","resource":"*","parameters":{},"replyFields":["RequestId","SAMLProviders"],"success":{}},
  ListScanBaselineByTask: {"product":"cr","ramAction":"cr:ListScanBaselineByTask","level":"List","resource":"repository/{InstanceId}","parameters":{"Digest":{"shape":"string"},"InstanceId":{"shape":"string"},"Level":{"shape":"string"},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoId":{"shape":"string"},"ScanTaskId":{"shape":"string"},"Tag":{"shape":"string"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","ScanBaselines","TotalCount"],"success":{"Code":200,"IsSuccess":true},"refusal":{"code":"UnsupportedOperation","status":400,"message":"The baseline and malware checks are those of the vendor's Security Center; this server has no such engine, and an empty list would claim a check that nobody made."}},
  ListScanMaliciousFileByTask: {"product":"cr","ramAction":"cr:ListScanMaliciousFileByTask","level":"List","resource":"repository/{InstanceId}","parameters":{"Digest":{"shape":"string"},"InstanceId":{"shape":"string"},"Level":{"shape":"string"},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"RepoId":{"shape":"string"},"ScanTaskId":{"shape":"string"},"Tag":{"shape":"string"}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","ScanMaliciousFiles","TotalCount"],"success":{"Code":200,"IsSuccess":true},"refusal":{"code":"UnsupportedOperation","status":400,"message":"The baseline and malware checks are those of the vendor's Security Center; this server has no such engine, and an empty list would claim a check that nobody made."}},
  ListScanRule: {"product":"cr","ramAction":"cr:ListScanRule","level":"List","resource":"instance/{InstanceId}/scanrule/*","parameters":{"InstanceId":{"shape":"string"},"PageNo":{"shape":"integer"},"PageSize":{"shape":"integer"},"ScanType":{"shape":"string","values":["VUL","SBOM"]}},"replyFields":["Code","IsSuccess","PageNo","PageSize","RequestId","ScanRules","TotalCount"],"success":{"Code":"success","IsSuccess":true}},
  ListTagResources: {"product":"cr","ramAction":"cr:ListTagResources","level":"List","resource":"*","parameters":{"NextToken":{"shape":"string"},"RegionId":{"shape":"string","required":true},"ResourceId":{"shape":{"list":"string"}},"ResourceType":{"shape":"string","required":true,"missingCode":"MissingParameter.ResourceType"},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string"},"Value":{"shape":"string"}}}}}},"replyFields":["NextToken","RequestId","TagResources"],"success":{}},
  ListUsers: {"product":"ram","ramAction":"ram:ListUsers","level":"List","resource":"user/*","parameters":{"Marker":{"shape":"string"},"MaxItems":{"shape":"integer"}},"replyFields":["RequestId","IsTruncated","Marker","Users"],"success":{}},
  ListUsersForGroup: {"product":"ram","ramAction":"ram:ListUsersForGroup","level":"List","resource":"group/{GroupName}","parameters":{"GroupName":{"shape":"string","required":true},"Marker":{"shape":"string"},"MaxItems":{"shape":"integer"}},"replyFields":["RequestId","IsTruncated","Marker","Users"],"success":{}},
  RemoveUserFromGroup: {"product":"ram","ramAction":"ram:RemoveUserFromGroup","level":"Update","resource":"group/{GroupName}","also":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true},"GroupName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  ResetLoginPassword: {"product":"cr","ramAction":"cr:ResetLoginPassword","level":"Update","resource":"instance/{InstanceId}","parameters":{"InstanceId":{"shape":"string","required":true},"Password":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  SetAccountAlias: {"product":"ram","ramAction":"ram:SetAccountAlias","level":"Update","resource":"*","parameters":{"AccountAlias":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  SetDefaultPolicyVersion: {"product":"ram","ramAction":"ram:SetDefaultPolicyVersion","level":"Update","resource":"policy/{PolicyName}","parameters":{"PolicyName":{"shape":"string","required":true},"VersionId":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  SetPasswordPolicy: {"product":"ram","ramAction":"ram:SetPasswordPolicy","level":"Update","resource":"*","parameters":{"MinimumPasswordLength":{"shape":"integer"},"RequireLowercaseCharacters":{"shape":"boolean"},"RequireUppercaseCharacters":{"shape":"boolean"},"RequireNumbers":{"shape":"boolean"},"RequireSymbols":{"shape":"boolean"},"HardExpiry":{"shape":"boolean"},"MaxPasswordAge":{"shape":"integer"},"PasswordReusePrevention":{"shape":"integer"},"MaxLoginAttemps":{"shape":"integer"}},"replyFields":["RequestId","PasswordPolicy"],"success":{}},
  SetSecurityPreference: {"product":"ram","ramAction":"ram:SetSecurityPreference","level":"Update","resource":"*","parameters":{"EnableSaveMFATicket":{"shape":"boolean"},"AllowUserToChangePassword":{"shape":"boolean"},"AllowUserToManageAccessKeys":{"shape":"boolean"},"AllowUserToManageMFADevices":{"shape":"boolean"},"AllowUserToManagePublicKeys":{"shape":"boolean"},"LoginSessionDuration":{"shape":"integer"},"LoginNetworkMasks":{"shape":"string","keepEmpty":true}},"replyFields":["RequestId","SecurityPreference"],"success":{}},
  TagResources: {"product":"cr","ramAction":"cr:TagResources","level":"Update","resource":"*","parameters":{"RegionId":{"shape":"string","required":true},"ResourceId":{"shape":{"list":"string"},"required":true,"missingCode":"MissingParameter.ResourceIds"},"ResourceType":{"shape":"string","required":true,"missingCode":"MissingParameter.ResourceType"},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string"},"Value":{"shape":"string"}}}},"required":true,"missingCode":"MissingParameter.Tags"}},"replyFields":["RequestId"],"success":{}},
  UnbindMFADevice: {"product":"ram","ramAction":"ram:UnbindMFADevice","level":"Update","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true}},"replyFields":["RequestId"],"success":{}},
  UntagResources: {"product":"cr","ramAction":"cr:UntagResources","level":"Update","resource":"*","parameters":{"All":{"shape":"boolean"},"RegionId":{"shape":"string","required":true},"ResourceId":{"shape":{"list":"string"}},"ResourceType":{"shape":"string","required":true,"missingCode":"MissingParameter.ResourceType"},"TagKey":{"shape":{"list":"string"}}},"replyFields":["RequestId"],"success":{}},
  UpdateAccessKey: {"product":"ram","ramAction":"ram:UpdateAccessKey","level":"Update","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string"},"UserAccessKeyId":{"shape":"string","required":true},"Status":{"shape":"string","required":true,"values":["Active","Inactive"]}},"replyFields":["RequestId"],"success":{}},
  UpdateArtifactLifecycleRule: {"product":"cr","ramAction":"cr:UpdateArtifactLifecycleRule","level":"Update","resource":"instance/{InstanceId}","parameters":{"Auto":{"shape":"boolean"},"DryRun":{"shape":"boolean"},"EnableDeleteTag":{"shape":"boolean"},"EnableDeleteUntaggedManifest":{"shape":"boolean"},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string"},"RepoName":{"shape":"string"},"RetentionTagCount":{"shape":"integer"},"RuleId":{"shape":"string","required":true},"ScheduleTime":{"shape":"string"},"Scope":{"shape":"string"},"TagRegexp":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateArtifactSubscriptionRule: {"product":"cr","ramAction":"cr:UpdateArtifactSubscriptionRule","level":"Update","resource":"instance/{InstanceId}","parameters":{"Accelerate":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string"},"Override":{"shape":"string"},"Platform":{"shape":{"list":"string"}},"RepoName":{"shape":"string"},"RuleId":{"shape":"string","required":true},"SourceNamespaceName":{"shape":"string"},"SourceProvider":{"shape":"string"},"SourceRepoName":{"shape":"string"},"TagCount":{"shape":"integer"},"TagRegexp":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateChain: {"product":"cr","ramAction":"cr:UpdateChain","level":"Update","resource":"repository/{InstanceId}","parameters":{"ChainConfig":{"shape":"string","required":true},"ChainId":{"shape":"string","required":true},"Description":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"Name":{"shape":"string","required":true},"ScopeExclude":{"shape":{"list":"string"}}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateChartNamespace: {"product":"cr","ramAction":"cr:UpdateNamespace","level":"Update","resource":"chart/{InstanceId}/{NamespaceName}","parameters":{"AutoCreateRepo":{"shape":"boolean"},"DefaultRepoType":{"shape":"string","values":["PUBLIC","PRIVATE"]},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateChartRepository: {"product":"cr","ramAction":"cr:UpdateRepository","level":"Update","resource":"chart/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoName":{"shape":"string","required":true},"RepoNamespaceName":{"shape":"string","required":true},"RepoType":{"shape":"string","values":["PUBLIC","PRIVATE"]},"Summary":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateEventCenterRule: {"product":"cr","ramAction":"cr:UpdateEventCenterRule","level":"Update","resource":"instance/{InstanceId}","parameters":{"EventChannel":{"shape":"string"},"EventConfig":{"shape":"string"},"EventScope":{"shape":"string","values":["INSTANCE","NAMESPACE","REPO"]},"EventType":{"shape":"string","values":["cr:Artifact:DeliveryChainCompleted","cr:Artifact:SynchronizationCompleted","cr:Artifact:BuildCompleted","cr:Artifact:ScanCompleted","cr:Artifact:SigningCompleted","cr:Artifact:PushCompleted"]},"InstanceId":{"shape":"string","required":true},"Namespaces":{"shape":{"list":"string"},"json":true},"RepoNames":{"shape":{"list":"string"},"json":true},"RepoTagFilterPattern":{"shape":"string"},"RuleId":{"shape":"string","required":true},"RuleName":{"shape":"string"}},"replyFields":["Code","RequestId","RuleId"],"success":{"Code":200}},
  UpdateGroup: {"product":"ram","ramAction":"ram:UpdateGroup","level":"Update","resource":"group/{GroupName}","also":"group/{NewGroupName}","parameters":{"GroupName":{"shape":"string","required":true},"NewGroupName":{"shape":"string"},"NewComments":{"shape":"string","keepEmpty":true}},"replyFields":["RequestId","Group"],"success":{}},
  UpdateInstanceCustomizedDomain: {"product":"cr","ramAction":"cr:UpdateInstanceCustomizedDomain","level":"Update","resource":"instance/{InstanceId}","parameters":{"CertId":{"shape":"string","required":true},"CertRegionId":{"shape":"string"},"Domain":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateInstanceEndpointStatus: {"product":"cr","ramAction":"cr:UpdateInstanceEndpointStatus","level":"Update","resource":"instance/{InstanceId}","parameters":{"Enable":{"shape":"boolean","required":true},"EndpointType":{"shape":"string","required":true},"InstanceId":{"shape":"string","required":true},"ModuleName":{"shape":"string","values":["Registry","Chart"]}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateLoginProfile: {"product":"ram","ramAction":"ram:UpdateLoginProfile","level":"Update","resource":"user/{UserName}","parameters":{"UserName":{"shape":"string","required":true},"Password":{"shape":"string"},"PasswordResetRequired":{"shape":"boolean"},"MFABindRequired":{"shape":"boolean"}},"replyFields":["RequestId","LoginProfile"],"success":{}},
  UpdateNamespace: {"product":"cr","ramAction":"cr:UpdateNamespace","level":"Write","resource":"*","parameters":{"AutoCreateRepo":{"shape":"boolean"},"DefaultRepoConfiguration":{"shape":{"fields":{"ArtifactBuildRuleParameters":{"shape":{"fields":{"ImageIndexOnly":{"shape":"boolean","required":true}}}},"RepoType":{"shape":"string","required":true},"TagImmutability":{"shape":"boolean","required":true}}},"json":true},"DefaultRepoType":{"shape":"string","values":["PUBLIC","PRIVATE"]},"InstanceId":{"shape":"string","required":true},"NamespaceName":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdatePolicyDescription: {"product":"ram","ramAction":"ram:UpdatePolicyDescription","level":"Update","resource":"policy/{PolicyName}","parameters":{"PolicyName":{"shape":"string","required":true},"NewDescription":{"shape":"string","keepEmpty":true}},"replyFields":["RequestId","Policy"],"success":{}},
  UpdateRepoBuildRule: {"product":"cr","ramAction":"cr:UpdateRepositoryBuildRule","level":"Update","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"BuildArgs":{"shape":{"list":"string"}},"BuildRuleId":{"shape":"string","required":true},"DockerfileLocation":{"shape":"string"},"DockerfileName":{"shape":"string"},"ImageTag":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"Platforms":{"shape":{"list":"string"},"values":["linux/amd64","linux/arm64","linux/386","linux/arm/v7","linux/arm/v6"]},"PushName":{"shape":"string"},"PushType":{"shape":"string","values":["GIT_TAG","GIT_BRANCH"]},"RepoId":{"shape":"string","required":true}},"replyFields":["BuildRuleId","Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateRepoSourceCodeRepo: {"product":"cr","ramAction":"cr:UpdateSourceRepository","level":"Update","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"AutoBuild":{"shape":"string","values":["true","false"]},"CodeRepoId":{"shape":"string"},"CodeRepoName":{"shape":"string","required":true},"CodeRepoNamespaceName":{"shape":"string","required":true},"CodeRepoType":{"shape":"string","required":true},"DisableCacheBuild":{"shape":"string","values":["true","false"]},"InstanceId":{"shape":"string","required":true},"OverseaBuild":{"shape":"string","values":["true","false"]},"RepoId":{"shape":"string","required":true}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateRepoTrigger: {"product":"cr","ramAction":"cr:UpdateWebHook","level":"Write","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string","required":true},"TriggerId":{"shape":"string","required":true},"TriggerName":{"shape":"string"},"TriggerTag":{"shape":"string"},"TriggerType":{"shape":"string","values":["ALL","TAG_LIST","TAG_LISTTAG","TAG_REG_EXP"]},"TriggerUrl":{"shape":"string"}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateRepository: {"product":"cr","ramAction":"cr:UpdateRepository","level":"Write","resource":"repository/{InstanceId}/{NamespaceName}/{RepoName}","parameters":{"Detail":{"shape":"string"},"InstanceId":{"shape":"string","required":true},"RepoId":{"shape":"string"},"RepoName":{"shape":"string"},"RepoNamespaceName":{"shape":"string"},"RepoType":{"shape":"string","required":true,"values":["PUBLIC","PRIVATE"]},"Summary":{"shape":"string","required":true},"TagImmutability":{"shape":"boolean"}},"replyFields":["Code","IsSuccess","RequestId"],"success":{"Code":"success","IsSuccess":true}},
  UpdateRole: {"product":"ram","ramAction":"ram:UpdateRole","level":"Update","resource":"role/{RoleName}","parameters":{"RoleName":{"shape":"string","required":true},"NewAssumeRolePolicyDocument":{"shape":"string"},"NewDescription":{"shape":"string","keepEmpty":true},"NewMaxSessionDuration":{"shape":"integer"},"NewAllowConsoleLogin":{"shape":"boolean"}},"replyFields":["RequestId","Role"],"success":{}},
  UpdateSAMLProvider: {"product":"ims","ramAction":"ram:UpdateSAMLProvider","level":"Update","resource":"saml-provider/{SAMLProviderName}","parameters":{"SAMLProviderName":{"shape":"string","required":true}},"replyFields":["RequestId","SAMLProvider"],"success":{}},
  UpdateScanRule: {"product":"cr","ramAction":"cr:UpdateScanRule","level":"Update","resource":"instance/{InstanceId}/scanrule/{ScanRuleId}","parameters":{"InstanceId":{"shape":"string","required":true},"Namespaces":{"shape":{"list":"string"},"json":true},"RepoNames":{"shape":{"list":"string"},"json":true},"RepoTagFilterPattern":{"shape":"string","required":true},"RuleName":{"shape":"string","required":true},"ScanRuleId":{"shape":"string","required":true},"ScanScope":{"shape":"string","required":true},"TriggerType":{"shape":"string","required":true}},"replyFields":["Code","RequestId","ScanRuleId"],"success":{"Code":0}},
  UpdateStorageDomainRoutingRule: {"product":"cr","ramAction":"cr:UpdateStorageDomainRoutingRule","level":"Update","resource":"instance/{InstanceId}/storagedomainroutingrule/{RuleId}","parameters":{"InstanceId":{"shape":"string","required":true},"Routes":{"shape":{"list":{"fields":{"EndpointType":{"shape":"string","required":true},"InstanceDomain":{"shape":"string","required":true},"StorageDomain":{"shape":"string","required":true}}}},"required":true,"json":true},"RuleId":{"shape":"string","required":true}},"replyFields":["Code","RequestId","Success"],"success":{"Code":"success","Success":true},"refusal":{"code":"InvalidInstanceStorageDomainRoutingRule.NotFound","status":404,"message":"There is no such routing rule: layers are served by the host of the registry itself."}},
  UpdateUser: {"product":"ram","ramAction":"ram:UpdateUser","level":"Update","resource":"user/{UserName}","also":"user/{NewUserName}","parameters":{"UserName":{"shape":"string","required":true},"NewUserName":{"shape":"string"},"NewDisplayName":{"shape":"string","keepEmpty":true},"NewMobilePhone":{"shape":"string","keepEmpty":true},"NewEmail":{"shape":"string","keepEmpty":true},"NewComments":{"shape":"string","keepEmpty":true}},"replyFields":["RequestId","User"],"success":{}},
  'ims.GetPasswordPolicy': {"product":"ims","ramAction":"ram:GetPasswordPolicy","level":"Read","resource":"*","parameters":{},"replyFields":["RequestId","PasswordPolicy"],"success":{}},
  'ims.GetSecurityPreference': {"product":"ims","ramAction":"ram:GetSecurityPreference","level":"Read","resource":"*","parameters":{},"replyFields":["RequestId","SecurityPreference"],"success":{}},
  'ims.ListTagResources': {"product":"ims","ramAction":"ram:ListTagResources","level":"List","resource":"*","parameters":{"ResourceType":{"shape":"string","required":true,"values":["user"]},"ResourceId":{"shape":{"list":"string"}},"ResourcePrincipalName":{"shape":{"list":"string"}},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string"},"Value":{"shape":"string"}}}}},"NextToken":{"shape":"string"},"PageSize":{"shape":"integer"}},"replyFields":["RequestId","IsTruncated","NextToken","TagResources"],"success":{}},
  'ims.SetPasswordPolicy': {"product":"ims","ramAction":"ram:SetPasswordPolicy","level":"Update","resource":"*","parameters":{"MinimumPasswordLength":{"shape":"integer"},"RequireLowercaseCharacters":{"shape":"boolean"},"RequireUppercaseCharacters":{"shape":"boolean"},"RequireNumbers":{"shape":"boolean"},"RequireSymbols":{"shape":"boolean"},"HardExpire":{"shape":"boolean"},"MaxPasswordAge":{"shape":"integer"},"PasswordReusePrevention":{"shape":"integer"},"MaxLoginAttemps":{"shape":"integer"},"MinimumPasswordDifferentCharacter":{"shape":"integer"},"PasswordNotContainUserName":{"shape":"boolean"}},"replyFields":["RequestId","PasswordPolicy"],"success":{}},
  'ims.SetSecurityPreference': {"product":"ims","ramAction":"ram:SetSecurityPreference","level":"Update","resource":"*","parameters":{"EnableSaveMFATicket":{"shape":"boolean"},"AllowUserToChangePassword":{"shape":"boolean"},"AllowUserToManageAccessKeys":{"shape":"boolean"},"AllowUserToManageMFADevices":{"shape":"boolean"},"LoginSessionDuration":{"shape":"integer"},"LoginNetworkMasks":{"shape":"string","keepEmpty":true},"EnforceMFAForLogin":{"shape":"boolean"},"MFAOperationForLogin":{"shape":"string","values":["mandatory","independent","adaptive"]},"OperationForRiskLogin":{"shape":"string","values":["autonomous","enforceVerify"]}},"replyFields":["RequestId","SecurityPreference"],"success":{}},
  'ims.TagResources': {"product":"ims","ramAction":"ram:TagResources","level":"Create","resource":"*","parameters":{"ResourceType":{"shape":"string","required":true,"values":["user"]},"ResourceId":{"shape":{"list":"string"}},"ResourcePrincipalName":{"shape":{"list":"string"}},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string","required":true},"Value":{"shape":"string"}}}},"required":true}},"replyFields":["RequestId"],"success":{}},
  'ims.UntagResources': {"product":"ims","ramAction":"ram:UntagResources","level":"Delete","resource":"*","parameters":{"ResourceType":{"shape":"string","required":true,"values":["user"]},"ResourceId":{"shape":{"list":"string"}},"ResourcePrincipalName":{"shape":{"list":"string"}},"TagKey":{"shape":{"list":"string"}},"All":{"shape":"boolean"}},"replyFields":["RequestId"],"success":{}},
  'ram.ListTagResources': {"product":"ram","ramAction":"ram:ListTagResources","level":"List","resource":"*","parameters":{"ResourceType":{"shape":"string","required":true,"values":["role","policy"]},"ResourceNames":{"shape":{"list":"string"},"json":true},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string"},"Value":{"shape":"string"}}}},"json":true},"NextToken":{"shape":"string"},"PageSize":{"shape":"integer"}},"replyFields":["RequestId","NextToken","TagResources"],"success":{}},
  'ram.TagResources': {"product":"ram","ramAction":"ram:TagResources","level":"Create","resource":"*","parameters":{"ResourceType":{"shape":"string","required":true,"values":["role","policy"]},"ResourceNames":{"shape":{"list":"string"},"required":true,"json":true},"Tag":{"shape":{"list":{"fields":{"Key":{"shape":"string","required":true},"Value":{"shape":"string"}}}},"required":true,"json":true}},"replyFields":["RequestId"],"success":{}},
  'ram.UntagResources': {"product":"ram","ramAction":"ram:UntagResources","level":"Delete","resource":"*","parameters":{"ResourceType":{"shape":"string","required":true,"values":["role","policy"]},"ResourceNames":{"shape":{"list":"string"},"required":true,"json":true},"TagKeys":{"shape":{"list":"string"},"json":true},"All":{"shape":"boolean"}},"replyFields":["RequestId"],"success":{}},
};
