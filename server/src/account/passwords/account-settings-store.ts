import type { Database } from '#db/database.ts';
import { changeAccount } from '../change-account.ts';
import { changedPasswordPolicy, DEFAULT_PASSWORD_POLICY, type PasswordPolicy } from './password-policy.ts';
import {
  changedSecurityPreference,
  DEFAULT_SECURITY_PREFERENCE,
  type SecurityPreference,
} from './security-preference.ts';

/** Settings of the whole account. */
export interface AccountSettings {
  /** The account's alias: a name in addition to its id. */
  readonly alias: string | undefined;
  readonly passwordPolicy: PasswordPolicy;
  readonly securityPreference: SecurityPreference;
}

/** The settings, with defaults for those that were never set. */
export async function getAccountSettings(db: Database): Promise<AccountSettings> {
  const row = await db.selectFrom('account_setting').selectAll().where('id', '=', 1).executeTakeFirst();
  return {
    alias: row?.alias ?? undefined,
    passwordPolicy: { ...DEFAULT_PASSWORD_POLICY, ...parsed(row?.password_policy) },
    securityPreference: { ...DEFAULT_SECURITY_PREFERENCE, ...parsed(row?.security_preference) },
  };
}

/** Writes the settings. Call it inside `changeAccount`. */
export async function updateAccountSettings(db: Database, settings: AccountSettings): Promise<void> {
  const values = {
    alias: settings.alias ?? null,
    password_policy: JSON.stringify(settings.passwordPolicy),
    security_preference: JSON.stringify(settings.securityPreference),
  };
  await db
    .insertInto('account_setting')
    .values({ id: 1, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

/** Applies the sent fields to the password policy and returns the result. */
export function setPasswordPolicy(
  db: Database,
  sent: Parameters<typeof changedPasswordPolicy>[1],
): Promise<PasswordPolicy> {
  return changeAccount(db, async (trx) => {
    const old = await getAccountSettings(trx);
    const passwordPolicy = changedPasswordPolicy(old.passwordPolicy, sent);
    await updateAccountSettings(trx, { ...old, passwordPolicy });
    return passwordPolicy;
  });
}

/** Applies the sent fields to the security preference and returns the result. */
export function setSecurityPreference(
  db: Database,
  sent: Parameters<typeof changedSecurityPreference>[1],
): Promise<SecurityPreference> {
  return changeAccount(db, async (trx) => {
    const old = await getAccountSettings(trx);
    const securityPreference = changedSecurityPreference(old.securityPreference, sent);
    await updateAccountSettings(trx, { ...old, securityPreference });
    return securityPreference;
  });
}

function parsed(json: string | null | undefined): object {
  return json == null ? {} : JSON.parse(json);
}
