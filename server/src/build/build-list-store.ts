import type { Database } from '#db/database.ts';
import type { BuildRecord, BuildStatus } from './build.ts';
import { buildRecordFromRow } from './build-store.ts';

/** Which builds to list. An undefined filter matches all. */
export interface BuildFilter {
  instanceId: string;
  repoIds: readonly string[] | undefined;
  statuses?: readonly BuildStatus[] | undefined;
  /** When the build was requested; inclusive. */
  sinceMs?: number | undefined;
  /** When the build was requested; exclusive. */
  untilMs?: number | undefined;
  /** A prefix of the commit id, in lower case. */
  commitPrefix?: string | undefined;
  /** A prefix of the build's id, in lower case. */
  idPrefix?: string | undefined;
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
  page: { limit: number; beforeSequence?: number | undefined },
): Promise<{ builds: ListedBuild[]; nextSequence: number | undefined }> {
  let query = db
    .selectFrom('build_record')
    .innerJoin('repository', 'repository.repo_id', 'build_record.repo_id')
    .selectAll('build_record')
    .select(['repository.namespace_name as namespace_name', 'repository.name as repository_name'])
    .where('build_record.instance_id', '=', filter.instanceId)
    .where('repository.status', '=', 'NORMAL');
  // SQL allows no empty list, and no repository has the empty id.
  if (filter.repoIds !== undefined) query = query.where('build_record.repo_id', 'in', ['', ...filter.repoIds]);
  if (filter.statuses !== undefined) query = query.where('build_record.status', 'in', [...filter.statuses]);
  if (filter.sinceMs !== undefined) query = query.where('build_record.created_ms', '>=', filter.sinceMs);
  if (filter.untilMs !== undefined) query = query.where('build_record.created_ms', '<', filter.untilMs);
  if (filter.commitPrefix !== undefined) query = query.where('commit_id', 'like', `${filter.commitPrefix}%`);
  // A range, which the index finds; `g` comes after every character of an id.
  if (filter.idPrefix !== undefined)
    query = query.where('build_record_id', '>=', filter.idPrefix).where('build_record_id', '<', `${filter.idPrefix}g`);
  if (page.beforeSequence !== undefined) query = query.where('sequence', '<', page.beforeSequence);
  const rows = await query
    .orderBy('sequence', 'desc')
    .limit(page.limit + 1)
    .execute();
  const builds = rows.slice(0, page.limit).map((row) => ({
    sequence: row.sequence,
    record: buildRecordFromRow(row),
    repository: `${row.namespace_name}/${row.repository_name}`,
  }));
  return { builds, nextSequence: rows.length > page.limit ? builds.at(-1)?.sequence : undefined };
}
