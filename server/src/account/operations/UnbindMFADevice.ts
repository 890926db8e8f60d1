import { operation } from '#rpc/operation.ts';
import { notExist } from '../errors.ts';
import { getUser } from '../user-store.ts';

/** Slipway has no second factors. When Terraform force-deletes a user, it calls this first and continues if there is no device. */
export default operation('UnbindMFADevice', {
  async run(context, params) {
    const { name } = await getUser(context.db, params.UserName);
    throw notExist('EntityNotExist.User.MFADevice', name);
  },
});
