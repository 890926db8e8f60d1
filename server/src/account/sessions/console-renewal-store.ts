import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';

/** A token that a browser can use only to renew its session. */
export interface ConsoleRenewal {
  /** Only the browser knows it; the table has its hash. */
  readonly token: string;
  readonly expiresMs: number;
}

/**
 * Issues a token to the opener of a session. It lasts for the hours in the security preference, or until `endsMs`, when the
 * opener's key expires, if that is earlier.
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

/** Who opened the session that this token renews, and when; undefined if the token is unknown or expired. */
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

/** Removes a token, if it exists. */
export async function removeConsoleRenewal(db: Database, token: string): Promise<void> {
  await db.deleteFrom('console_renewal').where('token_sha256', '=', sha256(token)).execute();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
