import type { Namespace } from './namespace.ts';

/** A namespace as replies show it. */
export function namespaceReply(namespace: Namespace) {
  return {
    AutoCreateRepo: namespace.autoCreateRepo,
    DefaultRepoConfiguration: {
      ArtifactBuildRuleParameters: namespace.defaultAcceleration ? { ImageIndexOnly: false } : undefined,
      RepoType: namespace.defaultRepoType,
      TagImmutability: namespace.defaultTagImmutability,
    },
    DefaultRepoType: namespace.defaultRepoType,
    InstanceId: namespace.instanceId,
    NamespaceId: namespace.namespaceId,
    NamespaceName: namespace.name,
    NamespaceStatus: namespace.status,
  };
}
