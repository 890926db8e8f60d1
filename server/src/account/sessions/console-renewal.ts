import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { getAccountSettings } from '../passwords/account-settings.ts';

/** What a browser may renew its session with, and nothing else. */
export interface ConsoleRenewal {
  /** Known to the browser only: the table has its hash. */
  readonly token: string;
  readonly expiresMs: number;
}

/**
 * Issues one to whoever opened a session, for as many hours as the security preference says; it ends with the key at
 * `endsMs`, where that key ends.
 */
export async function issueConsoleRenewal(
  db: Database,
  opener: { openedBy: string; endsMs?: number | undefined },
  nowMs: number,
): Promise<ConsoleRenewal> {
  const token = randomBytes(32).toString('base64url');
  const { sessionHours } = (await getAccountSettings(db)).securityPreference;
  const expiresMs = Math.min(nowMs + sessionHours * 60 * 60 * 1000, opener.endsMs ?? Number.POSITIVE_INFINITY);
  await db.deleteFrom('console_renewal').where('expires_ms', '<=', nowMs).execute();
  await db
    .insertInto('console_renewal')
    .values({ token_sha256: sha256(token), opened_by: opener.openedBy, created_ms: nowMs, expires_ms: expiresMs })
    .execute();
  return { token, expiresMs };
}

/** Who opened the session that this token renews, and when; undefined for one that is unknown or over. */
export async function findConsoleRenewal(
  db: Database,
  token: string,
  nowMs: number,
): Promise<{ openedBy: string; createdMs: number } | undefined> {
  const row = await db
    .selectFrom('console_renewal')
    .selectAll()
    .where('token_sha256', '=', sha256(token))
    .where('expires_ms', '>', nowMs)
    .executeTakeFirst();
  return row && { openedBy: row.opened_by, createdMs: row.created_ms };
}

/** Ends a token. One that is not there is no error. */
export async function removeConsoleRenewal(db: Database, token: string): Promise<void> {
  await db.deleteFrom('console_renewal').where('token_sha256', '=', sha256(token)).execute();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
