import type { Database } from '#db/database.ts';
import { ApiError } from '#rpc/api-error.ts';
import { changeAccount } from './change-account.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { userPrincipal } from './principals.ts';

/** What a person types: the user's name, the console password, and a new one where it must be changed. */
export interface PasswordSignIn {
  readonly userName: string;
  readonly password: string;
  readonly newPassword?: string | undefined;
}

/** As `opened_by` names a user whose password opened a session; no AccessKeyId begins so. */
const BY_PASSWORD = 'user/';

/**
 * Whom a console password stands for, as `opened_by` of a session names it. A user who is unknown or has no password costs
 * the same time and gets the same answer as a wrong password: `IncorrectPassword`. Throws `PasswordResetRequired` where the
 * password must be changed first and no new one was given.
 */
export async function checkConsolePassword(
  db: Database,
  { userName, password, newPassword }: PasswordSignIn,
  nowMs: number,
): Promise<{ openedBy: string; userName: string }> {
  const row = await db
    .selectFrom('ram_user as u')
    .innerJoin('ram_login_profile as p', 'p.user_id', 'u.user_id')
    .select(['u.user_id', 'u.name', 'p.password_hash', 'p.password_reset_required'])
    .where('u.name', '=', userName)
    .executeTakeFirst();
  const matches = await verifyPassword(password, row?.password_hash ?? (await someHash()));
  if (!row || !matches) throw new ApiError('IncorrectPassword', 403, 'The user name or the console password is wrong.');
  if (newPassword === undefined && row.password_reset_required === 1) {
    throw new ApiError('PasswordResetRequired', 403, 'The console password must be changed: give a new one.');
  }
  if (newPassword === password) throw new ApiError('InvalidParameter', 400, 'The new password is the old one.');
  if (newPassword !== undefined) {
    const passwordHash = await hashPassword(newPassword);
    await changeAccount(db, async (trx) => {
      await trx
        .updateTable('ram_login_profile')
        .set({ password_hash: passwordHash, password_reset_required: 0, modified_ms: nowMs })
        .where('user_id', '=', row.user_id)
        .execute();
    });
  }
  await db.updateTable('ram_user').set({ last_login_ms: nowMs }).where('user_id', '=', row.user_id).execute();
  return { openedBy: `${BY_PASSWORD}${row.user_id}`, userName: row.name };
}

/**
 * Whoever opened a session by a password, as long as that password stands: undefined when the session is older than the
 * password, or there is none any more, or `openedBy` is no user.
 */
export async function passwordPrincipal(
  db: Database,
  accountId: string,
  session: { openedBy: string; createdMs: number; accessKeyId: string },
) {
  if (!session.openedBy.startsWith(BY_PASSWORD)) return undefined;
  const userId = session.openedBy.slice(BY_PASSWORD.length);
  const profile = await db
    .selectFrom('ram_login_profile')
    .select('modified_ms')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (!profile || profile.modified_ms > session.createdMs) return undefined;
  const user = await db.selectFrom('ram_user').selectAll().where('user_id', '=', userId).executeTakeFirst();
  return user && userPrincipal(db, accountId, user, session.accessKeyId);
}

let unknownHash: Promise<string> | undefined;

/** The hash of no password that anybody has, so that an unknown user costs what a known one costs. */
function someHash(): Promise<string> {
  unknownHash ??= hashPassword(crypto.randomUUID());
  return unknownHash;
}
