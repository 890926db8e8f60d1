import { nameMistake } from '#namespace/namespace.ts';
import { findNamespace } from '#namespace/namespace-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { REPOSITORY_NAME_LIMIT, type Repository } from './repository.ts';
import { ensureRepository, findRepositoryByName } from './repository-store.ts';

/** Whether a push to a repository may proceed: it exists, or its namespace creates repositories on push. */
export async function ensureForPush(
  means: Pick<Means, 'db' | 'now' | 'newId' | 'quotas'>,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<boolean> {
  if (await findRepositoryByName(means.db, instanceId, namespaceName, name)) return true;
  const namespace = await findNamespace(means.db, instanceId, namespaceName);
  const takesNew = namespace?.status === 'NORMAL' && namespace.autoCreateRepo;
  if (!takesNew || nameMistake(name, REPOSITORY_NAME_LIMIT)) return false;
  const nowMs = means.now();
  const repository: Repository = {
    repoId: means.newId('crr'),
    instanceId,
    namespaceName,
    name,
    type: namespace.defaultRepoType,
    summary: 'created by a push',
    detail: undefined,
    tagImmutability: namespace.defaultTagImmutability,
    status: 'NORMAL',
    createdMs: nowMs,
    modifiedMs: nowMs,
  };
  try {
    await ensureRepository(means.db, repository, means.quotas.repositories);
  } catch (error) {
    // CreateRepository reports that the quota is used up, or that the repository of this name is being deleted.
    if (error instanceof ApiError && /^REPO_(QUOTA_EXCEED|STATUS_NOT_SUPPORT)$/.test(error.code)) return false;
    throw error;
  }
  return true;
}
