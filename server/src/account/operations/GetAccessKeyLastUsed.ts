import { operation } from '#rpc/operation.ts';
import { getAccessKey } from '../access-key-store.ts';
import { ramTime } from '../names.ts';
import { getUser } from '../user-store.ts';

export default operation('GetAccessKeyLastUsed', {
  async run(context, params) {
    const user = await getUser(context.db, params.UserName);
    const { last_used_ms } = await getAccessKey(context.db, user, params.UserAccessKeyId);
    return { AccessKeyLastUsed: last_used_ms === null ? {} : { LastUsedDate: ramTime(last_used_ms) } };
  },
});
