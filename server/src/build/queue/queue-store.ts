import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { isLeaseOver, leaseEnd } from '#db/lease-time.ts';
import { statementInTurn } from '#db/transaction.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import type { BuildFailure, BuildRecord, FinalStatus } from '../build.ts';
import { begunBuilds, endedBuilds } from '../build-channel.ts';
import { buildRecordFromRow } from '../build-store.ts';
import { heldBy, type LeaseHolder } from '../lease-holder.ts';
import { removeGivenSecrets } from '../request/given-secret-store.ts';

/** A claim on a record: who makes it, when, and how long its lease lasts. */
export interface Claim {
  owner: string;
  nowMs: number;
  leaseMs: number;
}

/** How many builds may run at once, over all runners. */
export interface QueueLimits {
  perInstance: number;
  perRepository: number;
}

/**
 * Claims the next PENDING record, which then is BUILDING with a lease. Undefined if there is none, or if the limits allow none.
 * Fair between repositories: the one with the fewest running builds comes first, then the one served longest ago, then the
 * oldest record.
 */
export async function claimBuildRecord(
  db: Database,
  claim: Claim,
  limits: QueueLimits,
): Promise<BuildRecord | undefined> {
  // Both are counted once, rather than for each waiting repository.
  const next = (trx: Database) =>
    take(
      trx,
      claim,
      'PENDING',
      sql`(with running as materialized (
        select instance_id, repo_id, count(*) as builds from build_record where status = 'BUILDING'
        group by instance_id, repo_id),
      busy as materialized (select instance_id, sum(builds) as builds from running group by instance_id),
      next as materialized (
        select instance_id, repo_id, min(sequence) as sequence from build_record
        where status = 'PENDING' and cancel_requested = 0 group by instance_id, repo_id)
      select next.sequence from next
      left join busy on busy.instance_id = next.instance_id
      left join running on running.instance_id = next.instance_id and running.repo_id = next.repo_id
      where coalesce(busy.builds, 0) < ${limits.perInstance} and coalesce(running.builds, 0) < ${limits.perRepository}
      order by coalesce(running.builds, 0),
        (select coalesce(max(started_ms), 0) from build_record where repo_id = next.repo_id),
        next.sequence
      limit 1)`,
    );
  // Two that count at once would each find room for the same last build.
  const record = await statementInTurn(db, next, 'build queue');
  if (record !== undefined) begunBuilds.publish(record);
  return record;
}

/** Claims a PENDING record that should be cancelled. The limits do not apply, because it only has to be ended. */
export function claimCancelledRecord(db: Database, claim: Claim): Promise<BuildRecord | undefined> {
  return take(
    db,
    claim,
    'PENDING',
    sql`(select min(sequence) from build_record where status = 'PENDING' and cancel_requested = 1)`,
  );
}

/**
 * Claims a BUILDING record once more that its owner has and that is not in `except`: it was claimed, but the answer was lost. Undefined if
 * there is none.
 */
export async function claimUnansweredRecord(
  db: Database,
  claim: Claim,
  except: readonly string[],
): Promise<BuildRecord | undefined> {
  const rows = await db
    .selectFrom('build_record')
    .select(['sequence', 'build_record_id'])
    .where('status', '=', 'BUILDING')
    .where('lease_owner', '=', claim.owner)
    .orderBy('sequence')
    .execute();
  const found = rows.find((row) => !except.includes(row.build_record_id));
  if (found === undefined) return undefined;
  const stillHeld = sql`(select sequence from build_record where sequence = ${found.sequence} and lease_owner = ${claim.owner})`;
  const record = await take(db, claim, 'BUILDING', stillHeld);
  if (record !== undefined) begunBuilds.publish(record);
  return record;
}

/** A build that was taken over, and who had it before. */
interface TakenOver {
  record: BuildRecord;
  from: string;
}

/**
 * Takes over a BUILDING record whose lease has been over for more than `overForMs` and that is not in `except`. Its holder is gone; if it
 * was only suspended, it will find that it has lost the record. Undefined if there is none.
 */
export async function takeOverLostRecord(
  db: Database,
  claim: Claim,
  overForMs: number,
  except: readonly string[],
): Promise<TakenOver | undefined> {
  let query = db
    .selectFrom('build_record')
    .select(['sequence', 'lease_owner', 'lease_epoch'])
    .where('status', '=', 'BUILDING')
    .where(isLeaseOver('lease_until_ms', overForMs));
  if (except.length > 0) query = query.where('build_record_id', 'not in', [...except]);
  const lost = await query.orderBy('sequence').limit(1).executeTakeFirst();
  if (lost === undefined) return undefined;
  // Only as it was found: it may have been renewed or taken meanwhile.
  const asFound = sql`(select sequence from build_record where sequence = ${lost.sequence}
    and lease_epoch = ${lost.lease_epoch} and ${isLeaseOver('lease_until_ms', overForMs)})`;
  const record = await take(db, claim, 'BUILDING', asFound);
  return record && { record, from: lost.lease_owner ?? '' };
}

/** Takes over a BUILDING record from any holder. The caller knows that the holder is gone. */
export function takeOverRecord(db: Database, claim: Claim, buildRecordId: string): Promise<BuildRecord | undefined> {
  return take(db, claim, 'BUILDING', sql`(select sequence from build_record where build_record_id = ${buildRecordId})`);
}

/** The final state of a record. */
export interface RecordEnd {
  status: FinalStatus;
  endedMs: number;
  failure?: BuildFailure | undefined;
  /** A digest that the push has already recorded stays: the tag has it, however the build ends. */
  imageDigest?: string | undefined;
  lostLines?: string | undefined;
}

/**
 * Ends a record, and removes the secrets sent with it. Returns false if it has already ended otherwise, or if the holder no longer
 * has it: a status never moves backward. A repeated end has no effect.
 */
export async function endBuildRecord(db: Database, holder: LeaseHolder, end: RecordEnd): Promise<boolean> {
  const row = await eventTransaction(db, async (trx) => {
    const ended = await updateEnd(trx, holder, end);
    if (ended === undefined) return undefined;
    await removeGivenSecrets(trx, holder.buildRecordId);
    const { build_record_id: buildRecordId, repo_id: repoId, image_tag: imageTag, status } = ended;
    const reason = end.failure && { reason: end.failure.summary ?? end.failure.message };
    const event = { buildRecordId, repoId, imageTag, status, ...reason };
    await insertEvent(trx, 'build_finished', event, end.endedMs);
    return ended;
  });
  if (row === undefined) return isEnded(db, holder, end.status);
  endedBuilds.publish(buildRecordFromRow(row));
  return true;
}

/** Whether this holder has ended the record so. A taker of the record has another epoch. */
async function isEnded(db: Database, { buildRecordId, epoch }: LeaseHolder, status: FinalStatus): Promise<boolean> {
  const query = db.selectFrom('build_record').select('sequence').where('build_record_id', '=', buildRecordId);
  const row = await query.where('lease_epoch', '=', epoch).where('status', '=', status).executeTakeFirst();
  return row !== undefined;
}

function updateEnd(db: Database, holder: LeaseHolder, end: RecordEnd) {
  return db
    .updateTable('build_record')
    .set((eb) => ({
      status: end.status,
      ended_ms: end.endedMs,
      failure: end.failure ? JSON.stringify(end.failure) : null,
      image_digest: eb.fn.coalesce(eb.val(end.imageDigest ?? null), 'image_digest'),
      lost_lines: end.lostLines ?? null,
      lease_owner: null,
      lease_until_ms: null,
    }))
    .where(heldBy(holder))
    .returningAll()
    .executeTakeFirst();
}

/** The ids of the records that are BUILDING and held by owners with this prefix. */
export async function listHeldBuilds(db: Database, ownerPrefix: string): Promise<string[]> {
  const rows = await db
    .selectFrom('build_record')
    .select('build_record_id')
    .where('status', '=', 'BUILDING')
    .where(sql<boolean>`substr(lease_owner, 1, ${ownerPrefix.length}) = ${ownerPrefix}`)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => row.build_record_id);
}

async function take(
  db: Database,
  claim: Claim,
  from: 'PENDING' | 'BUILDING',
  sequence: RawBuilder<unknown>,
): Promise<BuildRecord | undefined> {
  const row = await db
    .updateTable('build_record')
    .set((eb) => ({
      status: 'BUILDING',
      started_ms: eb.fn.coalesce('started_ms', eb.val(claim.nowMs)),
      lease_owner: claim.owner,
      lease_epoch: eb('lease_epoch', '+', 1),
      lease_until_ms: leaseEnd(claim.leaseMs),
    }))
    .where(sql<boolean>`sequence = ${sequence}`)
    .where('status', '=', from)
    .returningAll()
    .executeTakeFirst();
  return row && buildRecordFromRow(row);
}
