import type { Selectable } from 'kysely';
import { parseRequester, requesterText } from '#account/requester.ts';
import type { Database } from '#db/database.ts';
import type { SourceArchiveTable, SourceBindingTable } from '#db/schema/schema.ts';
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

/** The total size in bytes of an owner's archives that wait for a build or are being built. */
export async function sumSourceArchives(db: Database, owner: string): Promise<number> {
  const row = await db
    .selectFrom('source_archive')
    .select((eb) => eb.fn.sum<number | null>('size_bytes').as('bytes'))
    .where('owner', '=', owner)
    .where('kept_ms', 'is', null)
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

/**
 * The archive with that id, to build it. Throws SOURCE_ARCHIVE_NOT_EXIST, also for an archive of another instance, and for
 * one that was built: it is kept for its sender alone.
 */
export async function getSourceArchive(db: Database, instanceId: string, archiveId: string): Promise<SourceArchive> {
  return archiveFrom(await archivesWith(db, instanceId, archiveId).where('kept_ms', 'is', null).executeTakeFirst());
}

/** An archive that this owner sent, whether it was built or not. Throws SOURCE_ARCHIVE_NOT_EXIST. */
export async function getSourceOf(
  db: Database,
  { instanceId, owner }: Pick<SourceArchive, 'instanceId' | 'owner'>,
  archiveId: string,
): Promise<SourceArchive> {
  return archiveFrom(await archivesWith(db, instanceId, archiveId).where('owner', '=', owner).executeTakeFirst());
}

/** Ids are random, so there is one at most. */
function archivesWith(db: Database, instanceId: string, archiveId: string) {
  const archives = db.selectFrom('source_archive').selectAll();
  return archives.where('archive_id', '=', archiveId).where('instance_id', '=', instanceId);
}

function archiveFrom(row: Selectable<SourceArchiveTable> | undefined): SourceArchive {
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

/** Which archives are kept after their build. */
interface KeptSources {
  repoId: string;
  nowMs: number;
  /** A smaller one is sent again in no time. */
  leastBytes: number;
  /** How much an owner's kept archives may take. */
  limitBytes: number;
  /** Those that other builds need: they are not removed. */
  needed: ReadonlySet<string>;
}

/**
 * Keeps the archives of a build, which no other build needs, for what their owners send next, instead of those of the repository's
 * earlier builds; of each owner the newest. Returns the ids of those that were removed.
 */
export async function keepSourceArchives(
  db: Database,
  archiveIds: readonly string[],
  { repoId, nowMs, leastBytes, limitBytes, needed }: KeptSources,
): Promise<string[]> {
  // SQL allows no empty list.
  if (archiveIds.length === 0) return [];
  const built = await db
    .updateTable('source_archive')
    .set({ kept_ms: nowMs, kept_repo_id: repoId })
    .where('archive_id', 'in', [...archiveIds])
    .returning('owner')
    .execute();
  const removed: string[] = [];
  for (const owner of new Set(built.map((row) => row.owner))) {
    const kept = await db
      .selectFrom('source_archive')
      .select(['archive_id', 'size_bytes', 'kept_repo_id'])
      .where('owner', 'is not distinct from', owner)
      .where('kept_ms', 'is not', null)
      .orderBy('kept_ms', 'desc')
      .orderBy('archive_id')
      .execute();
    let bytes = 0;
    for (const row of kept) {
      if (needed.has(row.archive_id)) continue;
      const isEarlier = row.kept_repo_id === repoId && !archiveIds.includes(row.archive_id);
      const isWanted = owner !== null && !isEarlier && row.size_bytes > leastBytes;
      if (isWanted) bytes += row.size_bytes;
      if (!isWanted || bytes > limitBytes) removed.push(row.archive_id);
    }
  }
  for (const archiveId of removed) await removeSourceArchive(db, archiveId);
  return removed;
}

/** Which archives are old. */
export interface OldSources {
  /** Those that were not built and were sent before this time. */
  sentBeforeMs: number;
  /** Those that are kept since before this time: since their build ended. */
  keptBeforeMs: number;
}

/** Old archives, and those kept for a repository that was deleted; except those in `wanted`. */
async function listOldSourceArchives(
  db: Database,
  { sentBeforeMs, keptBeforeMs }: OldSources,
  wanted: ReadonlySet<string>,
) {
  const rows = await db
    .selectFrom('source_archive')
    .select(['archive_id', 'size_bytes'])
    .where((eb) =>
      eb.or([
        eb.and([eb('kept_ms', 'is', null), eb('created_ms', '<', sentBeforeMs)]),
        eb('kept_ms', '<', keptBeforeMs),
        eb('kept_repo_id', 'not in', eb.selectFrom('repository').select('repo_id')),
      ]),
    )
    .execute();
  return rows.filter((row) => !wanted.has(row.archive_id));
}

/** Removes them, and returns their ids. */
export async function removeOldSourceArchives(
  db: Database,
  old: OldSources,
  wanted: ReadonlySet<string>,
): Promise<string[]> {
  const removed = (await listOldSourceArchives(db, old, wanted)).map((row) => row.archive_id);
  for (const archiveId of removed) await removeSourceArchive(db, archiveId);
  return removed;
}

/** How much disk they take. */
export async function sumOldSourceArchives(
  db: Database,
  old: OldSources,
  wanted: ReadonlySet<string>,
): Promise<number> {
  const rows = await listOldSourceArchives(db, old, wanted);
  return rows.reduce((sum, row) => sum + row.size_bytes, 0);
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
