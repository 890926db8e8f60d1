import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkLength, checkName } from '../names.ts';
import { userReply } from '../user.ts';
import { getUser, updateUser } from '../user-store.ts';

export default operation('UpdateUser', {
  async run(context, params) {
    if (params.NewUserName !== undefined) checkName('UserName', params.NewUserName, 'NewUserName');
    checkLength('NewDisplayName', params.NewDisplayName, 128);
    checkLength('NewEmail', params.NewEmail, 128);
    checkLength('NewMobilePhone', params.NewMobilePhone, 64);
    checkLength('NewComments', params.NewComments, 128);
    const user = await changeAccount(context.db, async (trx) => {
      const old = await getUser(trx, params.UserName);
      const changed = {
        ...old,
        name: params.NewUserName ?? old.name,
        display_name: params.NewDisplayName ?? old.display_name,
        mobile_phone: params.NewMobilePhone ?? old.mobile_phone,
        email: params.NewEmail ?? old.email,
        comments: params.NewComments ?? old.comments,
        modified_ms: context.now(),
      };
      await updateUser(trx, changed);
      return changed;
    });
    return { User: userReply(user) };
  },
});
