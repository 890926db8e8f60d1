import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import type { BuildSource } from '#source/source.ts';
import type { Cancellation } from '../build.ts';

/** Who cancels, and when. */
export interface Canceller {
  principal: Pick<Principal, 'arn' | 'accessKeyId'>;
  nowMs: number;
}

/** Requests that a build be cancelled; the first request is recorded. Returns false if it has already ended. */
export async function requestCancel(db: Database, buildRecordId: string, canceller: Canceller): Promise<boolean> {
  const result = await db
    .updateTable('build_record')
    .set(requested('call', canceller))
    .where('build_record_id', '=', buildRecordId)
    .where('status', 'in', ['PENDING', 'BUILDING'])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Requests that every unfinished build of a repository, which is being deleted, be cancelled. */
export async function cancelBuildsOf(db: Database, repoId: string, canceller: Canceller): Promise<void> {
  await db
    .updateTable('build_record')
    .set(requested('repository-deleted', canceller))
    .where('repo_id', '=', repoId)
    .where('status', 'in', ['PENDING', 'BUILDING'])
    .execute();
}

/** The fields of a cancelled record; who cancelled first stays. */
function requested(cause: Cancellation['cause'], { principal: { arn, accessKeyId }, nowMs }: Canceller) {
  const cancellation: Cancellation = { cause, timeMs: nowMs, who: { arn, accessKeyId } };
  return {
    cancel_requested: 1,
    cancellation: sql<string>`coalesce(cancellation, ${JSON.stringify(cancellation)})`,
  };
}

/** Cancels older unfinished builds of the same rule and tag, which a newer build makes useless. */
export async function cancelSuperseded(
  db: Database,
  newer: { buildRecordId: string; buildRuleId: string; imageTag: string },
  nowMs: number,
): Promise<void> {
  const cancellation: Cancellation = { cause: 'superseded', timeMs: nowMs };
  await db
    .updateTable('build_record')
    .set({
      cancel_requested: 1,
      superseded_by: newer.buildRecordId,
      cancellation: JSON.stringify(cancellation),
    })
    .where('build_rule_id', '=', newer.buildRuleId)
    .where('image_tag', '=', newer.imageTag)
    .where('build_record_id', '!=', newer.buildRecordId)
    .where('status', 'in', ['PENDING', 'BUILDING'])
    .where('cancel_requested', '=', 0)
    .execute();
}

/**
 * Whether the newest build of a rule and tag is for this commit and has not ended. An older one does not count, because a build
 * of another commit would follow it.
 */
export async function isCommitQueued(
  db: Database,
  key: { buildRuleId: string; imageTag: string; commitId: string },
): Promise<boolean> {
  const row = await newestOfRule(db, key).executeTakeFirst();
  if (row?.status !== 'PENDING' && row?.status !== 'BUILDING') return false;
  const source = JSON.parse(row.source) as BuildSource;
  return source.kind !== 'archive' && source.commitId === key.commitId;
}

/** The newest build of a rule and tag that nobody cancelled. */
export function newestOfRule(db: Database, { buildRuleId, imageTag }: { buildRuleId: string; imageTag: string }) {
  return db
    .selectFrom('build_record')
    .select(['source', 'status'])
    .where('build_rule_id', '=', buildRuleId)
    .where('image_tag', '=', imageTag)
    .where('cancel_requested', '=', 0)
    .orderBy('sequence', 'desc')
    .limit(1);
}
