import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { StsSessionTable } from '#db/schema/account-schema.ts';
import { findConsoleSession } from './console-session-store.ts';

/** A temporary key, as stored. */
export type SessionRow = Selectable<StsSessionTable>;

/** How long to keep an ended session, so that its key is reported as expired rather than unknown. */
const KEEP_ENDED_MS = 24 * 60 * 60 * 1000;

/** The record ids for which a session's secret and token are sealed. */
export function sessionRecords(accessKeyId: string): { secret: string; token: string } {
  return { secret: `sts_session/${accessKeyId}`, token: `sts_session_token/${accessKeyId}` };
}

/** Inserts a session, and removes those that ended long ago. */
export async function insertSession(db: Database, session: SessionRow): Promise<void> {
  await db
    .deleteFrom('sts_session')
    .where('expires_ms', '<', session.created_ms - KEEP_ENDED_MS)
    .execute();
  await db.insertInto('sts_session').values(session).execute();
}

/** The session of this temporary key, or undefined. */
export function findSession(db: Database, accessKeyId: string): Promise<SessionRow | undefined> {
  return db.selectFrom('sts_session').selectAll().where('access_key_id', '=', accessKeyId).executeTakeFirst();
}

/** When a temporary key expires, of a role's session or a console session; undefined for a key that does not expire. */
export async function findKeyEndMs(db: Database, accessKeyId: string): Promise<number | undefined> {
  const session = (await findSession(db, accessKeyId)) ?? (await findConsoleSession(db, accessKeyId));
  return session?.expires_ms;
}
