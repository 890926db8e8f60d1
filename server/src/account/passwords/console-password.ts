import type { Database } from '#db/database.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { changeAccount } from '../change-account.ts';
import { userPrincipal } from '../principals.ts';
import { findUser, findUserById, updateLastLogin } from '../user-store.ts';
import { type AccountSettings, getAccountSettings } from './account-settings-store.ts';
import {
  findLoginProfile,
  findLoginProfileOf,
  getLoginProfile,
  type LoginProfileRow,
  updateLoginProfile,
} from './login-profile-store.ts';
import { verifyPassword } from './password-hash.ts';
import { maySignInFrom } from './security-preference.ts';
import { forgetSignInFailures, noteSignInFailure, refuseAfterFailures } from './sign-in-failure-store.ts';
import { isTooOld, newPasswordHash, withPassword } from './user-password.ts';

/** What a person enters: the user name, the console password, and a new password if it must be changed. */
export interface PasswordSignIn {
  readonly userName: string;
  readonly password: string;
  readonly newPassword?: string | undefined;
  /** The person's address, if known. */
  readonly sourceIp?: string | undefined;
}

/** Prefix of `opened_by` for a session that a user opened by password. No AccessKeyId begins like this. */
const BY_PASSWORD = 'user/';

/**
 * The user name in what a person enters to sign in. Besides the plain name, `NAME@ACCOUNT` works, where ACCOUNT is the
 * account's alias or id, optionally followed by `.onaliyun.com` as in the vendor's console. A user whose name is exactly
 * what was entered comes first.
 */
export async function signInName(db: Database, accountId: string, typed: string): Promise<string> {
  const { alias } = await getAccountSettings(db);
  const at = typed.lastIndexOf('@');
  const account = typed.slice(at + 1).replace(/\.onaliyun\.com$/, '');
  if (at < 1 || (account !== accountId && account !== alias)) return typed;
  const name = typed.slice(0, at);
  return (await findUser(db, typed)) ? typed : name;
}

/**
 * Checks a console password and returns the user, in the form of a session's `opened_by`. An unknown user, or one without a
 * password, takes the same time and gets the same answer as a wrong password: `IncorrectPassword`. Throws
 * `PasswordResetRequired` if the password must be changed first and no new one was given, and the refusals of the account's
 * password policy and security preference.
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
      'Signing in to the console is not allowed from this address: see LoginNetworkMasks in GetSecurityPreference.';
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
  await updateLastLogin(db, profile.user_id, nowMs);
  return { openedBy: `${BY_PASSWORD}${profile.user_id}`, userName };
}

/** Throws NoPermission if users may not change their passwords on their own initiative. */
export function refuseOwnChange({ securityPreference }: AccountSettings): void {
  if (securityPreference.mayChangePassword) return;
  const message = 'Users may not change their own passwords: see AllowUserToChangePassword in GetSecurityPreference.';
  throw new ApiError('NoPermission', 403, message);
}

/**
 * Checks a user's password and returns the login profile. Throws `IncorrectPassword`, or `Throttling` after `limit` wrong
 * passwords within an hour (0: no limit).
 */
export async function checkPasswordOf(
  db: Database,
  userName: string,
  password: string,
  limit: number,
  nowMs: number,
): Promise<LoginProfileRow & { name: string }> {
  await refuseAfterFailures(db, userName, limit, nowMs);
  const row = await findLoginProfileOf(db, userName);
  const matches = await verifyPassword(password, row?.password_hash);
  if (!row || !matches) {
    if (limit > 0) await noteSignInFailure(db, userName, nowMs);
    throw incorrectPassword();
  }
  if (limit > 0) await forgetSignInFailures(db, userName);
  return row;
}

/** Sets a new password for a user who has proved the old one. Throws if the password policy refuses it. */
export async function changeOwnPassword(
  db: Database,
  { passwordPolicy }: AccountSettings,
  { name, ...profile }: LoginProfileRow & { name: string },
  { password, newPassword }: { password: string; newPassword: string },
  nowMs: number,
): Promise<void> {
  if (newPassword === password)
    throw new ApiError('InvalidParameter', 400, 'The new password is the same as the old one.');
  const user = { user_id: profile.user_id, name };
  const hash = await newPasswordHash(db, passwordPolicy, user, newPassword);
  await changeAccount(db, async (trx) => {
    const current = await getLoginProfile(trx, user);
    // An administrator may have set another password in the meantime, which then applies.
    if (current.password_hash !== profile.password_hash) throw incorrectPassword();
    const changed = await withPassword(trx, user, current, hash, nowMs);
    await updateLoginProfile(trx, { ...changed, password_reset_required: 0, modified_ms: nowMs });
  });
}

/**
 * The user who opened a session by password. Undefined if the password changed since, or was removed, or if a password did not
 * open the session.
 */
export async function passwordPrincipal(
  db: Database,
  accountId: string,
  session: { openedBy: string; createdMs: number; accessKeyId: string },
) {
  if (!session.openedBy.startsWith(BY_PASSWORD)) return undefined;
  const userId = session.openedBy.slice(BY_PASSWORD.length);
  const profile = await findLoginProfile(db, { user_id: userId });
  if (!profile || profile.modified_ms > session.createdMs) return undefined;
  const user = await findUserById(db, userId);
  return user && userPrincipal(db, accountId, user, session.accessKeyId);
}

function incorrectPassword(): ApiError {
  return new ApiError('IncorrectPassword', 403, 'The user name or the console password is wrong.');
}
