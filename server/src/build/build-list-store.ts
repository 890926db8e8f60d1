import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { foldedCase, readByIndex } from '#db/engine.ts';
import type { BuildRecordTable } from '#db/schema/schema.ts';
import { type BuildRecord, type BuildStatus, type BuildTrigger, isFinalStatus } from './build.ts';
import { buildRecordFromRow } from './build-store.ts';

/** Which builds to list. An undefined filter matches all. */
export interface BuildFilter {
  instanceId: string;
  repoIds: readonly string[] | undefined;
  statuses?: readonly BuildStatus[] | undefined;
  triggers?: readonly BuildTrigger[] | undefined;
  /** A branch or Git tag, by its short name. */
  branch?: string | undefined;
  /** The beginning of the name of the commit's author; ASCII letters match in either case. */
  authorPrefix?: string | undefined;
  /** When the build was requested; inclusive. */
  sinceMs?: number | undefined;
  /** When the build was requested; exclusive. */
  untilMs?: number | undefined;
  /** A prefix of the commit id, in lower case. */
  commitPrefix?: string | undefined;
  /** A prefix of the build's id, in lower case. */
  idPrefix?: string | undefined;
  /** Only builds whose logs have not expired. */
  withLog?: boolean | undefined;
}

/** How many builds of a list to return, and before which. */
export interface ListPage {
  limit: number;
  beforeSequence?: number | undefined;
}

/** A build and the name of its repository, `namespace/name`. */
export interface ListedBuild {
  sequence: number;
  record: BuildRecord;
  repository: string;
}

/**
 * The builds that match a filter, newest first, starting before `beforeSequence`. `nextSequence` continues the list correctly
 * even if builds were added in the meantime; it is undefined at the end.
 */
export async function listBuilds(
  db: Database,
  filter: BuildFilter,
  page: ListPage,
): Promise<{ builds: ListedBuild[]; nextSequence: number | undefined }> {
  const found = (
    await matchingBuilds(db, filter, page)
      .limit(page.limit + 1)
      .execute()
  ).map(({ sequence }) => sequence);
  const builds = await listedBuilds(db, found.slice(0, page.limit));
  return { builds, nextSequence: found.length > page.limit ? builds.at(-1)?.sequence : undefined };
}

/** The builds with these numbers, newest first. */
export async function listedBuilds(db: Database, sequences: readonly number[]): Promise<ListedBuild[]> {
  if (sequences.length === 0) return [];
  const rows = await db
    .selectFrom('build_record')
    .innerJoin('repository', 'repository.repo_id', 'build_record.repo_id')
    .selectAll('build_record')
    .select(['repository.namespace_name as namespace_name', 'repository.name as repository_name'])
    .where('sequence', 'in', sequences)
    .orderBy('sequence', 'desc')
    .execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    record: buildRecordFromRow(row),
    repository: `${row.namespace_name}/${row.repository_name}`,
  }));
}

/**
 * The numbers of the builds that match a filter and come before `beforeSequence`, newest first. They are read in their order from
 * an index that has everything to filter by.
 */
export function matchingBuilds(
  db: Database,
  filter: BuildFilter,
  { beforeSequence }: Pick<ListPage, 'beforeSequence'>,
) {
  const { repoIds, statuses, triggers, branch, authorPrefix, sinceMs, untilMs } = filter;
  let query = indexedBuilds(db, filter, beforeSequence)
    .select('sequence')
    .where('build_record.instance_id', '=', filter.instanceId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('repository')
          .select('repository.repo_id')
          .whereRef('repository.repo_id', '=', 'build_record.repo_id')
          .where('repository.status', '=', 'NORMAL'),
      ),
    );
  // SQL allows no empty list, and no repository has the empty id.
  if (repoIds !== undefined && repoIds.length !== 1)
    query = query.where('build_record.repo_id', 'in', ['', ...repoIds]);
  if (statuses !== undefined) query = query.where('build_record.status', 'in', [...statuses]);
  if (triggers !== undefined) query = query.where('build_record.trigger', 'in', [...triggers]);
  if (branch !== undefined) query = query.where('build_record.branch', '=', branch);
  if (authorPrefix !== undefined) query = query.where(authorBegins(authorPrefix));
  if (sinceMs !== undefined) query = query.where('build_record.created_ms', '>=', sinceMs);
  if (untilMs !== undefined) query = query.where('build_record.created_ms', '<', untilMs);
  if (filter.withLog) query = query.where('build_record.log_expired_ms', 'is', null);
  for (const numbers of numbersFor(filter)) query = query.where(sql<SqlBool>`sequence in (${numbers})`);
  return query.orderBy('sequence', 'desc');
}

/** Where a slice of a list starts, whatever else the filter says: its oldest build. The last slice starts at 0. */
export async function readSliceStart(
  db: Database,
  filter: BuildFilter,
  { limit, beforeSequence }: ListPage,
): Promise<{ sequence: number; createdMs: number | undefined; isLast: boolean }> {
  const [start, older] = await indexedBuilds(db, filter, beforeSequence)
    .select(['sequence', 'created_ms'])
    .orderBy('sequence', 'desc')
    .limit(2)
    .offset(limit - 1)
    .execute();
  if (start === undefined || older === undefined) return { sequence: 0, createdMs: undefined, isLast: true };
  return { sequence: start.sequence, createdMs: start.created_ms, isLast: false };
}

/**
 * The builds in the part of an index where a filter has to look. SQLite does not know how few builds a filter may leave, so it is
 * told which index.
 */
function indexedBuilds(
  db: Database,
  { instanceId, repoIds, statuses }: BuildFilter,
  beforeSequence: number | undefined,
) {
  const from = (index: string) => {
    const table = sql<BuildRecordTable>`build_record`;
    const query = db.selectFrom(table.as<'build_record'>(readByIndex('build_record', index)));
    return beforeSequence === undefined ? query : query.where('sequence', '<', beforeSequence);
  };
  if (repoIds?.length === 1) return from('build_record_repo_list').where('repo_id', '=', repoIds[0] ?? '');
  // There are never many builds that have not ended.
  if (statuses?.every((status) => !isFinalStatus(status)))
    return from('build_record_status').where('status', 'in', [...statuses]);
  return from('build_record_list').where('instance_id', '=', instanceId);
}

/** The numbers of builds that indexes find: for each of the texts in a filter, one query. */
function numbersFor({ commitPrefix, idPrefix }: BuildFilter): RawBuilder<unknown>[] {
  const found: RawBuilder<unknown>[] = [];
  if (commitPrefix !== undefined) found.push(withPrefix('commit_id', commitPrefix));
  if (idPrefix !== undefined) found.push(withPrefix('build_record_id', idPrefix));
  return found;
}

/** A range, which an index finds; `g` comes after every character of an id. */
function withPrefix(column: 'commit_id' | 'build_record_id', prefix: string): RawBuilder<unknown> {
  return sql`select sequence from build_record where ${sql.ref(column)} >= ${prefix} and ${sql.ref(column)} < ${`${prefix}g`}`;
}

/** The last code point comes after every character of a name. */
function authorBegins(prefix: string): RawBuilder<SqlBool> {
  const end = `${prefix}\u{10ffff}`;
  const author = foldedCase(sql`commit_author`);
  return sql<SqlBool>`${author} >= ${foldedCase(sql`${prefix}`)} and ${author} < ${foldedCase(sql`${end}`)}`;
}
