import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { type BuildFailure, type BuildRecord, type FinalStatus, statusesBefore } from '../build.ts';
import { endedBuilds } from '../build-channel.ts';
import { buildRecordFromRow } from '../build-store.ts';
import { removeGivenSecrets } from '../request/given-secret-store.ts';

/** Who wants a record, from when to when. */
export interface Claim {
  owner: string;
  nowMs: number;
  untilMs: number;
}

/** Who holds a record. Each claim raises the epoch, so that whoever held it before can change nothing any more. */
export interface Holder {
  buildRecordId: string;
  owner: string;
  epoch: number;
}

/** How many builds may run at once, whoever runs them. */
export interface QueueLimits {
  perInstance: number;
  perRepository: number;
}

/**
 * Claims the next PENDING record: it is BUILDING then, with a lease. Undefined if there is none, or the limits leave
 * none. Fair between repositories: the one with the fewest running builds comes first, then the one that was served
 * longest ago, then the oldest record.
 */
export function claimBuildRecord(db: Database, claim: Claim, limits: QueueLimits): Promise<BuildRecord | undefined> {
  const runningHere = sql`(select count(*) from build_record where status = 'BUILDING' and repo_id = next.repo_id)`;
  return take(
    db,
    claim,
    'PENDING',
    sql`(select next.sequence from build_record as next
      where next.sequence in (
        select min(sequence) from build_record where status = 'PENDING' and cancel_requested = 0 group by repo_id)
      and (select count(*) from build_record where status = 'BUILDING' and instance_id = next.instance_id)
        < ${limits.perInstance}
      and ${runningHere} < ${limits.perRepository}
      order by ${runningHere},
        (select coalesce(max(started_ms), 0) from build_record where repo_id = next.repo_id),
        next.sequence
      limit 1)`,
  );
}

/** Claims a PENDING record that somebody asked to cancel, whatever the limits: it only has to be ended. */
export function claimCancelledRecord(db: Database, claim: Claim): Promise<BuildRecord | undefined> {
  return take(
    db,
    claim,
    'PENDING',
    sql`(select min(sequence) from build_record where status = 'PENDING' and cancel_requested = 1)`,
  );
}

/**
 * Takes over a BUILDING record whose lease ended before `lostBeforeMs`, and that is none of `but`: its holder is gone, or
 * was asleep and learns that the record is not its own any more. Undefined if there is none.
 */
export function takeOverLostRecord(
  db: Database,
  claim: Claim,
  lostBeforeMs: number,
  but: readonly string[],
): Promise<BuildRecord | undefined> {
  const others = but.length === 0 ? sql`` : sql`and build_record_id not in (${sql.join([...but])})`;
  return take(
    db,
    claim,
    'BUILDING',
    sql`(select min(sequence) from build_record where status = 'BUILDING' and lease_until_ms < ${lostBeforeMs} ${others})`,
  );
}

/** Takes over a BUILDING record, whoever holds it: the caller knows that the holder is gone. */
export function takeOverRecord(db: Database, claim: Claim, buildRecordId: string): Promise<BuildRecord | undefined> {
  return take(db, claim, 'BUILDING', sql`(select sequence from build_record where build_record_id = ${buildRecordId})`);
}

/** Renews a lease. False if the record is not the holder's any more. */
export async function renewLease(db: Database, holder: Holder, untilMs: number): Promise<boolean> {
  const result = await db
    .updateTable('build_record')
    .set({ lease_until_ms: untilMs })
    .where('build_record_id', '=', holder.buildRecordId)
    .where('lease_owner', '=', holder.owner)
    .where('lease_epoch', '=', holder.epoch)
    .where('status', '=', 'BUILDING')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** What a record becomes when it ends. */
interface RecordEnd {
  status: FinalStatus;
  endedMs: number;
  failure?: BuildFailure | undefined;
  imageDigest?: string | undefined;
}

/** Ends a record, and forgets the secrets that came with it. False if it is final already, or not the holder's any more: a status never moves backward. */
export async function endBuildRecord(db: Database, holder: Holder, end: RecordEnd): Promise<boolean> {
  const row = await db.transaction().execute(async (transaction) => {
    const ended = await updateEnd(transaction, holder, end);
    if (ended) await removeGivenSecrets(transaction, holder.buildRecordId);
    return ended;
  });
  if (row === undefined) return false;
  endedBuilds.publish(buildRecordFromRow(row));
  return true;
}

function updateEnd(db: Database, holder: Holder, end: RecordEnd) {
  return db
    .updateTable('build_record')
    .set({
      status: end.status,
      ended_ms: end.endedMs,
      failure: end.failure ? JSON.stringify(end.failure) : null,
      image_digest: end.imageDigest ?? null,
      lease_owner: null,
      lease_until_ms: null,
    })
    .where('build_record_id', '=', holder.buildRecordId)
    .where('lease_owner', '=', holder.owner)
    .where('lease_epoch', '=', holder.epoch)
    .where('status', 'in', [...statusesBefore(end.status)])
    .returningAll()
    .executeTakeFirst();
}

/** The records that are BUILDING: at start, those of an earlier life of this data folder. */
export async function listRunningBuildRecords(db: Database): Promise<BuildRecord[]> {
  const rows = await db.selectFrom('build_record').selectAll().where('status', '=', 'BUILDING').execute();
  return rows.map(buildRecordFromRow);
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
      lease_until_ms: claim.untilMs,
    }))
    .where(sql<boolean>`sequence = ${sequence}`)
    .where('status', '=', from)
    .returningAll()
    .executeTakeFirst();
  return row && buildRecordFromRow(row);
}
