import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { insertLoginProfile, loginProfileReply } from '../passwords/login-profile-store.ts';
import { newPasswordHash, withPassword } from '../passwords/user-password.ts';
import { getUser } from '../user-store.ts';

export default operation('CreateLoginProfile', {
  async run(context, params) {
    if (params.MFABindRequired) throw parameterNotImplemented('MFABindRequired');
    const user = await getUser(context.db, params.UserName);
    const { passwordPolicy } = await getAccountSettings(context.db);
    const passwordHash = await newPasswordHash(context.db, passwordPolicy, user, params.Password);
    const nowMs = context.now();
    const LoginProfile = await changeAccount(context.db, async (trx) => {
      const current = await getUser(trx, params.UserName);
      const without = {
        user_id: current.user_id,
        password_hash: passwordHash,
        password_reset_required: params.PasswordResetRequired ? 1 : 0,
        created_ms: nowMs,
        modified_ms: nowMs,
        password_set_ms: nowMs,
      };
      const profile = await withPassword(trx, current, without, passwordHash, nowMs);
      await insertLoginProfile(trx, current, profile);
      return loginProfileReply(current, profile);
    });
    return { LoginProfile };
  },
});
