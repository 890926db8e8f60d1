import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getLoginProfile, loginProfileReply, updateLoginProfile } from '../login-profile-store.ts';
import { hashPassword } from '../password-hash.ts';
import { getUser } from '../user-store.ts';

export default operation('UpdateLoginProfile', {
  async run(context, params) {
    if (params.MFABindRequired) throw parameterNotImplemented('MFABindRequired');
    const passwordHash = params.Password === undefined ? undefined : await hashPassword(params.Password);
    const resetRequired = params.PasswordResetRequired;
    const LoginProfile = await changeAccount(context.db, async (trx) => {
      const user = await getUser(trx, params.UserName);
      const old = await getLoginProfile(trx, user);
      const profile = {
        ...old,
        password_hash: passwordHash ?? old.password_hash,
        password_reset_required: resetRequired === undefined ? old.password_reset_required : Number(resetRequired),
        modified_ms: context.now(),
      };
      await updateLoginProfile(trx, profile);
      return loginProfileReply(user, profile);
    });
    return { LoginProfile };
  },
});
