import { operation } from '#rpc/operation.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { imsPasswordPolicyReply } from '../passwords/password-policy.ts';

export default operation('ims.GetPasswordPolicy', {
  async run(context) {
    const { passwordPolicy } = await getAccountSettings(context.db);
    return { PasswordPolicy: imsPasswordPolicyReply(passwordPolicy) };
  },
});
