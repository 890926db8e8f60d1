import type { Selectable } from 'kysely';
import { ACCOUNT_AUTHOR, authorText } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { contains } from '#db/engine.ts';
import { countRows } from '#db/read-page.ts';
import type { RepositoryTable } from '#db/schema/schema.ts';
import { transaction } from '#db/transaction.ts';
import type { RepoType } from '#namespace/namespace.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { repositoryExists, repositoryLeaving, repositoryNotFound, tooManyRepositories } from './errors.ts';
import type { RepoStatus, Repository } from './repository.ts';

/**
 * Inserts a repository. Throws REPO_ALREADY_EXIST if its namespace has one of that name, and REPO_QUOTA_EXCEED if the
 * instance has `quota` of them, also for concurrent inserts.
 */
export async function insertRepository(db: Database, repository: Repository, quota = Infinity): Promise<void> {
  const inserted = await insertWithin(db, repository, quota);
  if (!inserted) throw repositoryExists(repository.namespaceName, repository.name);
}

/** How many repositories an instance has. */
export async function countRepositories(db: Database, instanceId: string): Promise<number> {
  return countRows(db.selectFrom('repository').where('instance_id', '=', instanceId).where('status', '!=', 'DELETED'));
}

/**
 * Inserts a repository unless there is one of that name; returns the existing or the new one. Throws REPO_QUOTA_EXCEED.
 */
export async function ensureRepository(db: Database, repository: Repository, quota = Infinity): Promise<Repository> {
  await insertWithin(db, repository, quota);
  const { instanceId, namespaceName, name } = repository;
  const stored = await findNamed(db, instanceId, namespaceName, name);
  if (stored?.status !== 'NORMAL') throw repositoryLeaving(namespaceName, name);
  return stored;
}

/** The repository with that id. Throws REPO_NOT_EXIST, also for one of another instance and for one that is being deleted. */
export async function getRepository(db: Database, instanceId: string, repoId: string): Promise<Repository> {
  const repository = await findStoredRepository(db, instanceId, repoId);
  if (repository?.status !== 'NORMAL') throw repositoryNotFound();
  return repository;
}

/** The same, including deleted repositories: their builds are shown as long as they are kept. */
export async function getStoredRepository(db: Database, instanceId: string, repoId: string): Promise<Repository> {
  const repository = await findStoredRepository(db, instanceId, repoId);
  if (!repository) throw repositoryNotFound();
  return repository;
}

/** The repository with that id in whichever instance, also one that was deleted; or undefined. */
export async function findRepositoryById(db: Database, repoId: string): Promise<Repository | undefined> {
  const row = await db.selectFrom('repository').selectAll().where('repo_id', '=', repoId).executeTakeFirst();
  return row && fromRow(row);
}

/** The repository with that name, or undefined; one that is being deleted is not found. */
export async function findRepositoryByName(
  db: Database,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<Repository | undefined> {
  const repository = await findNamed(db, instanceId, namespaceName, name);
  return repository?.status === 'NORMAL' ? repository : undefined;
}

/** The repository with a name or an id, also while it is being deleted. Throws REPO_NOT_EXIST. */
export async function getShownRepository(
  db: Database,
  instanceId: string,
  named: { repoId: string } | { namespaceName: string; name: string },
): Promise<Repository> {
  const repository =
    'repoId' in named
      ? await findStoredRepository(db, instanceId, named.repoId)
      : await findNamed(db, instanceId, named.namespaceName, named.name);
  if (repository === undefined || repository.status === 'DELETED') throw repositoryNotFound();
  return repository;
}

/** The repository with that name. Throws REPO_NOT_EXIST. */
export async function getRepositoryByName(
  db: Database,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<Repository> {
  const repository = await findRepositoryByName(db, instanceId, namespaceName, name);
  if (!repository) throw repositoryNotFound();
  return repository;
}

/** The repository named `NAMESPACE/NAME`. Throws REPO_NOT_EXIST. */
export function getRepositoryNamed(db: Database, instanceId: string, repository: string): Promise<Repository> {
  const [namespaceName = '', name = ''] = repository.split('/');
  return getRepositoryByName(db, instanceId, namespaceName, name);
}

/** A page of an instance's repositories, sorted by name, from an offset or after a name, and their total count. */
export async function listRepositories(
  db: Database,
  filter: {
    instanceId: string;
    namespaceName?: string | undefined;
    name?: string | undefined;
    status?: string | undefined;
    exceptIds?: readonly string[];
  },
  page: { limit: number; offset?: number; after?: readonly [namespaceName: string, name: string] | undefined },
): Promise<{ repositories: Repository[]; total: number }> {
  let query = db.selectFrom('repository').where('instance_id', '=', filter.instanceId).where('status', '!=', 'DELETED');
  if (filter.namespaceName !== undefined) query = query.where('namespace_name', '=', filter.namespaceName);
  if (filter.name !== undefined) query = query.where(contains('name', filter.name));
  if (filter.status !== undefined && filter.status !== 'ALL') query = query.where('status', '=', filter.status);
  if (filter.exceptIds?.length) query = query.where('repo_id', 'not in', [...filter.exceptIds]);
  const total = await countRows(query);
  if (page.after !== undefined) {
    const [namespaceName, name] = page.after;
    query = query.where((eb) =>
      eb.or([
        eb('namespace_name', '>', namespaceName),
        eb.and([eb('namespace_name', '=', namespaceName), eb('name', '>', name)]),
      ]),
    );
  }
  const rows = await query
    .selectAll()
    .orderBy('namespace_name')
    .orderBy('name')
    .limit(page.limit)
    .offset(page.offset ?? 0)
    .execute();
  return { repositories: rows.map(fromRow), total };
}

/** The id and the name, `namespace/name`, of every repository of an instance. */
export async function listRepositoryNames(
  db: Database,
  instanceId: string,
): Promise<{ repoId: string; name: string }[]> {
  const rows = await db
    .selectFrom('repository')
    .select(['repo_id', 'namespace_name', 'name'])
    .where('instance_id', '=', instanceId)
    .where('status', '!=', 'DELETED')
    .execute();
  return rows.map((row) => ({ repoId: row.repo_id, name: `${row.namespace_name}/${row.name}` }));
}

/** Writes the fields of a repository that can change. */
export async function updateRepository(db: Database, repository: Repository): Promise<void> {
  await db
    .updateTable('repository')
    .set({
      type: repository.type,
      summary: repository.summary,
      detail: repository.detail ?? null,
      tag_immutability: repository.tagImmutability ? 1 : 0,
      modified_ms: repository.modifiedMs,
    })
    .where('repo_id', '=', repository.repoId)
    .execute();
}

async function findStoredRepository(db: Database, instanceId: string, repoId: string): Promise<Repository | undefined> {
  const row = await db
    .selectFrom('repository')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('repo_id', '=', repoId)
    .executeTakeFirst();
  return row && fromRow(row);
}

async function findNamed(
  db: Database,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<Repository | undefined> {
  const row = await db
    .selectFrom('repository')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', namespaceName)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && fromRow(row);
}

async function insertWithin(db: Database, repository: Repository, quota: number): Promise<boolean> {
  return transaction(db, async (trx) => {
    const inserted = await insertIfAbsent(trx, repository);
    // A repository that is deleted meanwhile takes none.
    if (inserted) await followDefaults(trx, repository);
    const surplus = inserted && quota < Infinity && (await countRepositories(trx, repository.instanceId)) > quota;
    if (surplus) throw tooManyRepositories(quota);
    return inserted;
  });
}

/** This noun may not import `acceleration`, so the rule that a namespace wants for its new repositories is made here. */
async function followDefaults(
  trx: Database,
  { repoId, instanceId, namespaceName, createdMs }: Repository,
): Promise<void> {
  const { defaultAcceleration } = await getNamespace(trx, instanceId, namespaceName);
  if (!defaultAcceleration) return;
  const rule_id = repoId.replace(/^crr-/, 'crabr-');
  await trx
    .insertInto('acceleration_rule')
    .values({
      rule_id,
      instance_id: instanceId,
      repo_id: repoId,
      created_ms: createdMs,
      author: authorText(ACCOUNT_AUTHOR),
    })
    .execute();
}

async function insertIfAbsent(db: Database, repository: Repository): Promise<boolean> {
  const result = await db
    .insertInto('repository')
    .values({
      repo_id: repository.repoId,
      instance_id: repository.instanceId,
      namespace_name: repository.namespaceName,
      name: repository.name,
      type: repository.type,
      summary: repository.summary,
      detail: repository.detail ?? null,
      tag_immutability: repository.tagImmutability ? 1 : 0,
      status: repository.status,
      created_ms: repository.createdMs,
      modified_ms: repository.modifiedMs,
    })
    .onConflict((conflict) => conflict.columns(['instance_id', 'namespace_name', 'name']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

function fromRow(row: Selectable<RepositoryTable>): Repository {
  return {
    repoId: row.repo_id,
    instanceId: row.instance_id,
    namespaceName: row.namespace_name,
    name: row.name,
    type: row.type as RepoType,
    summary: row.summary,
    detail: row.detail ?? undefined,
    tagImmutability: row.tag_immutability === 1,
    status: row.status as RepoStatus,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
