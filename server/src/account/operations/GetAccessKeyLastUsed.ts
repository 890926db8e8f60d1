import { operation } from '#rpc/operation.ts';
import { getAccessKey } from '../keys/access-key-store.ts';
import { keyOwner, keyOwnerResource } from '../keys/key-owner.ts';
import { ramTime } from '../names.ts';
import { getUser } from '../user-store.ts';

export default operation('GetAccessKeyLastUsed', {
  resource: keyOwnerResource,
  async run(context, params) {
    const user = await getUser(context.db, keyOwner(context, params));
    const { last_used_ms } = await getAccessKey(context.db, user, params.UserAccessKeyId);
    return { AccessKeyLastUsed: last_used_ms === null ? {} : { LastUsedDate: ramTime(last_used_ms) } };
  },
});
