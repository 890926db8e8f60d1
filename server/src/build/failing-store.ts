import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { readByIndex } from '#db/engine.ts';
import { type BuildFilter, type ListedBuild, type ListPage, listedBuilds } from './build-list-store.ts';

/**
 * The latest build of each repository that has ended by itself, if it failed; newest first, starting before `beforeSequence`.
 * `nextSequence` continues the list; it is undefined at the end.
 */
export async function listFailing(
  db: Database,
  filter: Pick<BuildFilter, 'instanceId' | 'repoIds'>,
  page: ListPage,
): Promise<{ builds: ListedBuild[]; nextSequence: number | undefined }> {
  const found = (await failingBuilds(db, filter, page).execute()).map(({ sequence }) => sequence);
  const builds = await listedBuilds(db, found.slice(0, page.limit));
  return { builds, nextSequence: found.length > page.limit ? builds.at(-1)?.sequence : undefined };
}

/** The numbers of the builds of a page, and of one more if there is one. Of each repository, one entry of an index is read. */
export function failingBuilds(
  db: Database,
  { instanceId, repoIds }: Pick<BuildFilter, 'instanceId' | 'repoIds'>,
  { limit, beforeSequence }: ListPage,
) {
  const latest = db
    .selectFrom('repository')
    .select(
      sql<number>`(select sequence from ${readByIndex('build_record', 'build_record_repo_list')}
        where build_record.repo_id = repository.repo_id and build_record.status in ('SUCCESS', 'FAILED')
        order by sequence desc limit 1)`.as('latest_sequence'),
    )
    .where('repository.instance_id', '=', instanceId)
    .where('repository.status', '=', 'NORMAL')
    // SQL allows no empty list, and no repository has the empty id.
    .$if(repoIds !== undefined, (query) => query.where('repository.repo_id', 'in', ['', ...(repoIds ?? [])]));
  return db
    .selectFrom(latest.as('latest'))
    .innerJoin('build_record', 'build_record.sequence', 'latest.latest_sequence')
    .select('build_record.sequence')
    .where('build_record.status', '=', 'FAILED')
    .$if(beforeSequence !== undefined, (query) => query.where('build_record.sequence', '<', beforeSequence ?? 0))
    .orderBy('build_record.sequence', 'desc')
    .limit(limit + 1);
}
