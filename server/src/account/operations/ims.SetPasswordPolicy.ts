import { operation } from '#rpc/operation.ts';
import { setPasswordPolicy } from '../account-settings.ts';
import { imsPasswordPolicyReply } from '../password-policy.ts';

export default operation('ims.SetPasswordPolicy', {
  async run(context, params) {
    return { PasswordPolicy: imsPasswordPolicyReply(await setPasswordPolicy(context.db, params)) };
  },
});
