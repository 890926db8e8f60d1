import { operation } from '#rpc/operation.ts';
import { notExist } from '../errors.ts';
import { getUser } from '../user-store.ts';

/** There are no second factors here. Terraform unbinds that of each user it deletes by force, and goes on where there is none. */
export default operation('UnbindMFADevice', {
  async run(context, params) {
    const { name } = await getUser(context.db, params.UserName);
    throw notExist('EntityNotExist.User.MFADevice', name);
  },
});
