import { removeAccelerationRule } from '#acceleration/acceleration-store.ts';
import { removeChainInstancesOf } from '#chain/chain-instance-store.ts';
import { removeChainOf } from '#chain/chain-store.ts';
import type { Database } from '#db/database.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import { hideRepositoryContents } from '#image/sweep-store.ts';
import { removeLifecycleRulesOf } from '#lifecycle/lifecycle-store.ts';
import { removeLeftNamespaces } from '#namespace/namespace-store.ts';
import { listLeavingRepositories, markDeleted, markDeleting } from '#repository/deletion-store.ts';
import { repositoryNotFound } from '#repository/errors.ts';
import type { Repository } from '#repository/repository.ts';
import { removeScanRulesOf } from '#scan/rule/scan-rule-store.ts';
import { removeScansOf } from '#scan/scan-store.ts';
import { removePushHook } from '#source/hooks/push-hook-store.ts';
import { removeSourceBinding } from '#source/source-store.ts';
import { forgetLogIds } from './logs/log-id-store.ts';
import { type Canceller, cancelBuildsOf } from './queue/cancel-store.ts';
import { removeBuildRulesOf } from './rules/build-rule-store.ts';
import { removeBuildSecretsOf } from './secrets/build-secret-store.ts';

/** What names a repository that is on its way out. */
export type LeavingRepository = Pick<Repository, 'repoId' | 'instanceId' | 'namespaceName' | 'name'>;

/**
 * Begins to delete the repositories that `choose` gives, in one transaction: from then on nothing is pushed to them, pulled or built, and what builds them
 * is gone. Records and logs stay as long as logs are kept, but nobody reaches them. Throws REPO_NOT_EXIST for one that is being
 * deleted already.
 */
export async function beginDeletion(
  db: Database,
  { principal, nowMs }: Canceller,
  choose: (trx: Database) => Promise<readonly LeavingRepository[]>,
): Promise<void> {
  await eventTransaction(db, async (trx) => {
    for (const { repoId, instanceId, namespaceName, name } of await choose(trx)) {
      if (!(await markDeleting(trx, repoId, nowMs))) throw repositoryNotFound();
      await cancelBuildsOf(trx, repoId, { principal, nowMs });
      await removeBuildRulesOf(trx, repoId);
      await removeSourceBinding(trx, repoId);
      await removeBuildSecretsOf(trx, repoId);
      await removePushHook(trx, repoId);
      await removeAccelerationRule(trx, repoId);
      await removeLifecycleRulesOf(trx, { instanceId, namespaceName, name });
      await removeScansOf(trx, repoId);
      await removeScanRulesOf(trx, { instanceId, namespaceName, name });
      await removeChainInstancesOf(trx, repoId);
      await removeChainOf(trx, repoId);
      await hideRepositoryContents(trx, repoId);
      await insertEvent(trx, 'repository_deleted', { repoId, instanceId, namespaceName, name }, nowMs);
    }
  });
  forgetLogIds(db);
}

/** A deletion that could not be ended yet, and why. */
export interface DeletionFault {
  repository: LeavingRepository;
  error: unknown;
}

/**
 * Ends deletions whose builds have ended: removes what is left of each repository that is not at rest, gives its name free, and removes the
 * namespaces that were deleted with it. To be called now and then; gives the deletions that it could not end, which hold no others. The
 * first call of a server also removes namespaces that an earlier one left without repositories.
 */
export async function finishDeletions(
  db: Database,
  removeContents: (repository: LeavingRepository) => Promise<void>,
  { isFirst = true, rests = () => false }: { isFirst?: boolean; rests?: (repoId: string) => boolean } = {},
): Promise<DeletionFault[]> {
  const faults: DeletionFault[] = [];
  const leaving = (await listLeavingRepositories(db)).filter(({ repoId }) => !rests(repoId));
  for (const repository of leaving) {
    try {
      await removeContents(repository);
      await markDeleted(db, repository);
    } catch (error) {
      faults.push({ repository, error });
    }
  }
  if (leaving.length > 0 || isFirst) await removeLeftNamespaces(db);
  return faults;
}
