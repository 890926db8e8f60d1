import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import { contains } from '#db/engine.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { ChartNamespaceTable } from '#db/schema/chart-schema.ts';
import { transaction } from '#db/transaction.ts';
import type { RepoType } from '#namespace/namespace.ts';
import type { ChartNamespace } from './chart.ts';
import {
  chartNamespaceExists,
  chartNamespaceNotEmpty,
  chartNamespaceNotFound,
  tooManyChartNamespaces,
} from './errors.ts';

/**
 * Inserts a namespace. Throws CHART_NAMESPACE_ALREADY_EXIST, and CHART_NAMESPACE_QUOTA_EXCEED if the instance has
 * `quota` of them, also for concurrent inserts.
 */
export async function insertChartNamespace(db: Database, namespace: ChartNamespace, quota: number): Promise<void> {
  await transaction(db, async (trx) => {
    const result = await trx
      .insertInto('chart_namespace')
      .values({
        namespace_id: namespace.namespaceId,
        instance_id: namespace.instanceId,
        name: namespace.name,
        created_ms: namespace.createdMs,
        ...changeable(namespace),
      })
      .onConflict((conflict) => conflict.columns(['instance_id', 'name']).doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows !== 1n) throw chartNamespaceExists(namespace.name);
    if ((await countChartNamespaces(trx, namespace.instanceId)) > quota) throw tooManyChartNamespaces(quota);
  });
}

/** How many chart namespaces an instance has. */
export async function countChartNamespaces(db: Database, instanceId: string): Promise<number> {
  return countRows(db.selectFrom('chart_namespace').where('instance_id', '=', instanceId));
}

/** The namespace of that name, or undefined. */
export async function findChartNamespace(
  db: Database,
  instanceId: string,
  name: string,
): Promise<ChartNamespace | undefined> {
  const row = await db
    .selectFrom('chart_namespace')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The same. Throws CHART_NAMESPACE_NOT_EXIST. */
export async function getChartNamespace(db: Database, instanceId: string, name: string): Promise<ChartNamespace> {
  const namespace = await findChartNamespace(db, instanceId, name);
  if (!namespace) throw chartNamespaceNotFound();
  return namespace;
}

/** A page of the namespaces of an instance, sorted by name, and their total count. `name` matches names that contain it. */
export async function listChartNamespaces(
  db: Database,
  filter: { instanceId: string; name?: string | undefined; exceptNames: readonly string[] },
  page: PageRange,
): Promise<{ namespaces: ChartNamespace[]; total: number }> {
  let query = db.selectFrom('chart_namespace').where('instance_id', '=', filter.instanceId);
  if (filter.name !== undefined) query = query.where(contains('name', filter.name));
  if (filter.exceptNames.length > 0) query = query.where('name', 'not in', [...filter.exceptNames]);
  const { rows, total } = await readPage(query.selectAll().orderBy('name'), page);
  return { namespaces: rows.map(fromRow), total };
}

/** The name of every chart namespace of an instance. */
export async function listChartNamespaceNames(db: Database, instanceId: string): Promise<string[]> {
  const rows = await db.selectFrom('chart_namespace').select('name').where('instance_id', '=', instanceId).execute();
  return rows.map(({ name }) => name);
}

/** Writes the fields of a namespace that can change. */
export async function updateChartNamespace(db: Database, namespace: ChartNamespace): Promise<void> {
  await db
    .updateTable('chart_namespace')
    .set(changeable(namespace))
    .where('namespace_id', '=', namespace.namespaceId)
    .execute();
}

/** Removes a namespace in the caller's transaction. Throws CHART_NAMESPACE_NOT_EMPTY if it has a repository. */
export async function removeChartNamespace(
  trx: Database,
  { namespaceId, instanceId, name }: ChartNamespace,
): Promise<void> {
  const repository = await trx
    .selectFrom('chart_repository')
    .select('repo_id')
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', name)
    .limit(1)
    .executeTakeFirst();
  if (repository) throw chartNamespaceNotEmpty(name);
  await trx.deleteFrom('chart_namespace').where('namespace_id', '=', namespaceId).execute();
}

function changeable(namespace: ChartNamespace) {
  return {
    auto_create_repo: namespace.autoCreateRepo ? 1 : 0,
    default_repo_type: namespace.defaultRepoType,
    modified_ms: namespace.modifiedMs,
  };
}

function fromRow(row: Selectable<ChartNamespaceTable>): ChartNamespace {
  return {
    namespaceId: row.namespace_id,
    instanceId: row.instance_id,
    name: row.name,
    autoCreateRepo: row.auto_create_repo === 1,
    defaultRepoType: row.default_repo_type as RepoType,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
