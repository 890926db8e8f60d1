import type { Database } from '#db/database.ts';
import type { UserRow } from '../user-store.ts';
import { findLoginProfile, type LoginProfileRow } from './login-profile-store.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { listPasswordHashes, replacePasswordHistory } from './password-history-store.ts';
import { checkPassword, type PasswordPolicy, refusedPassword } from './password-policy.ts';
import { forgetSignInFailures } from './sign-in-failure-store.ts';

/** The most passwords that a policy can ask to remember. */
const REMEMBERED = 24;

/** Hashes a user's new password if the policy allows it. Throws `InvalidParameter.Password` that names the broken rule. */
export async function newPasswordHash(
  db: Database,
  policy: PasswordPolicy,
  user: Pick<UserRow, 'user_id' | 'name'>,
  password: string,
): Promise<string> {
  checkPassword(policy, password, user.name);
  // Hash first: it refuses a password that is far too long before the slow comparisons with earlier ones.
  const hash = await hashPassword(password);
  if (policy.reusePrevention > 0) {
    for (const last of (await lastHashes(db, user.user_id)).slice(0, policy.reusePrevention)) {
      if (await verifyPassword(password, last)) {
        throw refusedPassword(`it is one of this user's last ${policy.reusePrevention}`);
      }
    }
  }
  return hash;
}

/** Adds a new password to the history and returns the profile with it. The caller writes the profile. */
export async function withPassword(
  db: Database,
  user: Pick<UserRow, 'user_id' | 'name'>,
  profile: LoginProfileRow,
  passwordHash: string,
  nowMs: number,
): Promise<LoginProfileRow> {
  const { user_id } = user;
  const older = (await lastHashes(db, user_id)).slice(0, REMEMBERED - 1);
  await replacePasswordHistory(db, user_id, [passwordHash, ...older], nowMs);
  await forgetSignInFailures(db, user.name);
  return { ...profile, password_hash: passwordHash, password_set_ms: nowMs };
}

/** Whether the password is older than the policy allows. */
export function isTooOld(
  policy: PasswordPolicy,
  profile: Pick<LoginProfileRow, 'password_set_ms' | 'modified_ms'>,
  nowMs: number,
): boolean {
  const setMs = profile.password_set_ms ?? profile.modified_ms;
  return policy.maxAgeDays > 0 && nowMs - setMs > policy.maxAgeDays * 24 * 60 * 60 * 1000;
}

/** The hashes of the user's passwords, newest first. A profile older than the history has only the current one. */
async function lastHashes(db: Database, userId: string): Promise<string[]> {
  const remembered = await listPasswordHashes(db, userId);
  if (remembered.length > 0) return remembered;
  const profile = await findLoginProfile(db, { user_id: userId });
  return profile ? [profile.password_hash] : [];
}
