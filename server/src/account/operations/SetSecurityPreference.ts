import { operation } from '#rpc/operation.ts';
import { setSecurityPreference } from '../passwords/account-settings-store.ts';
import { securityPreferenceReply } from '../passwords/security-preference.ts';

export default operation('SetSecurityPreference', {
  async run(context, params) {
    return { SecurityPreference: securityPreferenceReply(await setSecurityPreference(context.db, params)) };
  },
});
