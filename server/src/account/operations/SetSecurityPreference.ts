import { operation } from '#rpc/operation.ts';
import { setSecurityPreference } from '../account-settings.ts';
import { securityPreferenceReply } from '../security-preference.ts';

export default operation('SetSecurityPreference', {
  async run(context, params) {
    return { SecurityPreference: securityPreferenceReply(await setSecurityPreference(context.db, params)) };
  },
});
