import { operation } from '#rpc/operation.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { passwordPolicyReply } from '../passwords/password-policy.ts';

export default operation('GetPasswordPolicy', {
  async run(context) {
    const { passwordPolicy } = await getAccountSettings(context.db);
    return { PasswordPolicy: passwordPolicyReply(passwordPolicy) };
  },
});
