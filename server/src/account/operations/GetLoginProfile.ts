import { operation } from '#rpc/operation.ts';
import { getLoginProfile, loginProfileReply } from '../passwords/login-profile-store.ts';
import { getUser } from '../user-store.ts';

export default operation('GetLoginProfile', {
  async run(context, params) {
    const user = await getUser(context.db, params.UserName);
    return { LoginProfile: loginProfileReply(user, await getLoginProfile(context.db, user)) };
  },
});
