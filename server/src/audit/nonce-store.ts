import { CompiledQuery, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { databaseClockMs } from '#db/engine.ts';
import { prepared } from '#db/prepared-names.ts';

/** A nonce that a call used. */
export interface TakenNonce {
  readonly key: string;
  readonly timeStampMs: number;
}

/** The answer to nonces that were to be added. */
export interface AddedNonces {
  /** Those with an earlier time stamp were not added. */
  readonly notBeforeMs: number;
  /** Those of the others that were not added. */
  readonly refused: readonly string[];
  /** Those of them that were in the table already, or that another server added now. */
  readonly known: readonly string[];
}

const REMOVED_AT_ONCE = 10_000;
/** Later than any nonce ends. */
const NEVER_MS = Number.MAX_SAFE_INTEGER;

/**
 * The key of the row that says since when the table has all nonces. It names the table and the start of the database's server: a crash
 * empties the table, and in a copy that is restored later, nonces are missing. Neither has the row of this name.
 */
const MARK = `'since ' || 'nonce'::regclass::oid || ' ' || extract(epoch from pg_postmaster_start_time())`;
const mark = sql.raw<string>(MARK);

/** In the order of their keys, so that two servers do not wait for each other. */
const ADD = prepared(`
  with mark as (select not_before_ms from nonce where nonce_key = ${MARK}),
    given as (
      select nonce_key, max(stamp_ms) as stamp_ms from unnest($1::text[], $2::bigint[]) as t (nonce_key, stamp_ms)
      where stamp_ms >= (select not_before_ms from mark) group by nonce_key
    ),
    known as (select nonce_key from nonce where nonce_key = any ($1::text[])),
    fresh as (
      select nonce_key, stamp_ms from given where nonce_key not in (select nonce_key from known)
      order by nonce_key limit $4
    ),
    added as (
      insert into nonce (nonce_key, end_ms) select nonce_key, stamp_ms + $3::bigint from fresh order by nonce_key
      on conflict do nothing returning nonce_key
    )
  select mark.not_before_ms as "notBeforeMs",
    array(select nonce_key from given except select nonce_key from added) as refused,
    array(select nonce_key from known union select nonce_key from fresh except select nonce_key from added) as known
  from mark`);

/**
 * Adds the nonces that are not in the table, at most `room` of them. Each ends `keepMs` after its time stamp. Of several servers that
 * add the same one at once, one does. Undefined, and nothing is added, if the table has no mark.
 */
export async function addNonces(
  db: Database,
  taken: readonly TakenNonce[],
  { room, keepMs }: { room: number; keepMs: number },
): Promise<AddedNonces | undefined> {
  const keys = taken.map(({ key }) => key);
  const stamps = taken.map(({ timeStampMs }) => timeStampMs);
  const { rows } = await db.executeQuery<AddedNonces>(CompiledQuery.raw(ADD, [keys, stamps, keepMs, room]));
  return rows[0];
}

/** Says that the table has all nonces from now on, unless another server has said so. */
export async function makeNonceMark(db: Database, nowMs: number): Promise<void> {
  await sql`insert into nonce (nonce_key, end_ms, not_before_ms) values (${mark}, ${NEVER_MS}, ${nowMs})
    on conflict do nothing`.execute(db);
  await sql`delete from nonce where not_before_ms is not null and end_ms = ${NEVER_MS} and nonce_key <> ${mark}`.execute(
    db,
  );
}

/**
 * Removes the nonces whose time is over, some at a time, so that no statement takes long. A clock that is ahead, this server's or the
 * database's, removes none too early.
 */
export async function removeOldNonces(db: Database, nowMs: number): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from nonce where nonce_key in (
        select nonce_key from nonce where end_ms < least(${nowMs}::bigint, ${databaseClockMs()})
        limit ${REMOVED_AT_ONCE} for update skip locked
      )`.execute(db);
    if (numAffectedRows < REMOVED_AT_ONCE) return;
  }
}
