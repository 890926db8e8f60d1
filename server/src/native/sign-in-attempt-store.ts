import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { databaseClockMs, perEngine } from '#db/engine.ts';

const WINDOW_MS = 5 * 60 * 1000;
/** More than a wrong password adds, so that the table has only those of the last minutes. */
const REMOVED_AT_ONCE = 10;

/** Wrong passwords of one source within the last minutes, and how long they count. */
interface FailedSignIns {
  readonly failures: number;
  readonly waitMs: number;
}

/** Of each of these sources, the wrong passwords; none if there were none. */
export async function readFailedSignIns(
  db: Database,
  sources: readonly string[],
): Promise<(FailedSignIns | undefined)[]> {
  const keys = sources.map(keyOf);
  const rows = await db
    .selectFrom('sign_in_attempt')
    .select(['source', 'failures'])
    .select((eb) => eb('until_ms', '-', databaseClockMs()).as('waitMs'))
    .where('source', 'in', keys)
    .where('until_ms', '>', databaseClockMs())
    .execute();
  return keys.map((key) => rows.find(({ source }) => source === key));
}

/** Counts a wrong password for each of these sources. */
export async function addFailedSignIn(db: Database, sources: readonly string[]): Promise<void> {
  const old = db
    .selectFrom('sign_in_attempt')
    .select('source')
    .where('until_ms', '<=', databaseClockMs())
    .limit(REMOVED_AT_ONCE)
    // A removal waits for no other server.
    .modifyEnd(perEngine({ sqlite: sql``, postgres: sql`for update skip locked` }));
  await db
    .deleteFrom('sign_in_attempt')
    .where('source', 'in', old)
    .where('until_ms', '<=', databaseClockMs())
    .execute();
  const untilMs = sql<number>`${databaseClockMs()} + ${sql.lit(WINDOW_MS)}`;
  await db
    .insertInto('sign_in_attempt')
    // In one order, so that two servers do not wait for each other.
    .values(
      sources
        .map(keyOf)
        .sort()
        .map((source) => ({ source, failures: 1, until_ms: untilMs })),
    )
    .onConflict((conflict) =>
      conflict.column('source').doUpdateSet({
        failures: sql<number>`case when sign_in_attempt.until_ms > ${databaseClockMs()} then sign_in_attempt.failures + 1 else 1 end`,
        until_ms: untilMs,
      }),
    )
    .execute();
}

/** A stranger's text of any length is not stored. */
function keyOf(source: string): string {
  return hash('sha256', source, 'base64url');
}
