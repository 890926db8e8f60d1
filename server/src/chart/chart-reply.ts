import type { ChartNamespace, ChartRepository } from './chart.ts';

/** A chart namespace as replies show it. */
export function chartNamespaceReply(namespace: ChartNamespace) {
  return {
    AutoCreateRepo: namespace.autoCreateRepo,
    DefaultRepoType: namespace.defaultRepoType,
    InstanceId: namespace.instanceId,
    NamespaceId: namespace.namespaceId,
    NamespaceName: namespace.name,
    NamespaceStatus: 'NORMAL' as const,
  };
}

/** A chart repository as replies show it. */
export function chartRepositoryReply(repository: ChartRepository) {
  return {
    CreateTime: repository.createdMs,
    InstanceId: repository.instanceId,
    ModifiedTime: repository.modifiedMs,
    RepoId: repository.repoId,
    RepoName: repository.name,
    RepoNamespaceName: repository.namespaceName,
    RepoStatus: 'NORMAL' as const,
    RepoType: repository.type,
    Summary: repository.summary,
  };
}
