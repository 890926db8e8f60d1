import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { insertLoginProfile, loginProfileReply } from '../login-profile-store.ts';
import { hashPassword } from '../password-hash.ts';
import { getUser } from '../user-store.ts';

export default operation('CreateLoginProfile', {
  async run(context, params) {
    if (params.MFABindRequired) throw parameterNotImplemented('MFABindRequired');
    const passwordHash = await hashPassword(params.Password);
    const nowMs = context.now();
    const LoginProfile = await changeAccount(context.db, async (trx) => {
      const user = await getUser(trx, params.UserName);
      const profile = {
        user_id: user.user_id,
        password_hash: passwordHash,
        password_reset_required: params.PasswordResetRequired ? 1 : 0,
        created_ms: nowMs,
        modified_ms: nowMs,
      };
      await insertLoginProfile(trx, user, profile);
      return loginProfileReply(user, profile);
    });
    return { LoginProfile };
  },
});
