import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import { contains } from '#db/engine.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { ChartRepositoryTable } from '#db/schema/chart-schema.ts';
import { transaction } from '#db/transaction.ts';
import type { RepoType } from '#namespace/namespace.ts';
import type { ChartRepository } from './chart.ts';
import { getChartNamespace } from './chart-namespace-store.ts';
import { chartRepositoryExists, chartRepositoryNotFound, tooManyChartRepositories } from './errors.ts';

/**
 * Inserts a repository. Throws CHART_NAMESPACE_NOT_EXIST, CHART_REPO_ALREADY_EXIST, and CHART_REPO_QUOTA_EXCEED if the
 * instance has `quota` of them, also for concurrent inserts.
 */
export async function insertChartRepository(db: Database, repository: ChartRepository, quota: number): Promise<void> {
  await transaction(db, async (trx) => {
    const { instanceId, namespaceName, name } = repository;
    await getChartNamespace(trx, instanceId, namespaceName);
    const result = await trx
      .insertInto('chart_repository')
      .values({
        repo_id: repository.repoId,
        instance_id: instanceId,
        namespace_name: namespaceName,
        name,
        type: repository.type,
        summary: repository.summary,
        revision: repository.revision,
        created_ms: repository.createdMs,
        modified_ms: repository.modifiedMs,
      })
      .onConflict((conflict) => conflict.columns(['instance_id', 'namespace_name', 'name']).doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows !== 1n) throw chartRepositoryExists(namespaceName, name);
    if ((await countChartRepositories(trx, instanceId)) > quota) throw tooManyChartRepositories(quota);
  });
}

/** How many chart repositories an instance has. */
export async function countChartRepositories(db: Database, instanceId: string): Promise<number> {
  return countRows(db.selectFrom('chart_repository').where('instance_id', '=', instanceId));
}

/** The repository of that name, or undefined. */
export async function findChartRepository(
  db: Database,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<ChartRepository | undefined> {
  const row = await db
    .selectFrom('chart_repository')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', namespaceName)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The same. Throws CHART_REPO_NOT_EXIST. */
export async function getChartRepository(
  db: Database,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<ChartRepository> {
  const repository = await findChartRepository(db, instanceId, namespaceName, name);
  if (!repository) throw chartRepositoryNotFound();
  return repository;
}

/** A page of the repositories of an instance, sorted by name, and their total count. `name` matches names that contain it. */
export async function listChartRepositories(
  db: Database,
  filter: {
    instanceId: string;
    namespaceName?: string | undefined;
    name?: string | undefined;
    exceptIds: readonly string[];
  },
  page: PageRange,
): Promise<{ repositories: ChartRepository[]; total: number }> {
  let query = db.selectFrom('chart_repository').where('instance_id', '=', filter.instanceId);
  if (filter.namespaceName !== undefined) query = query.where('namespace_name', '=', filter.namespaceName);
  if (filter.name !== undefined) query = query.where(contains('name', filter.name));
  if (filter.exceptIds.length > 0) query = query.where('repo_id', 'not in', [...filter.exceptIds]);
  const ordered = query.selectAll().orderBy('namespace_name').orderBy('name');
  const { rows, total } = await readPage(ordered, page);
  return { repositories: rows.map(fromRow), total };
}

/** Id and name of every chart repository of an instance, or of one of its namespaces. */
export async function listChartRepositoryNames(
  db: Database,
  instanceId: string,
  namespaceName?: string,
): Promise<{ repoId: string; namespaceName: string; name: string }[]> {
  let query = db
    .selectFrom('chart_repository')
    .select(['repo_id', 'namespace_name', 'name'])
    .where('instance_id', '=', instanceId);
  if (namespaceName !== undefined) query = query.where('namespace_name', '=', namespaceName);
  const rows = await query.execute();
  return rows.map((row) => ({ repoId: row.repo_id, namespaceName: row.namespace_name, name: row.name }));
}

/** Writes the fields of a repository that can change. */
export async function updateChartRepository(
  db: Database,
  { repoId, type, summary, modifiedMs }: ChartRepository,
): Promise<void> {
  await db
    .updateTable('chart_repository')
    .set({ type, summary, modified_ms: modifiedMs })
    .where('repo_id', '=', repoId)
    .execute();
}

function fromRow(row: Selectable<ChartRepositoryTable>): ChartRepository {
  return {
    repoId: row.repo_id,
    instanceId: row.instance_id,
    namespaceName: row.namespace_name,
    name: row.name,
    type: row.type as RepoType,
    summary: row.summary,
    revision: row.revision,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
