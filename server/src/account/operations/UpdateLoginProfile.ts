import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { getLoginProfile, loginProfileReply, updateLoginProfile } from '../passwords/login-profile-store.ts';
import { verifyPassword } from '../passwords/password-hash.ts';
import { newPasswordHash, withPassword } from '../passwords/user-password.ts';
import { getUser } from '../user-store.ts';

export default operation('UpdateLoginProfile', {
  async run(context, params) {
    if (params.MFABindRequired) throw parameterNotImplemented('MFABindRequired');
    const nowMs = context.now();
    const user = await getUser(context.db, params.UserName);
    const passwordHash = await changedHash(params.Password);
    const resetRequired = params.PasswordResetRequired;
    const LoginProfile = await changeAccount(context.db, async (trx) => {
      const old = await getLoginProfile(trx, user);
      const profile = {
        ...(passwordHash === undefined ? old : await withPassword(trx, user, old, passwordHash, nowMs)),
        password_reset_required: resetRequired === undefined ? old.password_reset_required : Number(resetRequired),
        modified_ms: nowMs,
      };
      await updateLoginProfile(trx, profile);
      return loginProfileReply(user, profile);
    });
    return { LoginProfile };

    /** Undefined if the sent password is the current one: Terraform sends it with each change to the profile. */
    async function changedHash(password: string | undefined): Promise<string | undefined> {
      if (password === undefined) return undefined;
      const { password_hash } = await getLoginProfile(context.db, user);
      if (await verifyPassword(password, password_hash)) return undefined;
      const { passwordPolicy } = await getAccountSettings(context.db);
      return newPasswordHash(context.db, passwordPolicy, user, password);
    }
  },
});
