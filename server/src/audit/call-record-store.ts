import { type Insertable, type Selectable, type SqlBool, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { CallRecordTable } from '#db/schema/account-schema.ts';
import { transaction } from '#db/transaction.ts';
import type { RecordedCall } from './recorded-call.ts';

const ROWS_A_STATEMENT = 100;
/** The maximum number of rows that one statement removes, so that others can write in between. */
const ROWS_A_REMOVAL = 5_000;

/** Which calls to list. An undefined filter matches all. */
export interface CallFilter {
  /** An ARN, or a prefix of one followed by `*`. */
  readonly caller?: string | undefined;
  readonly accessKeyId?: string | undefined;
  /** A RAM action, or a prefix of one followed by `*`. Case is ignored. */
  readonly action?: string | undefined;
  /** `allowed`, `denied`, `failed` (allowed, but refused for another reason), or an error code. */
  readonly result?: string | undefined;
  /** Inclusive. */
  readonly sinceMs?: number | undefined;
  /** Exclusive. */
  readonly untilMs?: number | undefined;
}

/** Where a list continues: a call's time and its number. */
export interface CallCursor {
  readonly timeMs: number;
  readonly sequence: number;
}

/** A row of the record: one call, or the number of allowed reads in one minute. */
export interface ListedCall extends Omit<RecordedCall, 'reads'> {
  readonly count: number;
}

/** A page of the record. */
export interface CallPage {
  readonly calls: ListedCall[];
  /** Undefined on the last page. Earlier pages can be short or empty. */
  readonly next: CallCursor | undefined;
}

/**
 * The calls that match a filter, newest first. Looks at no more than `scanLimit` rows, so that a filter that matches almost
 * nothing in a long record does not block the server. The next page then continues after the last row looked at.
 */
export async function listCalls(
  db: Database,
  filter: CallFilter,
  page: { limit: number; before?: CallCursor | undefined; scanLimit: number },
): Promise<CallPage> {
  const range = db
    .selectFrom('call_record')
    .$if(filter.sinceMs !== undefined, (query) => query.where('time_ms', '>=', filter.sinceMs ?? 0))
    .$if(filter.untilMs !== undefined, (query) => query.where('time_ms', '<', filter.untilMs ?? 0))
    .$if(page.before !== undefined, (query) => query.where(compared('<', page.before as CallCursor)))
    .orderBy('time_ms', 'desc')
    .orderBy('sequence', 'desc');
  const last = await range
    .select(['time_ms', 'sequence'])
    .offset(page.scanLimit - 1)
    .limit(1)
    .executeTakeFirst();
  const end = last && { timeMs: last.time_ms, sequence: last.sequence };
  const rows = await range
    .selectAll()
    .$if(end !== undefined, (query) => query.where(compared('>=', end as CallCursor)))
    .$if(filter.caller !== undefined, (query) => query.where(matches('caller_arn', filter.caller ?? '')))
    .$if(filter.accessKeyId !== undefined, (query) => query.where('access_key_id', '=', filter.accessKeyId ?? ''))
    .$if(filter.action !== undefined, (query) => query.where(matches('action', filter.action ?? '')))
    .$if(filter.result !== undefined, (query) => query.where(hasResult(filter.result ?? '')))
    .limit(page.limit + 1)
    .execute();
  const calls = rows.slice(0, page.limit);
  const lastShown = rows.length > page.limit ? calls.at(-1) : undefined;
  return {
    calls: calls.map(fromRow),
    next: lastShown ? { timeMs: lastShown.time_ms, sequence: lastShown.sequence } : end,
  };
}

/** The newest row with this RequestId; denied calls come first. */
export async function findCall(db: Database, requestId: string): Promise<ListedCall | undefined> {
  const row = await db
    .selectFrom('call_record')
    .selectAll()
    .where('request_id', '=', requestId)
    // A registry login can request several actions at once. Anyone who looks one up was refused something.
    .orderBy('denied', 'desc')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Removes rows older than a time, then the oldest of the rest until at most `keepRows` are left. */
export async function removeOldCalls(db: Database, beforeMs: number, keepRows: number): Promise<void> {
  const { newest } = await db
    .selectFrom('call_record')
    .select(({ fn }) => fn.max('sequence').as('newest'))
    .executeTakeFirstOrThrow();
  const old = db
    .selectFrom('call_record')
    .select('sequence')
    .where(({ eb, or }) => or([eb('time_ms', '<', beforeMs), eb('sequence', '<=', (newest ?? 0) - keepRows)]))
    .limit(ROWS_A_REMOVAL);
  for (let removed = ROWS_A_REMOVAL; removed === ROWS_A_REMOVAL; ) {
    const result = await db.deleteFrom('call_record').where('sequence', 'in', old).executeTakeFirst();
    removed = Number(result.numDeletedRows);
  }
}

/** Writes a whole batch or nothing, so that a retried batch is not written twice. */
export async function insertCalls(db: Database, batch: readonly (RecordedCall & { calls: number })[]): Promise<void> {
  await transaction(db, async (trx) => {
    for (let at = 0; at < batch.length; at += ROWS_A_STATEMENT) {
      const rows = batch.slice(at, at + ROWS_A_STATEMENT).map(toRow);
      await trx.insertInto('call_record').values(rows).execute();
    }
  });
}

/** Both ends of the range are compared, so that the index on the time bounds the rows read. */
function compared(operator: '<' | '>=', { timeMs, sequence }: CallCursor) {
  return sql<SqlBool>`(time_ms, sequence) ${sql.raw(operator)} (${timeMs}, ${sequence})`;
}

/** Only a trailing star is a wildcard. Patterns with several stars would cost too much per row. */
function matches(column: 'caller_arn' | 'action', pattern: string) {
  const text = sql`lower(${sql.ref(column)})`;
  if (!pattern.endsWith('*')) return sql<SqlBool>`${text} = ${pattern.toLowerCase()}`;
  const prefix = pattern.slice(0, -1).toLowerCase();
  return sql<SqlBool>`substr(${text}, 1, ${prefix.length}) = ${prefix}`;
}

function hasResult(result: string) {
  if (result === 'denied') return sql<SqlBool>`denied = 1`;
  if (result === 'allowed') return sql<SqlBool>`denied = 0`;
  if (result === 'failed') return sql<SqlBool>`denied = 0 and code not in ('success', 'allowed')`;
  return sql<SqlBool>`code = ${result}`;
}

function toRow(call: RecordedCall & { calls: number }): Insertable<CallRecordTable> {
  return {
    time_ms: call.timeMs,
    request_id: call.requestId,
    caller_arn: call.callerArn,
    access_key_id: call.accessKeyId,
    action: call.action,
    resource: call.resource,
    source_ip: call.sourceIp ?? null,
    denied: call.denied ? 1 : 0,
    code: call.code,
    calls: call.calls,
  };
}

function fromRow(row: Selectable<CallRecordTable>): ListedCall {
  return {
    timeMs: row.time_ms,
    requestId: row.request_id,
    callerArn: row.caller_arn,
    accessKeyId: row.access_key_id,
    action: row.action,
    resource: row.resource,
    sourceIp: row.source_ip ?? undefined,
    denied: row.denied === 1,
    code: row.code,
    count: row.calls,
  };
}
