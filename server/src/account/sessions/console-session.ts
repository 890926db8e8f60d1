import { randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import type { SecretBox } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { AccessKey, AccountKeys } from '../account.ts';
import { changeAccount } from '../change-account.ts';
import {
  type ConsoleSessionRow,
  findConsoleSession,
  insertConsoleSession,
  removeConsoleSession,
} from './console-session-store.ts';

/** A temporary key that acts for the opener of the session. At each call, it has the rights that the opener has then. */
export interface ConsoleSession {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  readonly expiresMs: number;
}

const LIFETIME_MS = 60 * 60 * 1000;

/** Who opens a session: the id of the key that signed, or the user whose password was given. */
export interface SessionOpener {
  readonly openedBy: string;
  /** For a temporary key: when it expires. */
  readonly endsMs?: number | undefined;
}

/**
 * The opener of a session by a signed call. Throws `NoPermission` for the key of a console session: if it could open others,
 * sessions would never end.
 */
export async function signedOpener(db: Database, keys: AccountKeys, caller: Principal): Promise<SessionOpener> {
  if (await findConsoleSession(db, caller.accessKeyId)) {
    throw new ApiError('NoPermission', 403, 'The key of a console session cannot open another; sign in again.');
  }
  const key = await keys.findKey(caller.accessKeyId);
  return { openedBy: caller.accessKeyId, endsMs: key?.expiresMs };
}

/** Opens a session with the opener's identity. It lasts one hour, or until the opener's key expires if that is earlier. */
export async function openConsoleSession(
  means: { db: Database; secrets: SecretBox },
  opener: SessionOpener,
  nowMs: number,
): Promise<ConsoleSession> {
  const { db, secrets } = means;
  const session: ConsoleSession = {
    accessKeyId: `STS.${randomText(18)}`,
    accessKeySecret: randomText(30),
    securityToken: `CAIS${randomText(96)}`,
    expiresMs: Math.min(nowMs + LIFETIME_MS, opener.endsMs ?? Number.POSITIVE_INFINITY),
  };
  const records = recordsOf(session.accessKeyId);
  await insertConsoleSession(db, {
    access_key_id: session.accessKeyId,
    opened_by: opener.openedBy,
    sealed_secret: secrets.seal(records.secret, session.accessKeySecret),
    sealed_token: secrets.seal(records.token, session.securityToken),
    created_ms: nowMs,
    expires_ms: session.expiresMs,
  });
  return session;
}

/** Ends the session of a key at once, if it has one. */
export function closeConsoleSession(db: Database, accessKeyId: string): Promise<void> {
  return changeAccount(db, (trx) => removeConsoleSession(trx, accessKeyId));
}

/** The key of a session: it acts as the opener, with the session's own id, secret, token and expiry. */
export function consoleSessionKey(
  secrets: SecretBox,
  session: ConsoleSessionRow,
  openedBy: Pick<AccessKey, 'status' | 'principal'>,
): AccessKey {
  const accessKeyId = session.access_key_id;
  const records = recordsOf(accessKeyId);
  return {
    accessKeyId,
    accessKeySecret: secrets.open(records.secret, session.sealed_secret),
    securityToken: secrets.open(records.token, session.sealed_token),
    expiresMs: session.expires_ms,
    status: openedBy.status,
    principal: { ...openedBy.principal, accessKeyId },
  };
}

/** The record ids for which a session's secret and token are sealed. */
function recordsOf(accessKeyId: string): { secret: string; token: string } {
  return { secret: `console_session/${accessKeyId}`, token: `console_session_token/${accessKeyId}` };
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url').replaceAll(/[-_]/g, 'x');
}
