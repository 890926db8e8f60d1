import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';

/** What remains of an expired log: its seal, and the failure card of its build. */
export interface ExpiredLog {
  seal: object;
  card: object;
}

/** Which logs of ended builds to keep. Undefined means no limit. */
export interface LogLimits {
  /** Keep logs for this long after the build ended. */
  keepMs?: number | undefined;
  /** Keep this many logs per repository: those of the newest builds. */
  perRepository?: number | undefined;
  /** Keep the newest logs whose archives together have at most this many bytes. */
  totalBytes?: number | undefined;
}

/** A record, and its sequence number. */
export interface ListedLog {
  buildRecordId: string;
  sequence: number;
}

const PAGE = 100;

/** A page of ended records whose log has not been measured yet, oldest first. */
export async function listUnmeasuredLogs(db: Database, afterSequence: number): Promise<ListedLog[]> {
  return db
    .selectFrom('build_record')
    .select(['build_record_id as buildRecordId', 'sequence'])
    .where('sequence', '>', afterSequence)
    .where('log_expired_ms', 'is', null)
    .where('log_bytes', 'is', null)
    .where('ended_ms', 'is not', null)
    .orderBy('sequence')
    .limit(PAGE)
    .execute();
}

/** Records the size in bytes of a log's archive; 0 if there is none. */
export async function updateLogBytes(db: Database, buildRecordId: string, logBytes: number): Promise<void> {
  await db
    .updateTable('build_record')
    .set({ log_bytes: logBytes })
    .where('build_record_id', '=', buildRecordId)
    .execute();
}

/** A page of records whose log exceeds a limit, oldest first. */
export async function listLogsPastLimits(
  db: Database,
  limits: LogLimits,
  nowMs: number,
  afterSequence: number,
): Promise<ListedLog[]> {
  const { keepMs, perRepository, totalBytes } = limits;
  return db
    .selectFrom((eb) =>
      eb
        .selectFrom('build_record')
        .select(['build_record_id', 'sequence', 'ended_ms'])
        .select(sql<number>`row_number() over (partition by repo_id order by sequence desc)`.as('place'))
        .select(sql<number>`sum(log_bytes) over (order by sequence desc)`.as('bytes'))
        .where('log_expired_ms', 'is', null)
        .where('log_bytes', '>', 0)
        .as('kept'),
    )
    .select(['build_record_id as buildRecordId', 'sequence'])
    .where('sequence', '>', afterSequence)
    .where((eb) =>
      eb.or([
        ...(keepMs === undefined ? [] : [eb('ended_ms', '<', nowMs - keepMs)]),
        ...(perRepository === undefined ? [] : [eb('place', '>', perRepository)]),
        ...(totalBytes === undefined ? [] : [eb('bytes', '>', totalBytes)]),
      ]),
    )
    .orderBy('sequence')
    .limit(PAGE)
    .execute();
}

/** Marks a record's log as expired, and stores what remains of it. From then on, the log is not shown. */
export async function markLogExpired(
  db: Database,
  buildRecordId: string,
  expiredMs: number,
  left: ExpiredLog,
): Promise<void> {
  await transaction(db, async (trx) => {
    await trx
      .insertInto('expired_log')
      .values({ build_record_id: buildRecordId, seal: JSON.stringify(left.seal), card: JSON.stringify(left.card) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await trx
      .updateTable('build_record')
      .set({ log_expired_ms: expiredMs })
      .where('build_record_id', '=', buildRecordId)
      .where('log_expired_ms', 'is', null)
      .execute();
  });
}

/** Records whose log has expired but may still have files. */
export async function listLogsToRemove(db: Database): Promise<ListedLog[]> {
  return db
    .selectFrom('build_record')
    .select(['build_record_id as buildRecordId', 'sequence'])
    .where('log_expired_ms', 'is not', null)
    .where('log_bytes', '>', 0)
    .orderBy('sequence')
    .execute();
}

/** What remains of a record's log, if it has expired. */
export async function findExpiredLog(db: Database, buildRecordId: string): Promise<ExpiredLog | undefined> {
  const row = await db
    .selectFrom('expired_log')
    .select(['seal', 'card'])
    .where('build_record_id', '=', buildRecordId)
    .executeTakeFirst();
  return row && { seal: JSON.parse(row.seal) as object, card: JSON.parse(row.card) as object };
}
