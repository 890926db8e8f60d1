// Made by npm run gen from spec/. Change the spec, not this file.

/** Parameters and replies of every operation. */
export interface Operations {
  AddUserToGroup: {
    params: {
      UserName: string;
      GroupName: string;
    };
    reply: {
      RequestId: string;
    };
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
      RequestId: string;
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
    reply: {
      RequestId: string;
    };
  };
  AttachPolicyToRole: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      RoleName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  AttachPolicyToUser: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      UserName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  CancelArtifactBuildTask: {
    params: {
      BuildTaskId: string;
      InstanceId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  CancelRepoBuildRecord: {
    params: {
      BuildRecordId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  CancelRepoSyncTask: {
    params: {
      InstanceId: string;
      SyncTaskId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  ChangePassword: {
    params: {
      OldPassword: string;
      NewPassword: string;
    };
    reply: {
      RequestId: string;
    };
  };
  ChangeResourceGroup: {
    params: {
      ResourceGroupId: string;
      ResourceId: string;
      ResourceRegionId: string;
    };
    reply: {
      RequestId: string;
    };
  };
  ClearAccountAlias: {
    params: Record<never, never>;
    reply: {
      RequestId: string;
    };
  };
  CreateAccessKey: {
    params: {
      UserName?: string | undefined;
    };
    reply: {
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
      RuleId?: string | undefined;
    };
  };
  CreateArtifactSubscriptionTask: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  CreateChartNamespace: {
    params: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      InstanceId: string;
      NamespaceName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
      Code: string;
      IsSuccess: boolean;
      RepoId?: string | undefined;
      RequestId: string;
    };
  };
  CreateGroup: {
    params: {
      GroupName: string;
      Comments?: string | undefined;
    };
    reply: {
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  CreateInstanceVpcEndpointLinkedVpc: {
    params: {
      EnableCreateDNSRecordInPvzt?: boolean | undefined;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
      VpcId: string;
      VswitchId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  CreateLoginProfile: {
    params: {
      UserName: string;
      Password: string;
      PasswordResetRequired?: boolean | undefined;
      MFABindRequired?: boolean | undefined;
    };
    reply: {
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
      RequestId: string;
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
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RepoId?: string | undefined;
      RequestId: string;
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
      RequestId: string;
      Role?: { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AssumeRolePolicyDocument?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AllowConsoleLogin?: boolean | undefined } | undefined;
    };
  };
  CreateSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      RequestId: string;
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
      Code: number;
      RequestId: string;
      ScanRuleId?: string | undefined;
    };
  };
  CreateStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      Routes: readonly { EndpointType: string; InstanceDomain: string; StorageDomain: string }[];
    };
    reply: {
      Code: string;
      RequestId: string;
      RuleId?: string | undefined;
      Success: boolean;
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
      RequestId: string;
      User?: { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined } | undefined;
    };
  };
  DeleteAccessKey: {
    params: {
      UserName?: string | undefined;
      UserAccessKeyId: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeleteArtifactLifecycleRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteArtifactSubscriptionRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteChain: {
    params: {
      ChainId: string;
      InstanceId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteChartNamespace: {
    params: {
      InstanceId: string;
      NamespaceName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteChartRelease: {
    params: {
      Chart: string;
      InstanceId: string;
      Release: string;
      RepoName: string;
      RepoNamespaceName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteChartRepository: {
    params: {
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteEventCenterRule: {
    params: {
      InstanceId?: string | undefined;
      RuleId?: string | undefined;
    };
    reply: {
      Code: string;
      RequestId: string;
    };
  };
  DeleteGroup: {
    params: {
      GroupName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeleteInstanceCustomizedDomain: {
    params: {
      Domain: string;
      InstanceId: string;
      ModuleName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteInstanceEndpointAclPolicy: {
    params: {
      EndpointType: string;
      Entries?: readonly { Comment?: string | undefined; Entry?: string | undefined }[] | undefined;
      Entry?: string | undefined;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteInstanceVpcEndpointLinkedVpc: {
    params: {
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
      VpcId: string;
      VswitchId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteLoginProfile: {
    params: {
      UserName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeleteNamespace: {
    params: {
      InstanceId: string;
      NamespaceName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeletePolicy: {
    params: {
      PolicyName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeletePolicyVersion: {
    params: {
      PolicyName: string;
      VersionId: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeleteRepoBuildRule: {
    params: {
      BuildRuleId: string;
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteRepoSyncRule: {
    params: {
      InstanceId: string;
      SyncRuleId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteRepoTag: {
    params: {
      InstanceId: string;
      RepoId: string;
      Tag: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteRepoTrigger: {
    params: {
      InstanceId: string;
      RepoId: string;
      TriggerId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteRepository: {
    params: {
      InstanceId: string;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  DeleteRole: {
    params: {
      RoleName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeleteSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DeleteScanRule: {
    params: {
      InstanceId?: string | undefined;
      ScanRuleId?: string | undefined;
    };
    reply: {
      Code: string;
      RequestId: string;
    };
  };
  DeleteStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      RuleId: string;
    };
    reply: {
      Code: string;
      RequestId: string;
      Success: boolean;
    };
  };
  DeleteUser: {
    params: {
      UserName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DetachPolicyFromGroup: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      GroupName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DetachPolicyFromRole: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      RoleName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  DetachPolicyFromUser: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
      UserName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  GetAccessKeyLastUsed: {
    params: {
      UserName?: string | undefined;
      UserAccessKeyId: string;
    };
    reply: {
      RequestId: string;
      AccessKeyLastUsed?: { LastUsedDate?: string | undefined } | undefined;
    };
  };
  GetAccountAlias: {
    params: Record<never, never>;
    reply: {
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      Parameters?: { ImageIndexOnly?: boolean | undefined; PriorityFile?: string | undefined } | undefined;
      RequestId: string;
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
      Code: string;
      EndTime?: number | undefined;
      Instructions?: readonly string[] | undefined;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      CreateTime?: number | undefined;
      DryRun?: boolean | undefined;
      EnableDeleteTag?: boolean | undefined;
      EnableDeleteUntaggedManifest?: boolean | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      NamespaceName?: string | undefined;
      NextTime?: number | undefined;
      Policies?: readonly { Condition?: { LastPullOlderThanDays?: number | undefined; LastPushOlderThanDays?: number | undefined; LatestTagCount?: number | undefined } | undefined; Filter?: { TagWildcard?: string | undefined } | undefined; Type?: string | undefined }[] | undefined;
      RepoName?: string | undefined;
      RequestId: string;
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
      Code: string;
      CreateTime?: number | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      NamespaceName?: string | undefined;
      Override?: boolean | undefined;
      Platform?: readonly string[] | undefined;
      RepoName?: string | undefined;
      RequestId: string;
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
      Code: string;
      EndTime?: number | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      Message?: string | undefined;
      NamespaceName?: string | undefined;
      RepoName?: string | undefined;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RequestId: string;
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
      Code: string;
      ExpireTime?: number | undefined;
      IsSuccess: boolean;
      RequestId: string;
      TempUsername?: string | undefined;
    };
  };
  GetCallerIdentity: {
    params: Record<never, never>;
    reply: {
      RequestId: string;
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
      Code: string;
      CreateTime?: number | undefined;
      Description?: string | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      Name?: string | undefined;
      RequestId: string;
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
      Code: string;
      DefaultRepoType?: string | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      NamespaceId?: string | undefined;
      NamespaceName?: string | undefined;
      NamespaceStatus?: string | undefined;
      RequestId: string;
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
      Code: string;
      CreateTime?: number | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoStatus?: string | undefined;
      RepoType?: string | undefined;
      RequestId: string;
      ResourceGroupId?: string | undefined;
      Summary?: string | undefined;
    };
  };
  GetGroup: {
    params: {
      GroupName: string;
    };
    reply: {
      RequestId: string;
      Group?: { GroupId?: string | undefined; GroupName?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  GetInstance: {
    params: {
      InstanceId: string;
    };
    reply: {
      Code: string;
      CreateTime?: number | undefined;
      InstanceId?: string | undefined;
      InstanceIssue?: string | undefined;
      InstanceName?: string | undefined;
      InstanceSpecification?: string | undefined;
      InstanceStatus?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      RequestId: string;
      ResourceGroupId?: string | undefined;
      Tags?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined;
    };
  };
  GetInstanceCount: {
    params: Record<never, never>;
    reply: {
      Code: string;
      Count?: number | undefined;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      CreateTime?: number | undefined;
      Domain?: string | undefined;
      DomainType?: string | undefined;
      EndpointType?: string | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      ModuleName?: string | undefined;
      RegionId?: string | undefined;
      RequestId: string;
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
      Code: string;
      Domains?: readonly { Domain?: string | undefined; Type?: string | undefined }[] | undefined;
      Enable?: boolean | undefined;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      NamespaceQuota?: string | undefined;
      NamespaceUsage?: string | undefined;
      RepoQuota?: string | undefined;
      RepoUsage?: string | undefined;
      RequestId: string;
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
      Code: string;
      Domains?: readonly string[] | undefined;
      Enable?: boolean | undefined;
      IsSuccess: boolean;
      LinkedVpcs?: readonly { DefaultAccess?: boolean | undefined; Ip?: string | undefined; Issue?: string | undefined; Status?: string | undefined; VpcId?: string | undefined; VswitchId?: string | undefined }[] | undefined;
      ModuleName?: string | undefined;
      RequestId: string;
    };
  };
  GetLoginProfile: {
    params: {
      UserName: string;
    };
    reply: {
      RequestId: string;
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
      Code: string;
      DefaultRepoConfiguration?: { ArtifactBuildRuleParameters?: { ImageIndexOnly?: boolean | undefined } | undefined; RepoType?: string | undefined; TagImmutability?: boolean | undefined } | undefined;
      DefaultRepoType?: string | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      NamespaceId?: string | undefined;
      NamespaceName?: string | undefined;
      NamespaceStatus?: string | undefined;
      RequestId: string;
      ResourceGroupId?: string | undefined;
    };
  };
  GetPasswordPolicy: {
    params: Record<never, never>;
    reply: {
      RequestId: string;
      PasswordPolicy?: { MinimumPasswordLength?: number | undefined; RequireLowercaseCharacters?: boolean | undefined; RequireUppercaseCharacters?: boolean | undefined; RequireNumbers?: boolean | undefined; RequireSymbols?: boolean | undefined; HardExpiry?: boolean | undefined; MaxPasswordAge?: number | undefined; PasswordReusePrevention?: number | undefined; MaxLoginAttemps?: number | undefined } | undefined;
    };
  };
  GetPolicy: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
    };
    reply: {
      RequestId: string;
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
      RequestId: string;
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
      Code: string;
      EndTime?: number | undefined;
      Image?: { ImageTag?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  GetRepoSourceCodeRepo: {
    params: {
      InstanceId: string;
      RepoId: string;
    };
    reply: {
      AutoBuild?: string | undefined;
      Code: string;
      CodeRepoDomain?: string | undefined;
      CodeRepoName?: string | undefined;
      CodeRepoNamespaceName?: string | undefined;
      CodeRepoType?: string | undefined;
      DisableCacheBuild?: string | undefined;
      IsSuccess: boolean;
      OverseaBuild?: string | undefined;
      RepoId?: string | undefined;
      RequestId: string;
    };
  };
  GetRepoSyncTask: {
    params: {
      InstanceId: string;
      SyncTaskId: string;
    };
    reply: {
      Code: string;
      CrossUser?: boolean | undefined;
      ImageFrom?: { ImageTag?: string | undefined; InstanceId?: string | undefined; RegionId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined;
      ImageTo?: { ImageTag?: string | undefined; InstanceId?: string | undefined; RegionId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined } | undefined;
      IsSuccess: boolean;
      LayerTasks?: readonly { ArtifactDigest?: string | undefined; Digest?: string | undefined; Size?: number | undefined; SyncLayerTaskId?: string | undefined; SyncedSize?: number | undefined; TaskStatus?: string | undefined }[] | undefined;
      Priority?: number | undefined;
      Progress?: number | undefined;
      RequestId: string;
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
      Code: string;
      Digest?: string | undefined;
      ImageCreate?: number | undefined;
      ImageId?: string | undefined;
      ImageSize?: number | undefined;
      ImageUpdate?: number | undefined;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      HighSeverity?: number | undefined;
      IsSuccess: boolean;
      LowSeverity?: number | undefined;
      MediumSeverity?: number | undefined;
      RequestId: string;
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
      Code: string;
      CreateTime?: number | undefined;
      Detail?: string | undefined;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      ModifiedTime?: number | undefined;
      RepoBuildType?: string | undefined;
      RepoId?: string | undefined;
      RepoName?: string | undefined;
      RepoNamespaceName?: string | undefined;
      RepoStatus?: string | undefined;
      RepoType?: string | undefined;
      RequestId: string;
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
      RequestId: string;
      Role?: { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AssumeRolePolicyDocument?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AllowConsoleLogin?: boolean | undefined } | undefined;
    };
  };
  GetSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      RequestId: string;
      SAMLProvider?: { SAMLProviderName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined } | undefined;
    };
  };
  GetScanRule: {
    params: {
      InstanceId: string;
      ScanRuleId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
      ScanRule?: { CreateTime?: number | undefined; InstanceId?: string | undefined; Namespaces?: readonly string[] | undefined; RepoNames?: readonly string[] | undefined; RepoTagFilterPattern?: string | undefined; RuleName?: string | undefined; ScanRuleId?: string | undefined; ScanScope?: string | undefined; ScanType?: string | undefined; TriggerType?: string | undefined; UpdateTime?: number | undefined } | undefined;
    };
  };
  GetSecurityPreference: {
    params: Record<never, never>;
    reply: {
      RequestId: string;
      SecurityPreference?: { LoginProfilePreference?: { AllowUserToChangePassword?: boolean | undefined; EnableSaveMFATicket?: boolean | undefined; LoginSessionDuration?: number | undefined; LoginNetworkMasks?: string | undefined } | undefined; AccessKeyPreference?: { AllowUserToManageAccessKeys?: boolean | undefined } | undefined; PublicKeyPreference?: { AllowUserToManagePublicKeys?: boolean | undefined } | undefined; MFAPreference?: { AllowUserToManageMFADevices?: boolean | undefined } | undefined } | undefined;
    };
  };
  GetStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      RuleId?: string | undefined;
    };
    reply: {
      Code: string;
      CreateTime?: number | undefined;
      ModifyTime?: number | undefined;
      RequestId: string;
      Routes?: readonly { EndpointType?: string | undefined; InstanceDomain?: string | undefined; StorageDomain?: string | undefined }[] | undefined;
      RuleId?: string | undefined;
      Success: boolean;
    };
  };
  GetUser: {
    params: {
      UserName: string;
    };
    reply: {
      RequestId: string;
      User?: { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined } | undefined;
    };
  };
  ListAccessKeys: {
    params: {
      UserName?: string | undefined;
    };
    reply: {
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      InstanceId?: string | undefined;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      Namespaces: readonly { AutoCreateRepo?: boolean | undefined; DefaultRepoType?: string | undefined; InstanceId?: string | undefined; NamespaceId?: string | undefined; NamespaceName?: string | undefined; NamespaceStatus?: string | undefined; ResourceGroupId?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      Repositories: readonly { CreateTime?: number | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; RepoId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined; RepoStatus?: string | undefined; RepoType?: string | undefined; ResourceGroupId?: string | undefined; Summary?: string | undefined }[];
      RequestId: string;
      TotalCount: string;
    };
  };
  ListEntitiesForPolicy: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
    };
    reply: {
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      Records: readonly { CreateTime?: number | undefined; EventChannel?: string | undefined; EventNotifyId?: string | undefined; EventNotifyMethod?: string | undefined; EventType?: string | undefined; InstanceId?: string | undefined; Namespace?: string | undefined; RecordId?: string | undefined; RepoName?: string | undefined; RuleId?: string | undefined; RuleName?: string | undefined; Tag?: string | undefined; UpdateTime?: number | undefined }[];
      RequestId: string;
      TotalCount: number;
    };
  };
  ListEventCenterRuleName: {
    params: {
      InstanceId: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
      RuleNames: readonly { RuleId?: string | undefined; RuleName?: string | undefined }[];
    };
  };
  ListGroups: {
    params: {
      Marker?: string | undefined;
      MaxItems?: number | undefined;
    };
    reply: {
      RequestId: string;
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
      RequestId: string;
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
      Code: string;
      Instances: readonly { CreateTime?: string | undefined; InstanceId?: string | undefined; InstanceIssue?: string | undefined; InstanceName?: string | undefined; InstanceSpecification?: string | undefined; InstanceStatus?: string | undefined; ModifiedTime?: string | undefined; RegionId?: string | undefined; ResourceGroupId?: string | undefined; Tags?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined }[];
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      Endpoints: readonly { AclEnable?: boolean | undefined; AclEntries?: readonly { Entry?: string | undefined }[] | undefined; Domains?: readonly { Domain?: string | undefined; Type?: string | undefined }[] | undefined; Enable?: boolean | undefined; EndpointType?: string | undefined; LinkedVpcs?: readonly { VpcId?: string | undefined }[] | undefined; Status?: string | undefined }[];
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  ListInstanceRegion: {
    params: {
      Lang?: string | undefined;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      Regions: readonly { LocalName?: string | undefined; RegionId?: string | undefined }[];
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      Namespaces: readonly { AutoCreateRepo?: boolean | undefined; DefaultRepoConfiguration?: { ArtifactBuildRuleParameters?: { ImageIndexOnly?: boolean | undefined } | undefined; RepoType?: string | undefined; TagImmutability?: boolean | undefined } | undefined; DefaultRepoType?: string | undefined; InstanceId?: string | undefined; NamespaceId?: string | undefined; NamespaceName?: string | undefined; NamespaceStatus?: string | undefined; ResourceGroupId?: string | undefined }[];
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      RequestId: string;
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
      RequestId: string;
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListPoliciesForRole: {
    params: {
      RoleName: string;
    };
    reply: {
      RequestId: string;
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListPoliciesForUser: {
    params: {
      UserName: string;
    };
    reply: {
      RequestId: string;
      Policies?: { Policy?: readonly { PolicyName?: string | undefined; PolicyType?: string | undefined; Description?: string | undefined; DefaultVersion?: string | undefined; AttachDate?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListPolicyVersions: {
    params: {
      PolicyType: 'System' | 'Custom';
      PolicyName: string;
    };
    reply: {
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      Images: readonly { Digest?: string | undefined; ImageCreate?: string | undefined; ImageId?: string | undefined; ImageSize?: number | undefined; ImageUpdate?: string | undefined; Status?: string | undefined; Tag?: string | undefined }[];
      IsSuccess: boolean;
      MaxResults?: number | undefined;
      NextToken?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      MaxResults?: number | undefined;
      NextToken?: string | undefined;
      PageNo?: number | undefined;
      PageSize?: number | undefined;
      Repositories: readonly { CreateTime?: number | undefined; InstanceId?: string | undefined; ModifiedTime?: number | undefined; RepoBuildType?: string | undefined; RepoId?: string | undefined; RepoName?: string | undefined; RepoNamespaceName?: string | undefined; RepoStatus?: string | undefined; RepoType?: string | undefined; ResourceGroupId?: string | undefined; Summary?: string | undefined; TagImmutability?: boolean | undefined }[];
      RequestId: string;
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
      RequestId: string;
      IsTruncated?: boolean | undefined;
      Marker?: string | undefined;
      Roles?: { Role?: readonly { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; Tags?: { Tag?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined } | undefined }[] | undefined } | undefined;
    };
  };
  ListSAMLProviders: {
    params: Record<never, never>;
    reply: {
      RequestId: string;
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
      Code: number;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: number;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      PageNo: number;
      PageSize: number;
      RequestId: string;
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
      RequestId: string;
      TagResources?: { TagResource?: readonly { ResourceId?: string | undefined; ResourceType?: string | undefined; TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined } | undefined;
    };
  };
  ListUsers: {
    params: {
      Marker?: string | undefined;
      MaxItems?: number | undefined;
    };
    reply: {
      RequestId: string;
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
      RequestId: string;
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
    reply: {
      RequestId: string;
    };
  };
  ResetLoginPassword: {
    params: {
      InstanceId: string;
      Password: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  SetAccountAlias: {
    params: {
      AccountAlias: string;
    };
    reply: {
      RequestId: string;
    };
  };
  SetDefaultPolicyVersion: {
    params: {
      PolicyName: string;
      VersionId: string;
    };
    reply: {
      RequestId: string;
    };
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
      RequestId: string;
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
      RequestId: string;
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
    reply: {
      RequestId: string;
    };
  };
  UnbindMFADevice: {
    params: {
      UserName: string;
    };
    reply: {
      RequestId: string;
    };
  };
  UntagResources: {
    params: {
      All?: boolean | undefined;
      RegionId: string;
      ResourceId?: readonly string[] | undefined;
      ResourceType: string;
      TagKey?: readonly string[] | undefined;
    };
    reply: {
      RequestId: string;
    };
  };
  UpdateAccessKey: {
    params: {
      UserName?: string | undefined;
      UserAccessKeyId: string;
      Status: 'Active' | 'Inactive';
    };
    reply: {
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  UpdateChartNamespace: {
    params: {
      AutoCreateRepo?: boolean | undefined;
      DefaultRepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      InstanceId: string;
      NamespaceName: string;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  UpdateChartRepository: {
    params: {
      InstanceId: string;
      RepoName: string;
      RepoNamespaceName: string;
      RepoType?: 'PUBLIC' | 'PRIVATE' | undefined;
      Summary?: string | undefined;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
      Code: number;
      RequestId: string;
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
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  UpdateInstanceEndpointStatus: {
    params: {
      Enable: boolean;
      EndpointType: string;
      InstanceId: string;
      ModuleName?: 'Registry' | 'Chart' | undefined;
    };
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  UpdateLoginProfile: {
    params: {
      UserName: string;
      Password?: string | undefined;
      PasswordResetRequired?: boolean | undefined;
      MFABindRequired?: boolean | undefined;
    };
    reply: {
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
  };
  UpdatePolicyDescription: {
    params: {
      PolicyName: string;
      NewDescription?: string | undefined;
    };
    reply: {
      RequestId: string;
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
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
    reply: {
      Code: string;
      IsSuccess: boolean;
      RequestId: string;
    };
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
      RequestId: string;
      Role?: { RoleId?: string | undefined; RoleName?: string | undefined; Arn?: string | undefined; Description?: string | undefined; AssumeRolePolicyDocument?: string | undefined; MaxSessionDuration?: number | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; AllowConsoleLogin?: boolean | undefined } | undefined;
    };
  };
  UpdateSAMLProvider: {
    params: {
      SAMLProviderName: string;
    };
    reply: {
      RequestId: string;
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
      Code: number;
      RequestId: string;
      ScanRuleId?: string | undefined;
    };
  };
  UpdateStorageDomainRoutingRule: {
    params: {
      InstanceId: string;
      Routes: readonly { EndpointType: string; InstanceDomain: string; StorageDomain: string }[];
      RuleId: string;
    };
    reply: {
      Code: string;
      RequestId: string;
      Success: boolean;
    };
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
      RequestId: string;
      User?: { UserId?: string | undefined; UserName?: string | undefined; DisplayName?: string | undefined; MobilePhone?: string | undefined; Email?: string | undefined; Comments?: string | undefined; CreateDate?: string | undefined; UpdateDate?: string | undefined; LastLoginDate?: string | undefined } | undefined;
    };
  };
  'ims.GetPasswordPolicy': {
    params: Record<never, never>;
    reply: {
      RequestId: string;
      PasswordPolicy?: { MinimumPasswordLength?: number | undefined; RequireLowercaseCharacters?: boolean | undefined; RequireUppercaseCharacters?: boolean | undefined; RequireNumbers?: boolean | undefined; RequireSymbols?: boolean | undefined; HardExpire?: boolean | undefined; MaxPasswordAge?: number | undefined; PasswordReusePrevention?: number | undefined; MaxLoginAttemps?: number | undefined; MinimumPasswordDifferentCharacter?: number | undefined; PasswordNotContainUserName?: boolean | undefined } | undefined;
    };
  };
  'ims.GetSecurityPreference': {
    params: Record<never, never>;
    reply: {
      RequestId: string;
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
      RequestId: string;
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
      RequestId: string;
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
      RequestId: string;
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
    reply: {
      RequestId: string;
    };
  };
  'ims.UntagResources': {
    params: {
      ResourceType: 'user';
      ResourceId?: readonly string[] | undefined;
      ResourcePrincipalName?: readonly string[] | undefined;
      TagKey?: readonly string[] | undefined;
      All?: boolean | undefined;
    };
    reply: {
      RequestId: string;
    };
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
      RequestId: string;
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
    reply: {
      RequestId: string;
    };
  };
  'ram.UntagResources': {
    params: {
      ResourceType: 'role' | 'policy';
      ResourceNames: readonly string[];
      TagKeys?: readonly string[] | undefined;
      All?: boolean | undefined;
    };
    reply: {
      RequestId: string;
    };
  };
}

export type Action = keyof Operations;

/** Parameters that are sent as one JSON text. */
export const jsonParameters: { readonly [A in Action]?: readonly string[] } = {
  CreateArtifactBuildRule: ["Parameters"],
  CreateInstanceEndpointAclPolicy: ["Entries"],
  CreateNamespace: ["DefaultRepoConfiguration"],
  CreatePolicy: ["Tag"],
  CreateRole: ["Tag"],
  CreateScanRule: ["Namespaces","RepoNames"],
  CreateStorageDomainRoutingRule: ["Routes"],
  DeleteInstanceEndpointAclPolicy: ["Entries"],
  ListPolicies: ["Tag"],
  ListRoles: ["Tag"],
  UpdateEventCenterRule: ["Namespaces","RepoNames"],
  UpdateNamespace: ["DefaultRepoConfiguration"],
  UpdateScanRule: ["Namespaces","RepoNames"],
  UpdateStorageDomainRoutingRule: ["Routes"],
  'ram.ListTagResources': ["ResourceNames","Tag"],
  'ram.TagResources': ["ResourceNames","Tag"],
  'ram.UntagResources': ["ResourceNames","TagKeys"],
};

/** Versions of the operations of products other than cr, whose version is 2018-12-01. */
export const otherVersions: { readonly [A in Action]?: string } = {
  AddUserToGroup: '2015-05-01',
  AssumeRole: '2015-04-01',
  AttachPolicyToGroup: '2015-05-01',
  AttachPolicyToRole: '2015-05-01',
  AttachPolicyToUser: '2015-05-01',
  ChangePassword: '2015-05-01',
  ClearAccountAlias: '2015-05-01',
  CreateAccessKey: '2015-05-01',
  CreateGroup: '2015-05-01',
  CreateLoginProfile: '2015-05-01',
  CreatePolicy: '2015-05-01',
  CreatePolicyVersion: '2015-05-01',
  CreateRole: '2015-05-01',
  CreateSAMLProvider: '2019-08-15',
  CreateUser: '2015-05-01',
  DeleteAccessKey: '2015-05-01',
  DeleteGroup: '2015-05-01',
  DeleteLoginProfile: '2015-05-01',
  DeletePolicy: '2015-05-01',
  DeletePolicyVersion: '2015-05-01',
  DeleteRole: '2015-05-01',
  DeleteSAMLProvider: '2019-08-15',
  DeleteUser: '2015-05-01',
  DetachPolicyFromGroup: '2015-05-01',
  DetachPolicyFromRole: '2015-05-01',
  DetachPolicyFromUser: '2015-05-01',
  GetAccessKeyLastUsed: '2015-05-01',
  GetAccountAlias: '2015-05-01',
  GetCallerIdentity: '2015-04-01',
  GetGroup: '2015-05-01',
  GetLoginProfile: '2015-05-01',
  GetPasswordPolicy: '2015-05-01',
  GetPolicy: '2015-05-01',
  GetPolicyVersion: '2015-05-01',
  GetRole: '2015-05-01',
  GetSAMLProvider: '2019-08-15',
  GetSecurityPreference: '2015-05-01',
  GetUser: '2015-05-01',
  ListAccessKeys: '2015-05-01',
  ListEntitiesForPolicy: '2015-05-01',
  ListGroups: '2015-05-01',
  ListGroupsForUser: '2015-05-01',
  ListPolicies: '2015-05-01',
  ListPoliciesForGroup: '2015-05-01',
  ListPoliciesForRole: '2015-05-01',
  ListPoliciesForUser: '2015-05-01',
  ListPolicyVersions: '2015-05-01',
  ListRoles: '2015-05-01',
  ListSAMLProviders: '2019-08-15',
  ListUsers: '2015-05-01',
  ListUsersForGroup: '2015-05-01',
  RemoveUserFromGroup: '2015-05-01',
  SetAccountAlias: '2015-05-01',
  SetDefaultPolicyVersion: '2015-05-01',
  SetPasswordPolicy: '2015-05-01',
  SetSecurityPreference: '2015-05-01',
  UnbindMFADevice: '2015-05-01',
  UpdateAccessKey: '2015-05-01',
  UpdateGroup: '2015-05-01',
  UpdateLoginProfile: '2015-05-01',
  UpdatePolicyDescription: '2015-05-01',
  UpdateRole: '2015-05-01',
  UpdateSAMLProvider: '2019-08-15',
  UpdateUser: '2015-05-01',
  'ims.GetPasswordPolicy': '2019-08-15',
  'ims.GetSecurityPreference': '2019-08-15',
  'ims.ListTagResources': '2019-08-15',
  'ims.SetPasswordPolicy': '2019-08-15',
  'ims.SetSecurityPreference': '2019-08-15',
  'ims.TagResources': '2019-08-15',
  'ims.UntagResources': '2019-08-15',
  'ram.ListTagResources': '2015-05-01',
  'ram.TagResources': '2015-05-01',
  'ram.UntagResources': '2015-05-01',
};
