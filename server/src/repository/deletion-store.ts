import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { transaction } from '#db/transaction.ts';
import { DELETED_NAMESPACE, ensureDeletedNamespace } from '#namespace/namespace-store.ts';
import type { Repository } from './repository.ts';

const readStatus = preparedRead(
  (db, repoId: string) => db.selectFrom('repository').select('status').where('repo_id', '=', repoId),
  ['repository'],
);

/** Whether a repository exists and is not being deleted. */
export async function isRepositoryThere(db: Database, repoId: string): Promise<boolean> {
  const [row] = await readStatus(db, repoId);
  return row?.status === 'NORMAL';
}

const readStatusOf = preparedRead(
  (db, instanceId, namespaceName, name) =>
    db
      .selectFrom('repository')
      .select('status')
      .where('instance_id', '=', instanceId)
      .where('namespace_name', '=', namespaceName)
      .where('name', '=', name),
  ['instance', 'namespace', 'name'],
);

/** The same for a repository by its name, `namespace/name`. */
export async function isNamedRepositoryThere(db: Database, instanceId: string, repository: string): Promise<boolean> {
  const [namespaceName = '', name = ''] = repository.split('/');
  const [row] = await readStatusOf(db, instanceId, namespaceName, name);
  return row?.status === 'NORMAL';
}

/** Marks a repository as being deleted, in the caller's transaction. False if it is marked already. */
export async function markDeleting(db: Database, repoId: string, nowMs: number): Promise<boolean> {
  const result = await db
    .updateTable('repository')
    .set({ status: 'DELETING', modified_ms: nowMs })
    .where('repo_id', '=', repoId)
    .where('status', '=', 'NORMAL')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The repositories that are being deleted, once none of their builds runs or waits and no push to them is open. */
export async function listLeavingRepositories(
  db: Database,
): Promise<Pick<Repository, 'repoId' | 'instanceId' | 'namespaceName' | 'name'>[]> {
  const rows = await db
    .selectFrom('repository')
    .select(['repo_id', 'instance_id', 'namespace_name', 'name'])
    .where('status', '=', 'DELETING')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('manifest_push').select('push_id').whereRef('manifest_push.repo_id', '=', 'repository.repo_id'),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('build_record')
            .select('build_record_id')
            .whereRef('build_record.repo_id', '=', 'repository.repo_id')
            .where('build_record.status', 'in', ['PENDING', 'BUILDING']),
        ),
      ),
    )
    .execute();
  return rows.map((row) => ({
    repoId: row.repo_id,
    instanceId: row.instance_id,
    namespaceName: row.namespace_name,
    name: row.name,
  }));
}

/**
 * Frees the name of a repository: from then on only the records of its builds refer to it, under a name that nobody can
 * choose.
 */
export async function markDeleted(
  db: Database,
  { repoId, instanceId }: Pick<Repository, 'repoId' | 'instanceId'>,
): Promise<void> {
  await transaction(db, async (trx) => {
    await ensureDeletedNamespace(trx, instanceId);
    await trx
      .updateTable('repository')
      .set({ status: 'DELETED', namespace_name: DELETED_NAMESPACE, name: `~${repoId}` })
      .where('repo_id', '=', repoId)
      .execute();
  });
}

/** The repositories of a namespace that exist, including those that are being deleted. */
export async function listRepositoriesOf(
  db: Database,
  instanceId: string,
  namespaceName: string,
): Promise<Pick<Repository, 'repoId' | 'instanceId' | 'namespaceName' | 'name' | 'status'>[]> {
  const rows = await db
    .selectFrom('repository')
    .select(['repo_id', 'name', 'status'])
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', namespaceName)
    .where('status', '!=', 'DELETED')
    .execute();
  return rows.map((row) => ({
    repoId: row.repo_id,
    instanceId,
    namespaceName,
    name: row.name,
    status: row.status as Repository['status'],
  }));
}
