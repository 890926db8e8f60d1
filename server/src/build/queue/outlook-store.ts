import type { Database } from '#db/database.ts';
import type { BuildRecord } from '../build.ts';

const JUDGED_BUILDS = 5;

/**
 * An upper bound on a waiting build's position in the queue, from 1. Repositories take turns, so each other repository counts
 * at most as many builds as this one's repository has ahead of it. Builds that arrive later can still change it.
 */
export async function queuePosition(db: Database, record: BuildRecord): Promise<number> {
  const waiting = await db
    .selectFrom('build_record')
    .select(['repo_id', 'sequence', 'build_record_id'])
    .where('instance_id', '=', record.instanceId)
    .where('status', '=', 'PENDING')
    .where('cancel_requested', '=', 0)
    .orderBy('sequence')
    .execute();
  const own = waiting.filter((row) => row.repo_id === record.repoId);
  const turn = own.findIndex((row) => row.build_record_id === record.buildRecordId);
  if (turn < 0) return 1;
  const before = new Map<string, number>();
  for (const { repo_id: repoId } of waiting) {
    if (repoId !== record.repoId) before.set(repoId, Math.min((before.get(repoId) ?? 0) + 1, turn + 1));
  }
  return 1 + turn + [...before.values()].reduce((sum, count) => sum + count, 0);
}

/** How many builds run: of all, of the record's instance, and of its repository. */
export async function countRunning(
  db: Database,
  { instanceId, repoId }: Pick<BuildRecord, 'instanceId' | 'repoId'>,
): Promise<{ server: number; instance: number; repository: number }> {
  const rows = await db
    .selectFrom('build_record')
    .select(['instance_id', 'repo_id'])
    .where('status', '=', 'BUILDING')
    .execute();
  return {
    server: rows.length,
    instance: rows.filter((row) => row.instance_id === instanceId).length,
    repository: rows.filter((row) => row.repo_id === repoId).length,
  };
}

/** The median duration in ms of the last successful builds of the same repository and tag; undefined without any. */
export async function expectedDurationMs(db: Database, record: BuildRecord): Promise<number | undefined> {
  const rows = await lastGoodTimes(db, record).execute();
  const durations = rows.map((row) => (row.ended_ms ?? 0) - (row.started_ms ?? 0)).toSorted((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)];
}

/** The query of `expectedDurationMs`. */
export function lastGoodTimes(db: Database, record: Pick<BuildRecord, 'repoId' | 'imageTag'>) {
  return db
    .selectFrom('build_record')
    .select(['started_ms', 'ended_ms'])
    .where('repo_id', '=', record.repoId)
    .where('image_tag', '=', record.imageTag)
    .where('status', '=', 'SUCCESS')
    .orderBy('sequence', 'desc')
    .limit(JUDGED_BUILDS);
}
