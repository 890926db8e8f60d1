import { type SqlBool, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RecordedCall } from './recorded-call.ts';

/** Which calls a list holds; what is undefined does not narrow it. */
export interface CallFilter {
  /** An ARN, or with `*` at its end what one begins with. */
  readonly caller?: string | undefined;
  readonly accessKeyId?: string | undefined;
  /** A RAM action whatever its case, or with `*` at its end what one begins with. */
  readonly action?: string | undefined;
  /** `allowed`, `denied`, `failed` (allowed, and refused for another reason), or a code. */
  readonly result?: string | undefined;
  /** At this time or later. */
  readonly sinceMs?: number | undefined;
  /** Before this time. */
  readonly untilMs?: number | undefined;
}

/** Where a list goes on: a call's time and its number. */
export interface CallCursor {
  readonly timeMs: number;
  readonly sequence: number;
}

/** A row of the record: one call, or allowed reads of one minute. */
export interface ListedCall extends Omit<RecordedCall, 'reads'> {
  readonly count: number;
}

/** A page of the record. */
export interface CallPage {
  readonly calls: ListedCall[];
  /** Undefined at the end. A page may be short, or empty, before it. */
  readonly next: CallCursor | undefined;
}

/**
 * The calls of a filter, the newest first. At most `scanLimit` rows of the record are looked at, so that a filter that meets
 * almost nothing in a long record does not hold up the server: the list then goes on behind the last one looked at.
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

/** The newest row with this RequestId. */
export async function findCall(db: Database, requestId: string): Promise<ListedCall | undefined> {
  const row = await db
    .selectFrom('call_record')
    .selectAll()
    .where('request_id', '=', requestId)
    // A login to the registry may ask for much at once: who looks for it was refused something.
    .orderBy('denied', 'desc')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Both ends of the range are compared so that the index on the time bounds what is looked at. */
function compared(operator: '<' | '>=', { timeMs, sequence }: CallCursor) {
  return sql<SqlBool>`(time_ms, sequence) ${sql.raw(operator)} (${timeMs}, ${sequence})`;
}

/** Only a star at the end is one: a pattern with many would cost more than a row is worth. */
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

function fromRow(row: {
  time_ms: number;
  request_id: string;
  caller_arn: string;
  access_key_id: string;
  action: string;
  resource: string;
  source_ip: string | null;
  denied: number;
  code: string;
  calls: number;
}): ListedCall {
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
