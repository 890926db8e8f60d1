import { operation } from '#rpc/operation.ts';
import { setSecurityPreference } from '../passwords/account-settings-store.ts';
import { imsSecurityPreferenceReply } from '../passwords/security-preference.ts';

export default operation('ims.SetSecurityPreference', {
  async run(context, params) {
    return { SecurityPreference: imsSecurityPreferenceReply(await setSecurityPreference(context.db, params)) };
  },
});
