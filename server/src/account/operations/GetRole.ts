import { operation } from '#rpc/operation.ts';
import { getRole, roleReply } from '../role-store.ts';

export default operation('GetRole', {
  async run(context, params) {
    return { Role: roleReply(context.accountId, await getRole(context.db, params.RoleName)) };
  },
});
