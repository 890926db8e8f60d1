/** Fields that the vendor's documents and SDKs declare and no reply here has. */
export const NEVER_SENT = [
  // An instance lacks nothing, and its content is in no resource group of its own.
  'GetInstance .InstanceIssue',
  ...['', 'Chart'].flatMap((kind) => [
    ...[`Get${kind}Namespace .ResourceGroupId`, `Get${kind}Repository .ResourceGroupId`],
    ...[`List${kind}Namespace .Namespaces[].ResourceGroupId`, `List${kind}Repository .Repositories[].ResourceGroupId`],
  ]),
  'ListInstance .Instances[].InstanceIssue',
  // Requests have no policies, and cannot say these.
  ...['GetArtifactLifecycleRule .', 'ListArtifactLifecycleRule .Rules[].'].flatMap((reply) =>
    ['Condition.LastPullOlderThanDays', 'Condition.LastPushOlderThanDays', 'Filter.TagWildcard'].map(
      (field) => `${reply}Policies[].${field}`,
    ),
  ),
  // There are no transport links to choose from.
  'ListRepoSyncRule .SyncRules[].LinkId',
  'ListRepoSyncTask .SyncTasks[].LinkId',
  // No document says what it contains.
  'ListRepoBuildRule .BuildRules[].DestArtifactType',
  // A new user has not signed in.
  'CreateUser .User.LastLoginDate',
  // There is no second factor to unbind.
  'UnbindMFADevice .RequestId',
];
