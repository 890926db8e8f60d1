import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkLength, checkName, newNumericId } from '../names.ts';
import { userReply } from '../user.ts';
import { insertUser } from '../user-store.ts';

export default operation('CreateUser', {
  async run(context, params) {
    checkName('UserName', params.UserName);
    checkLength('DisplayName', params.DisplayName, 128);
    checkLength('Email', params.Email, 128);
    checkLength('MobilePhone', params.MobilePhone, 64);
    checkLength('Comments', params.Comments, 128);
    const nowMs = context.now();
    const user = {
      user_id: newNumericId(),
      name: params.UserName,
      display_name: params.DisplayName ?? params.UserName,
      mobile_phone: params.MobilePhone ?? '',
      email: params.Email ?? '',
      comments: params.Comments ?? '',
      created_ms: nowMs,
      modified_ms: nowMs,
      last_login_ms: null,
    };
    await changeAccount(context.db, (trx) => insertUser(trx, user));
    return { User: userReply(user) };
  },
});
