import { operation } from '#rpc/operation.ts';
import { setPasswordPolicy } from '../passwords/account-settings-store.ts';
import { imsPasswordPolicyReply } from '../passwords/password-policy.ts';

export default operation('ims.SetPasswordPolicy', {
  async run(context, params) {
    return { PasswordPolicy: imsPasswordPolicyReply(await setPasswordPolicy(context.db, params)) };
  },
});
