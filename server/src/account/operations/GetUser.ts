import { operation } from '#rpc/operation.ts';
import { userReply } from '../user.ts';
import { getUser } from '../user-store.ts';

export default operation('GetUser', {
  async run(context, params) {
    return { User: userReply(await getUser(context.db, params.UserName)) };
  },
});
