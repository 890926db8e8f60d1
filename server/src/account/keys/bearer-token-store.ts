import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { AccountKeys } from '../account.ts';

/** An issued bearer token. Only its holder knows the token's text. */
export interface BearerToken {
  readonly tokenId: string;
  readonly accessKeyId: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}

/** How long a token is valid, unless its key ends earlier. */
const LIFETIME_MS = 60 * 60 * 1000;
const PREFIX = 'slipway-';

/**
 * Issues a token for the key that signed the request. The token ends with that key, and at each use has the rights that the
 * key has then. Also removes expired tokens.
 */
export async function issueBearerToken(
  db: Database,
  keys: AccountKeys,
  caller: Principal,
  { tokenId, nowMs }: { tokenId: string; nowMs: number },
): Promise<BearerToken & { token: string }> {
  const key = await keys.findKey(caller.accessKeyId);
  const expiresMs = Math.min(nowMs + LIFETIME_MS, key?.expiresMs ?? Number.POSITIVE_INFINITY);
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  await db.deleteFrom('bearer_token').where('expires_ms', '<=', nowMs).execute();
  await db
    .insertInto('bearer_token')
    .values({
      token_id: tokenId,
      token_sha256: sha256(token),
      access_key_id: caller.accessKeyId,
      principal_arn: caller.arn,
      created_ms: nowMs,
      expires_ms: expiresMs,
    })
    .execute();
  return { tokenId, accessKeyId: caller.accessKeyId, createdMs: nowMs, expiresMs, token };
}

/** The principal of a token. Throws `InvalidBearerToken` if the token is unknown, expired or revoked, or its key is deleted or disabled. */
export async function verifyBearerToken(
  db: Database,
  keys: AccountKeys,
  token: string,
  nowMs: number,
): Promise<Principal> {
  const row = await db
    .selectFrom('bearer_token')
    .selectAll()
    .where('token_sha256', '=', sha256(token))
    .executeTakeFirst();
  const key = row && row.expires_ms > nowMs ? await keys.findKey(row.access_key_id) : undefined;
  const usable = key !== undefined && key.status === 'Active' && (key.expiresMs ?? Number.POSITIVE_INFINITY) > nowMs;
  if (!usable) {
    throw new ApiError('InvalidBearerToken', 401, 'The bearer token is unknown, expired or revoked.');
  }
  keys.noteUse?.(key, nowMs);
  return key.principal;
}

/** The caller's valid tokens, newest first. */
export async function listBearerTokens(db: Database, caller: Principal, nowMs: number): Promise<BearerToken[]> {
  const rows = await db
    .selectFrom('bearer_token')
    .selectAll()
    .where('principal_arn', '=', caller.arn)
    .where('expires_ms', '>', nowMs)
    .orderBy('created_ms', 'desc')
    .execute();
  return rows.map((row) => ({
    tokenId: row.token_id,
    accessKeyId: row.access_key_id,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
  }));
}

/** Revokes one of the caller's tokens. Returns false if the caller has no such token, whether or not someone else does. */
export async function revokeBearerToken(db: Database, caller: Principal, tokenId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('bearer_token')
    .where('token_id', '=', tokenId)
    .where('principal_arn', '=', caller.arn)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
