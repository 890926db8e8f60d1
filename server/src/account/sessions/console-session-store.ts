import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { ConsoleSessionTable } from '#db/schema/account-schema.ts';

/** A console session, as stored. */
export type ConsoleSessionRow = Selectable<ConsoleSessionTable>;

/** How long to keep an ended session, so that its key is reported as expired rather than unknown. */
const KEEP_ENDED_MS = 24 * 60 * 60 * 1000;

/** Inserts a session, and removes those that ended long ago. */
export async function insertConsoleSession(db: Database, session: ConsoleSessionRow): Promise<void> {
  await db
    .deleteFrom('console_session')
    .where('expires_ms', '<', session.created_ms - KEEP_ENDED_MS)
    .execute();
  await db.insertInto('console_session').values(session).execute();
}

/** The session of a temporary key, or undefined. */
export function findConsoleSession(db: Database, accessKeyId: string): Promise<ConsoleSessionRow | undefined> {
  return db.selectFrom('console_session').selectAll().where('access_key_id', '=', accessKeyId).executeTakeFirst();
}

/** Removes the session of a temporary key, if it has one. */
export async function removeConsoleSession(db: Database, accessKeyId: string): Promise<void> {
  await db.deleteFrom('console_session').where('access_key_id', '=', accessKeyId).execute();
}
