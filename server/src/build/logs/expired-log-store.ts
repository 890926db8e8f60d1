import { sql } from 'kysely';
import type { Database } from '#db/database.ts';

/** What is left of a log that is kept no longer: its seal, and the failure card of its build. */
export interface ExpiredLog {
  seal: object;
  card: object;
}

/** Which logs of ended builds are kept; undefined is no limit. */
export interface LogLimits {
  /** Those of builds that ended so long ago or less. */
  keepMs?: number | undefined;
  /** So many of each repository, those of the newest builds. */
  perRepository?: number | undefined;
  /** As many as have archives of together no more bytes, those of the newest builds. */
  totalBytes?: number | undefined;
}

/** A record, and its place among all. */
export interface ListedLog {
  buildRecordId: string;
  sequence: number;
}

const PAGE = 100;

/** A page of the records that have ended and whose log has not been measured, the oldest first. */
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

/** Notes how many bytes the archive of a record's log has; 0 is that there is none. */
export async function updateLogBytes(db: Database, buildRecordId: string, logBytes: number): Promise<void> {
  await db
    .updateTable('build_record')
    .set({ log_bytes: logBytes })
    .where('build_record_id', '=', buildRecordId)
    .execute();
}

/** A page of the records whose log is past a limit, the oldest first. */
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

/** Says that a record's log is kept no longer, and keeps what is left of it. From then on nobody is shown the log. */
export async function markLogExpired(
  db: Database,
  buildRecordId: string,
  expiredMs: number,
  left: ExpiredLog,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
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

/** Records whose log has expired and may still have its files. */
export async function listLogsToRemove(db: Database): Promise<ListedLog[]> {
  return db
    .selectFrom('build_record')
    .select(['build_record_id as buildRecordId', 'sequence'])
    .where('log_expired_ms', 'is not', null)
    .where('log_bytes', '>', 0)
    .orderBy('sequence')
    .execute();
}

/** What is left of a record's log, if it has expired. */
export async function findExpiredLog(db: Database, buildRecordId: string): Promise<ExpiredLog | undefined> {
  const row = await db
    .selectFrom('expired_log')
    .select(['seal', 'card'])
    .where('build_record_id', '=', buildRecordId)
    .executeTakeFirst();
  return row && { seal: JSON.parse(row.seal) as object, card: JSON.parse(row.card) as object };
}
