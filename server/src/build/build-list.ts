import type { Database } from '#db/database.ts';
import type { BuildRecord, BuildStatus } from './build.ts';
import { buildRecordFromRow } from './build-store.ts';

/** Which builds a list holds; what is undefined does not narrow it. */
export interface BuildFilter {
  instanceId: string;
  repoIds: readonly string[] | undefined;
  statuses?: readonly BuildStatus[] | undefined;
  /** Requested at this time or later. */
  sinceMs?: number | undefined;
  /** Requested before this time. */
  untilMs?: number | undefined;
  /** The beginning of the commit id, in lower case. */
  commitPrefix?: string | undefined;
}

/** A build and the name of its repository, `namespace/name`. */
export interface ListedBuild {
  sequence: number;
  record: BuildRecord;
  repository: string;
}

/**
 * The builds of a filter, the newest first, from the one before `beforeSequence` on. `nextSequence` continues the list
 * however many builds were added meanwhile; undefined at its end.
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
  // No repository has the empty id; an empty list is no SQL.
  if (filter.repoIds !== undefined) query = query.where('build_record.repo_id', 'in', ['', ...filter.repoIds]);
  if (filter.statuses !== undefined) query = query.where('build_record.status', 'in', [...filter.statuses]);
  if (filter.sinceMs !== undefined) query = query.where('build_record.created_ms', '>=', filter.sinceMs);
  if (filter.untilMs !== undefined) query = query.where('build_record.created_ms', '<', filter.untilMs);
  if (filter.commitPrefix !== undefined) query = query.where('commit_id', 'like', `${filter.commitPrefix}%`);
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
