import { operation } from '#rpc/operation.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { imsSecurityPreferenceReply } from '../passwords/security-preference.ts';

export default operation('ims.GetSecurityPreference', {
  async run(context) {
    const { securityPreference } = await getAccountSettings(context.db);
    return { SecurityPreference: imsSecurityPreferenceReply(securityPreference) };
  },
});
