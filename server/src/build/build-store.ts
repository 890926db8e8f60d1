import { type Selectable, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { readByIndex } from '#db/engine.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { BuildRecordTable } from '#db/schema/schema.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import { type BuildSource, branchOf } from '#source/source.ts';
import type {
  BaseImage,
  BuildFailure,
  BuildRecord,
  BuildRequester,
  BuildStatus,
  BuildTrigger,
  Cancellation,
} from './build.ts';
import type { BuildOptions } from './build-options.ts';
import { buildRecordNotFound } from './errors.ts';
import { heldBy, type LeaseHolder } from './lease-holder.ts';

/** The initial fields of a record. The others are set as the build progresses. */
export type NewBuildRecord = Pick<
  BuildRecord,
  | 'buildRecordId'
  | 'instanceId'
  | 'repoId'
  | 'imageTag'
  | 'source'
  | 'dockerfile'
  | 'buildArgs'
  | 'useCache'
  | 'createdMs'
  | 'requesters'
> &
  Partial<Pick<BuildRecord, 'buildRuleId' | 'options'>> & { trigger: BuildTrigger };

/** Longer texts of a commit are cut: the author of the commit chose them, and each list of builds carries them. */
const COMMIT_TEXT_LIMIT = 1000;

/** Inserts a PENDING record, which a runner can then claim as a job. */
export async function insertBuildRecord(db: Database, record: NewBuildRecord): Promise<void> {
  await db
    .insertInto('build_record')
    .values({
      build_record_id: record.buildRecordId,
      instance_id: record.instanceId,
      repo_id: record.repoId,
      status: 'PENDING',
      image_tag: record.imageTag,
      source: JSON.stringify(record.source),
      dockerfile: record.dockerfile,
      build_args: JSON.stringify(record.buildArgs),
      use_cache: record.useCache ? 1 : 0,
      created_ms: record.createdMs,
      options: record.options && JSON.stringify(record.options),
      build_rule_id: record.buildRuleId ?? null,
      requesters: record.requesters ? JSON.stringify(record.requesters) : null,
      trigger: record.trigger,
      branch: branchOf(record.source) ?? null,
    })
    .execute();
  const { source, buildRecordId } = record;
  if (source.kind === 'code-host' && source.commitId !== undefined)
    await insertEvent(db, 'commit_known', { buildRecordId }, record.createdMs);
}

/** The record with that id. Throws BUILD_RECORD_NOT_EXIST, also for a record of another instance or, if given, repository. */
export async function getBuildRecord(
  db: Database,
  key: { instanceId: string; buildRecordId: string; repoId?: string },
): Promise<BuildRecord> {
  const record = await findBuildRecord(db, key.buildRecordId);
  if (!record || record.instanceId !== key.instanceId) throw buildRecordNotFound();
  if (key.repoId !== undefined && record.repoId !== key.repoId) throw buildRecordNotFound();
  return record;
}

/** The record with that id, or undefined. Like UUIDs, ids ignore case. */
export async function findBuildRecord(db: Database, buildRecordId: string): Promise<BuildRecord | undefined> {
  const row = await db
    .selectFrom('build_record')
    .selectAll()
    .where('build_record_id', '=', buildRecordId.toLowerCase())
    .executeTakeFirst();
  return row && buildRecordFromRow(row);
}

/** A page of a repository's records, newest first, and their total count. */
export async function listBuildRecords(
  db: Database,
  repoId: string,
  page: PageRange,
): Promise<{ records: BuildRecord[]; total: number }> {
  const query = db.selectFrom('build_record').where('repo_id', '=', repoId);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence', 'desc'), page);
  return { records: rows.map(buildRecordFromRow), total };
}

/** The last successful build of the same repository and tag before this record, or undefined. */
export async function findLastGoodBuild(db: Database, record: BuildOfTag): Promise<BuildRecord | undefined> {
  const row = await lastGoodBuild(db, record).executeTakeFirst();
  return row && buildRecordFromRow(row);
}

type BuildOfTag = Pick<BuildRecord, 'buildRecordId' | 'repoId' | 'imageTag'>;

/** The query of `findLastGoodBuild`. Without being told, SQLite takes the index of the queue, which does not have the tag. */
export function lastGoodBuild(db: Database, record: BuildOfTag) {
  const byTag = readByIndex('build_record', 'build_record_tag');
  return db
    .selectFrom(sql<BuildRecordTable>`build_record`.as<'build_record'>(byTag))
    .selectAll()
    .where('repo_id', '=', record.repoId)
    .where('image_tag', '=', record.imageTag)
    .where('status', '=', 'SUCCESS')
    .where('sequence', '<', (eb) =>
      eb
        .selectFrom('build_record as own')
        .select('own.sequence')
        .where('own.build_record_id', '=', record.buildRecordId),
    )
    .orderBy('sequence', 'desc')
    .limit(1);
}

/** Records the commit that a build cloned at a time. Returns false if the holder no longer has the record. */
export async function updateCommit(
  db: Database,
  holder: LeaseHolder,
  commit: { commitId: string; author: string; message: string },
  nowMs: number,
): Promise<boolean> {
  return eventTransaction(db, async (db) => {
    const updated = await db
      .updateTable('build_record')
      .set({
        commit_id: commit.commitId,
        commit_author: shortened(commit.author),
        commit_message: shortened(commit.message),
      })
      .where(heldBy(holder))
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) return false;
    await insertEvent(db, 'commit_known', { buildRecordId: holder.buildRecordId }, nowMs);
    return true;
  });
}

function shortened(text: string): string {
  return text.length > COMMIT_TEXT_LIMIT ? `${text.slice(0, COMMIT_TEXT_LIMIT).toWellFormed()}…` : text;
}

/** Records the base images of a build. Returns false if the holder no longer has the record. */
export async function updateBaseImages(
  db: Database,
  holder: LeaseHolder,
  baseImages: readonly BaseImage[],
): Promise<boolean> {
  const updated = await db
    .updateTable('build_record')
    .set({ base_images: JSON.stringify(baseImages) })
    .where(heldBy(holder))
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** The sources and options of the builds that wait or run, except one. */
export async function listUnfinishedSources(
  db: Database,
  exceptId = '',
): Promise<Pick<BuildRecord, 'source' | 'options'>[]> {
  const rows = await db
    .selectFrom('build_record')
    .select(['source', 'options'])
    .where('status', 'in', ['PENDING', 'BUILDING'])
    .where('build_record_id', '!=', exceptId)
    .execute();
  return rows.map(sourcesFromRow);
}

/** The record in a row of the table. */
export function buildRecordFromRow(row: Selectable<BuildRecordTable>): BuildRecord {
  return {
    buildRecordId: row.build_record_id,
    instanceId: row.instance_id,
    repoId: row.repo_id,
    status: row.status as BuildStatus,
    imageTag: row.image_tag,
    ...sourcesFromRow(row),
    dockerfile: row.dockerfile,
    buildArgs: JSON.parse(row.build_args) as string[],
    useCache: row.use_cache === 1,
    createdMs: row.created_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as BuildFailure),
    imageDigest: row.image_digest ?? undefined,
    lostLines: row.lost_lines ?? undefined,
    commitId: row.commit_id ?? undefined,
    commitAuthor: row.commit_author ?? undefined,
    commitMessage: row.commit_message ?? undefined,
    baseImages: row.base_images === null ? undefined : (JSON.parse(row.base_images) as BaseImage[]),
    buildRuleId: row.build_rule_id ?? undefined,
    trigger: (row.trigger as BuildTrigger | null) ?? undefined,
    cancelRequested: row.cancel_requested === 1,
    cancellation: row.cancellation === null ? undefined : (JSON.parse(row.cancellation) as Cancellation),
    supersededBy: row.superseded_by ?? undefined,
    logExpiredMs: row.log_expired_ms ?? undefined,
    leaseEpoch: row.lease_epoch,
    requesters: row.requesters === null ? undefined : (JSON.parse(row.requesters) as BuildRequester[]),
  };
}

/** The source and options of a build, from a row of the table. */
function sourcesFromRow(row: Pick<Selectable<BuildRecordTable>, 'source' | 'options'>) {
  return {
    source: JSON.parse(row.source) as BuildSource,
    options: row.options === null ? {} : (JSON.parse(row.options) as BuildOptions),
  };
}
