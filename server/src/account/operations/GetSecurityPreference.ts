import { operation } from '#rpc/operation.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { securityPreferenceReply } from '../passwords/security-preference.ts';

export default operation('GetSecurityPreference', {
  async run(context) {
    const { securityPreference } = await getAccountSettings(context.db);
    return { SecurityPreference: securityPreferenceReply(securityPreference) };
  },
});
