import type { Selectable } from 'kysely';
import { parseRequester, requesterText } from '#account/requester.ts';
import type { Database } from '#db/database.ts';
import type { SourceBindingTable } from '#db/schema/schema.ts';
import { sourceArchiveNotFound, sourceBindingExists, sourceBindingNotFound } from './errors.ts';
import type { CodeRepoType, SourceArchive, SourceBinding } from './source.ts';

/** Binds a repository to its source. Throws SOURCE_CODE_REPO_ALREADY_EXIST if it has one. */
export async function insertSourceBinding(db: Database, binding: SourceBinding): Promise<void> {
  const result = await db
    .insertInto('source_binding')
    .values({
      repo_id: binding.repoId,
      instance_id: binding.instanceId,
      code_repo_type: binding.codeRepoType,
      code_repo_namespace_name: binding.codeRepoNamespaceName,
      code_repo_name: binding.codeRepoName,
      auto_build: binding.autoBuild ? 1 : 0,
      oversea_build: binding.overseaBuild ? 1 : 0,
      disable_cache_build: binding.disableCacheBuild ? 1 : 0,
      created_ms: binding.createdMs,
      modified_ms: binding.modifiedMs,
      requester: requesterText(binding.requester),
    })
    .onConflict((conflict) => conflict.column('repo_id').doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) throw sourceBindingExists();
}

/** Updates a binding. Throws SOURCE_CODE_REPO_NOT_EXIST if it was removed in the meantime. */
export async function updateSourceBinding(db: Database, binding: SourceBinding): Promise<void> {
  const result = await db
    .updateTable('source_binding')
    .set({
      code_repo_type: binding.codeRepoType,
      code_repo_namespace_name: binding.codeRepoNamespaceName,
      code_repo_name: binding.codeRepoName,
      auto_build: binding.autoBuild ? 1 : 0,
      oversea_build: binding.overseaBuild ? 1 : 0,
      disable_cache_build: binding.disableCacheBuild ? 1 : 0,
      modified_ms: binding.modifiedMs,
      requester: requesterText(binding.requester),
    })
    .where('repo_id', '=', binding.repoId)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw sourceBindingNotFound();
}

/** The source of a repository, or undefined. */
export async function findSourceBinding(db: Database, repoId: string): Promise<SourceBinding | undefined> {
  const row = await db.selectFrom('source_binding').selectAll().where('repo_id', '=', repoId).executeTakeFirst();
  return row && fromRow(row);
}

/** The source of a repository. Throws SOURCE_CODE_REPO_NOT_EXIST. */
export async function getSourceBinding(db: Database, repoId: string): Promise<SourceBinding> {
  const binding = await findSourceBinding(db, repoId);
  if (!binding) throw sourceBindingNotFound();
  return binding;
}

/** Removes the source of a repository, if it has one. */
export async function removeSourceBinding(db: Database, repoId: string): Promise<void> {
  await db.deleteFrom('source_binding').where('repo_id', '=', repoId).execute();
}

/** The total size in bytes of an owner's archives that have not been built yet. */
export async function sumSourceArchives(db: Database, owner: string): Promise<number> {
  const row = await db
    .selectFrom('source_archive')
    .select((eb) => eb.fn.sum<number | null>('size_bytes').as('bytes'))
    .where('owner', '=', owner)
    .executeTakeFirst();
  return row?.bytes ?? 0;
}

export async function insertSourceArchive(db: Database, archive: SourceArchive): Promise<void> {
  await db
    .insertInto('source_archive')
    .values({
      archive_id: archive.archiveId,
      instance_id: archive.instanceId,
      owner: archive.owner,
      sha256: archive.sha256,
      size_bytes: archive.sizeBytes,
      created_ms: archive.createdMs,
    })
    .execute();
}

/** The archive with that id. Throws SOURCE_ARCHIVE_NOT_EXIST, also for an archive of another instance. */
export async function getSourceArchive(db: Database, instanceId: string, archiveId: string): Promise<SourceArchive> {
  const row = await db
    .selectFrom('source_archive')
    .selectAll()
    .where('archive_id', '=', archiveId)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst();
  if (!row) throw sourceArchiveNotFound();
  return {
    archiveId: row.archive_id,
    instanceId: row.instance_id,
    owner: row.owner ?? '',
    sha256: row.sha256,
    sizeBytes: row.size_bytes,
    createdMs: row.created_ms,
  };
}

export async function removeSourceArchive(db: Database, archiveId: string): Promise<void> {
  await db.deleteFrom('source_archive').where('archive_id', '=', archiveId).execute();
}

/** Removes archives from before a time, except those in `wanted`, and returns their ids. */
export async function removeSourceArchivesBefore(
  db: Database,
  beforeMs: number,
  wanted: ReadonlySet<string>,
): Promise<string[]> {
  const rows = await db.selectFrom('source_archive').select('archive_id').where('created_ms', '<', beforeMs).execute();
  const removed = rows.map((row) => row.archive_id).filter((archiveId) => !wanted.has(archiveId));
  for (const archiveId of removed) await removeSourceArchive(db, archiveId);
  return removed;
}

/** How much disk the archives from before a time take, except those in `wanted`. */
export async function sumSourceArchivesBefore(
  db: Database,
  beforeMs: number,
  wanted: ReadonlySet<string>,
): Promise<number> {
  const rows = await db
    .selectFrom('source_archive')
    .select(['archive_id', 'size_bytes'])
    .where('created_ms', '<', beforeMs)
    .execute();
  return rows.reduce((sum, row) => sum + (wanted.has(row.archive_id) ? 0 : row.size_bytes), 0);
}

/** The ids of all archives. */
export async function listSourceArchiveIds(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('source_archive').select('archive_id').execute();
  return rows.map((row) => row.archive_id);
}

function fromRow(row: Selectable<SourceBindingTable>): SourceBinding {
  return {
    repoId: row.repo_id,
    instanceId: row.instance_id,
    codeRepoType: row.code_repo_type as CodeRepoType,
    codeRepoNamespaceName: row.code_repo_namespace_name,
    codeRepoName: row.code_repo_name,
    autoBuild: row.auto_build === 1,
    overseaBuild: row.oversea_build === 1,
    disableCacheBuild: row.disable_cache_build === 1,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    requester: parseRequester(row.requester),
  };
}
