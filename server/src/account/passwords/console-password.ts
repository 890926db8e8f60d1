import type { Database } from '#db/database.ts';
import { ApiError } from '#rpc/api-error.ts';
import { changeAccount } from '../change-account.ts';
import { userPrincipal } from '../principals.ts';
import { type AccountSettings, getAccountSettings } from './account-settings.ts';
import { getLoginProfile, type LoginProfileRow, updateLoginProfile } from './login-profile-store.ts';
import { verifyPassword } from './password-hash.ts';
import { maySignInFrom } from './security-preference.ts';
import { forgetSignInFailures, noteSignInFailure, refuseAfterFailures } from './sign-in-failures.ts';
import { isTooOld, newPasswordHash, withPassword } from './user-password.ts';

/** What a person types: the user's name, the console password, and a new one where it must be changed. */
export interface PasswordSignIn {
  readonly userName: string;
  readonly password: string;
  readonly newPassword?: string | undefined;
  /** Where the person is, as far as it is known. */
  readonly sourceIp?: string | undefined;
}

/** As `opened_by` names a user whose password opened a session; no AccessKeyId begins so. */
const BY_PASSWORD = 'user/';

/**
 * The user's name in what a person types to sign in: also `reader@ALIAS`, with the account's alias or number, and the
 * same with `.onaliyun.com` behind it, as users of the vendor's console know it. A user who has that very name comes first.
 */
export async function signInName(db: Database, accountId: string, typed: string): Promise<string> {
  const { alias } = await getAccountSettings(db);
  const at = typed.lastIndexOf('@');
  const place = typed.slice(at + 1).replace(/\.onaliyun\.com$/, '');
  if (at < 1 || (place !== accountId && place !== alias)) return typed;
  const name = typed.slice(0, at);
  const exact = await db.selectFrom('ram_user').select('user_id').where('name', '=', typed).executeTakeFirst();
  return exact ? typed : name;
}

/**
 * Whom a console password stands for, as `opened_by` of a session names it. A user who is unknown or has no password costs
 * the same time and gets the same answer as a wrong password: `IncorrectPassword`. Throws `PasswordResetRequired` where the
 * password must be changed first and no new one was given, and what the password policy and the security preference of the
 * account refuse.
 */
export async function checkConsolePassword(
  db: Database,
  signIn: PasswordSignIn,
  nowMs: number,
): Promise<{ openedBy: string; userName: string }> {
  const { userName, password, newPassword, sourceIp } = signIn;
  const settings = await getAccountSettings(db);
  const { passwordPolicy: policy, securityPreference: preference } = settings;
  if (!maySignInFrom(preference, sourceIp)) {
    const message =
      'Nobody may sign in to the console from this address: see LoginNetworkMasks of GetSecurityPreference.';
    throw new ApiError('NoPermission', 403, message);
  }
  const profile = await checkPasswordOf(db, userName, password, policy.maxFailures, nowMs);
  const old = isTooOld(policy, profile, nowMs);
  if (old && policy.hardExpiry) throw new ApiError('PasswordExpired', 403, 'The console password is too old.');
  const mustChange = old || profile.password_reset_required === 1;
  if (newPassword === undefined && mustChange) {
    throw new ApiError('PasswordResetRequired', 403, 'The console password must be changed: give a new one.');
  }
  if (newPassword !== undefined) {
    if (!mustChange) refuseOwnChange(settings);
    await changeOwnPassword(db, settings, profile, { password, newPassword }, nowMs);
  }
  await db.updateTable('ram_user').set({ last_login_ms: nowMs }).where('user_id', '=', profile.user_id).execute();
  return { openedBy: `${BY_PASSWORD}${profile.user_id}`, userName };
}

/** Throws NoPermission where users may not change their passwords unasked. */
export function refuseOwnChange({ securityPreference }: AccountSettings): void {
  if (securityPreference.mayChangePassword) return;
  const message = 'Users may not change their passwords here: see AllowUserToChangePassword of GetSecurityPreference.';
  throw new ApiError('NoPermission', 403, message);
}

/**
 * The login profile of a user whose password this is. Throws `IncorrectPassword`, and `Throttling` after `limit` wrong ones
 * within an hour (0: any number).
 */
export async function checkPasswordOf(
  db: Database,
  userName: string,
  password: string,
  limit: number,
  nowMs: number,
): Promise<LoginProfileRow & { name: string }> {
  await refuseAfterFailures(db, userName, limit, nowMs);
  const row = await db
    .selectFrom('ram_user as u')
    .innerJoin('ram_login_profile as p', 'p.user_id', 'u.user_id')
    .selectAll('p')
    .select('u.name')
    .where('u.name', '=', userName)
    .executeTakeFirst();
  const matches = await verifyPassword(password, row?.password_hash);
  if (!row || !matches) {
    if (limit > 0) await noteSignInFailure(db, userName, nowMs);
    throw incorrectPassword();
  }
  if (limit > 0) await forgetSignInFailures(db, userName);
  return row;
}

/** Gives a user who proved the old password a new one. Throws what the password policy refuses. */
export async function changeOwnPassword(
  db: Database,
  { passwordPolicy }: AccountSettings,
  { name, ...profile }: LoginProfileRow & { name: string },
  { password, newPassword }: { password: string; newPassword: string },
  nowMs: number,
): Promise<void> {
  if (newPassword === password) throw new ApiError('InvalidParameter', 400, 'The new password is the old one.');
  const user = { user_id: profile.user_id, name };
  const hash = await newPasswordHash(db, passwordPolicy, user, newPassword);
  await changeAccount(db, async (trx) => {
    const current = await getLoginProfile(trx, user);
    // An administrator may have set another one meanwhile, which then counts.
    if (current.password_hash !== profile.password_hash) throw incorrectPassword();
    const changed = await withPassword(trx, user, current, hash, nowMs);
    await updateLoginProfile(trx, { ...changed, password_reset_required: 0, modified_ms: nowMs });
  });
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

function incorrectPassword(): ApiError {
  return new ApiError('IncorrectPassword', 403, 'The user name or the console password is wrong.');
}
