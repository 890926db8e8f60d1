import { operation } from '#rpc/operation.ts';
import { setPasswordPolicy } from '../account-settings.ts';
import { passwordPolicyReply } from '../password-policy.ts';

export default operation('SetPasswordPolicy', {
  async run(context, params) {
    return { PasswordPolicy: passwordPolicyReply(await setPasswordPolicy(context.db, params)) };
  },
});
