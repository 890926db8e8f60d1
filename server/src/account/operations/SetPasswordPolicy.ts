import { operation } from '#rpc/operation.ts';
import { setPasswordPolicy } from '../passwords/account-settings-store.ts';
import { passwordPolicyReply } from '../passwords/password-policy.ts';

export default operation('SetPasswordPolicy', {
  async run(context, params) {
    return { PasswordPolicy: passwordPolicyReply(await setPasswordPolicy(context.db, params)) };
  },
});
