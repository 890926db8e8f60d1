import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import { contains } from '#db/engine.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { NamespaceTable } from '#db/schema/schema.ts';
import { transaction } from '#db/transaction.ts';
import { namespaceExists, namespaceNotEmpty, namespaceNotFound, tooManyNamespaces } from './errors.ts';
import type { Namespace, NamespaceStatus, RepoType } from './namespace.ts';

/**
 * The namespace of deleted repositories, which the records of their builds still refer to. Nobody can choose this name,
 * and nothing shows it.
 */
export const DELETED_NAMESPACE = '~deleted';

/**
 * Inserts a namespace. Throws NAMESPACE_ALREADY_EXIST if the instance has one of that name, and NAMESPACE_QUOTA_EXCEED
 * if it has `quota` of them, also for concurrent inserts.
 */
export async function insertNamespace(db: Database, namespace: Namespace, quota = Infinity): Promise<void> {
  const inserted = await insertWithin(db, namespace, quota);
  if (!inserted) throw namespaceExists(namespace.name);
}

/** How many namespaces an instance has. */
export async function countNamespaces(db: Database, instanceId: string): Promise<number> {
  return countRows(
    db.selectFrom('namespace').where('instance_id', '=', instanceId).where('name', '!=', DELETED_NAMESPACE),
  );
}

/** Inserts a namespace, or leaves an existing one of that name unchanged. Throws NAMESPACE_QUOTA_EXCEED. */
export async function ensureNamespace(db: Database, namespace: Namespace, quota = Infinity): Promise<void> {
  await insertWithin(db, namespace, quota);
}

/** The namespace with that name, or undefined. */
export async function findNamespace(db: Database, instanceId: string, name: string): Promise<Namespace | undefined> {
  if (name === DELETED_NAMESPACE) return undefined;
  const row = await db
    .selectFrom('namespace')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The namespace of that id, or undefined. */
export async function findNamespaceById(
  db: Database,
  instanceId: string,
  namespaceId: string,
): Promise<Namespace | undefined> {
  const row = await db
    .selectFrom('namespace')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('namespace_id', '=', namespaceId)
    .where('name', '!=', DELETED_NAMESPACE)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The namespace of that name. Throws NAMESPACE_NOT_EXIST. */
export async function getNamespace(db: Database, instanceId: string, name: string): Promise<Namespace> {
  const namespace = await findNamespace(db, instanceId, name);
  if (namespace?.status !== 'NORMAL') throw namespaceNotFound();
  return namespace;
}

/** A page of an instance's namespaces, sorted by name, and their total count. `name` matches names that contain it. */
export async function listNamespaces(
  db: Database,
  filter: {
    instanceId: string;
    name?: string | undefined;
    status?: string | undefined;
    exceptNames?: readonly string[];
  },
  page: PageRange,
): Promise<{ namespaces: Namespace[]; total: number }> {
  let query = db
    .selectFrom('namespace')
    .where('instance_id', '=', filter.instanceId)
    .where('name', '!=', DELETED_NAMESPACE);
  if (filter.name !== undefined) query = query.where(contains('name', filter.name));
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.exceptNames?.length) query = query.where('name', 'not in', [...filter.exceptNames]);
  const { rows, total } = await readPage(query.selectAll().orderBy('name'), page);
  return { namespaces: rows.map(fromRow), total };
}

/** The name of every namespace of an instance. */
export async function listNamespaceNames(db: Database, instanceId: string): Promise<string[]> {
  const rows = await db.selectFrom('namespace').select('name').where('instance_id', '=', instanceId).execute();
  return rows.map(({ name }) => name);
}

/** Writes the fields of a namespace that can change. */
export async function updateNamespace(db: Database, namespace: Namespace): Promise<void> {
  await db
    .updateTable('namespace')
    .set({
      auto_create_repo: namespace.autoCreateRepo ? 1 : 0,
      default_repo_type: namespace.defaultRepoType,
      default_tag_immutability: namespace.defaultTagImmutability ? 1 : 0,
      default_acceleration: namespace.defaultAcceleration ? 1 : 0,
      modified_ms: namespace.modifiedMs,
    })
    .where('namespace_id', '=', namespace.namespaceId)
    .execute();
}

/** Creates the namespace for deleted repositories of an instance, if it does not exist. */
export async function ensureDeletedNamespace(db: Database, instanceId: string): Promise<void> {
  await insertIfAbsent(db, {
    namespaceId: `${DELETED_NAMESPACE}-${instanceId}`,
    instanceId,
    name: DELETED_NAMESPACE,
    autoCreateRepo: false,
    defaultRepoType: 'PRIVATE',
    defaultTagImmutability: false,
    status: 'NORMAL',
    createdMs: 0,
    modifiedMs: 0,
  });
}

/** Marks a namespace as being deleted, in the caller's transaction. */
export async function markNamespaceDeleting(db: Database, namespaceId: string, nowMs: number): Promise<void> {
  await db
    .updateTable('namespace')
    .set({ status: 'DELETING', modified_ms: nowMs })
    .where('namespace_id', '=', namespaceId)
    .execute();
}

/** Removes the namespaces that are being deleted and no longer have repositories. */
export async function removeLeftNamespaces(db: Database): Promise<void> {
  await db
    .deleteFrom('namespace')
    .where('status', '=', 'DELETING')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('repository')
            .select('repo_id')
            .whereRef('repository.instance_id', '=', 'namespace.instance_id')
            .whereRef('repository.namespace_name', '=', 'namespace.name'),
        ),
      ),
    )
    .execute();
}

/** Removes a namespace. Throws NAMESPACE_NOT_EMPTY if it has a repository, even one created in the meantime. */
export async function removeNamespace(db: Database, { namespaceId, instanceId, name }: Namespace): Promise<void> {
  const result = await db
    .deleteFrom('namespace')
    .where('namespace_id', '=', namespaceId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('repository')
            .select('repo_id')
            .where('instance_id', '=', instanceId)
            .where('namespace_name', '=', name),
        ),
      ),
    )
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw namespaceNotEmpty(name);
}

async function insertWithin(db: Database, namespace: Namespace, quota: number): Promise<boolean> {
  return transaction(db, async (trx) => {
    const inserted = await insertIfAbsent(trx, namespace);
    const surplus = inserted && quota < Infinity && (await countNamespaces(trx, namespace.instanceId)) > quota;
    if (surplus) throw tooManyNamespaces(quota);
    return inserted;
  });
}

async function insertIfAbsent(db: Database, namespace: Namespace): Promise<boolean> {
  const result = await db
    .insertInto('namespace')
    .values({
      namespace_id: namespace.namespaceId,
      instance_id: namespace.instanceId,
      name: namespace.name,
      auto_create_repo: namespace.autoCreateRepo ? 1 : 0,
      default_repo_type: namespace.defaultRepoType,
      default_tag_immutability: namespace.defaultTagImmutability ? 1 : 0,
      default_acceleration: namespace.defaultAcceleration ? 1 : 0,
      status: namespace.status,
      created_ms: namespace.createdMs,
      modified_ms: namespace.modifiedMs,
    })
    .onConflict((conflict) => conflict.columns(['instance_id', 'name']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

function fromRow(row: Selectable<NamespaceTable>): Namespace {
  return {
    namespaceId: row.namespace_id,
    instanceId: row.instance_id,
    name: row.name,
    autoCreateRepo: row.auto_create_repo === 1,
    defaultRepoType: row.default_repo_type as RepoType,
    defaultTagImmutability: row.default_tag_immutability === 1,
    defaultAcceleration: row.default_acceleration === 1,
    status: row.status as NamespaceStatus,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
