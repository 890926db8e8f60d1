import { type Selectable, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { ChartReleaseTable } from '#db/schema/chart-schema.ts';
import { transaction } from '#db/transaction.ts';
import { type ChartRelease, fileNameOf, INDEX_LIMIT_BYTES } from './chart.ts';
import { chartReleaseExists, chartReleaseNotFound, chartRepositoryNotFound, indexTooLarge } from './errors.ts';

/** A pushed release, with its signed text, if any, and the key of its archive. */
export interface PushedRelease extends ChartRelease {
  readonly provenance: string | undefined;
  readonly objectKey: string;
}

/**
 * Inserts a release, and returns the keys of the archives that it replaces. Throws CHART_RELEASE_ALREADY_EXIST unless
 * it may replace one, CHART_REPO_NOT_EXIST if the repository was deleted meanwhile, and CHART_RELEASE_QUOTA_EXCEED if
 * the index would grow too large.
 */
export async function insertChartRelease(
  db: Database,
  repoId: string,
  release: PushedRelease,
  mayReplace: boolean,
  indexLimitBytes = INDEX_LIMIT_BYTES,
): Promise<string[]> {
  return transaction(db, async (trx) => {
    const fileName = fileNameOf(release.chart, release.version);
    await noteChange(trx, repoId, release.pushedMs);
    const former = await findRow(trx, repoId, fileName);
    // Another chart and version can have the same file name: only its own release is replaced.
    const isSame = former?.chart === release.chart && former.version === release.version;
    if (former && !(mayReplace && isSame)) throw chartReleaseExists(fileName);
    if (former) await removeRows(trx, repoId, fileName);
    await trx
      .insertInto('chart_release')
      .values({
        repo_id: repoId,
        file_name: fileName,
        chart: release.chart,
        version: release.version,
        sha256: release.sha256,
        size_bytes: release.sizeBytes,
        metadata: release.metadata,
        provenance: release.provenance ?? null,
        object_key: release.objectKey,
        pushed_by: release.pushedBy,
        pushed_ms: release.pushedMs,
      })
      .execute();
    if ((await metadataBytes(trx, repoId)) > indexLimitBytes) throw indexTooLarge(indexLimitBytes);
    return former ? [former.object_key] : [];
  });
}

/** Every release of a repository, most recently pushed first. */
export async function listAllReleases(db: Database, repoId: string): Promise<ChartRelease[]> {
  const rows = await newestFirst(db, repoId).execute();
  return rows.map(fromRow);
}

/** A page of them, and their total count. `chart` matches names that begin with it. */
export async function listChartReleases(
  db: Database,
  filter: { repoId: string; chart?: string | undefined },
  page: PageRange,
): Promise<{ releases: ChartRelease[]; total: number }> {
  const { repoId, chart } = filter;
  const begins = chart === undefined ? sql<boolean>`true` : sql<boolean>`substr(chart, 1, ${chart.length}) = ${chart}`;
  const { rows, total } = await readPage(newestFirst(db, repoId).where(begins), page);
  return { releases: rows.map(fromRow), total };
}

/** The key of a release's archive, and its signed text. Throws CHART_RELEASE_NOT_EXIST. */
export async function getReleaseFile(
  db: Database,
  repoId: string,
  fileName: string,
): Promise<{ objectKey: string; sha256: string; sizeBytes: number; provenance: string | undefined }> {
  const row = await findRow(db, repoId, fileName);
  if (!row) throw chartReleaseNotFound();
  const { object_key: objectKey, sha256, size_bytes: sizeBytes, provenance } = row;
  return { objectKey, sha256, sizeBytes, provenance: provenance ?? undefined };
}

/** Stores the signed text of the release whose archive has this hash. Throws CHART_RELEASE_NOT_EXIST. */
export async function saveProvenance(db: Database, repoId: string, sha256: string, provenance: string): Promise<void> {
  const result = await db
    .updateTable('chart_release')
    .set({ provenance })
    .where('repo_id', '=', repoId)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw chartReleaseNotFound();
}

/** Removes a release, and returns the keys of its archives. Throws CHART_RELEASE_NOT_EXIST. */
export async function removeChartRelease(
  db: Database,
  repoId: string,
  { chart, version }: { chart: string; version: string },
  nowMs: number,
): Promise<string[]> {
  return transaction(db, async (trx) => {
    const fileName = fileNameOf(chart, version);
    const row = await findRow(trx, repoId, fileName);
    if (row?.chart !== chart || row.version !== version) throw chartReleaseNotFound();
    await removeRows(trx, repoId, fileName);
    await noteChange(trx, repoId, nowMs);
    return [row.object_key];
  });
}

/** Removes a repository with its releases in the caller's transaction, and returns the keys of their archives. */
export async function removeChartRepository(trx: Database, repoId: string): Promise<string[]> {
  const rows = await trx.selectFrom('chart_release').select('object_key').where('repo_id', '=', repoId).execute();
  await trx.deleteFrom('chart_release').where('repo_id', '=', repoId).execute();
  const result = await trx.deleteFrom('chart_repository').where('repo_id', '=', repoId).executeTakeFirst();
  if (result.numDeletedRows === 0n) throw chartRepositoryNotFound();
  return rows.map((row) => row.object_key);
}

/** The keys of all archives. */
export async function listArchiveKeys(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('chart_release').select('object_key').execute();
  return rows.map((row) => row.object_key);
}

function newestFirst(db: Database, repoId: string) {
  return db
    .selectFrom('chart_release')
    .select(['chart', 'version', 'sha256', 'size_bytes', 'metadata', 'pushed_by', 'pushed_ms'])
    .where('repo_id', '=', repoId)
    .orderBy('pushed_ms', 'desc')
    .orderBy('file_name');
}

async function findRow(db: Database, repoId: string, fileName: string) {
  return db
    .selectFrom('chart_release')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('file_name', '=', fileName)
    .executeTakeFirst();
}

async function removeRows(trx: Database, repoId: string, fileName: string): Promise<void> {
  await trx.deleteFrom('chart_release').where('repo_id', '=', repoId).where('file_name', '=', fileName).execute();
}

/** From then on, the repository has another index. */
async function noteChange(trx: Database, repoId: string, nowMs: number): Promise<void> {
  const result = await trx
    .updateTable('chart_repository')
    .set((eb) => ({ revision: eb('revision', '+', 1), modified_ms: nowMs }))
    .where('repo_id', '=', repoId)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw chartRepositoryNotFound();
}

async function metadataBytes(trx: Database, repoId: string): Promise<number> {
  const { bytes } = await trx
    .selectFrom('chart_release')
    .select(sql<number>`sum(octet_length(metadata))`.as('bytes'))
    .where('repo_id', '=', repoId)
    .executeTakeFirstOrThrow();
  return Number(bytes);
}

type ReleaseRow = Omit<Selectable<ChartReleaseTable>, 'repo_id' | 'file_name' | 'provenance' | 'object_key'>;

function fromRow(row: ReleaseRow): ChartRelease {
  return {
    chart: row.chart,
    version: row.version,
    sha256: row.sha256,
    sizeBytes: row.size_bytes,
    metadata: row.metadata,
    pushedBy: row.pushed_by,
    pushedMs: row.pushed_ms,
  };
}
