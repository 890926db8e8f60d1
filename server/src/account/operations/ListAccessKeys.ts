import { operation } from '#rpc/operation.ts';
import { listAccessKeys } from '../keys/access-key-store.ts';
import { keyOwner, keyOwnerResource } from '../keys/key-owner.ts';
import { ramTime } from '../names.ts';
import { getUser } from '../user-store.ts';

export default operation('ListAccessKeys', {
  resource: keyOwnerResource,
  async run(context, params) {
    const keys = await listAccessKeys(context.db, await getUser(context.db, keyOwner(context, params)));
    const shown = keys.map(({ access_key_id, status, created_ms }) => ({
      AccessKeyId: access_key_id,
      Status: status,
      CreateDate: ramTime(created_ms),
    }));
    return { AccessKeys: { AccessKey: shown } };
  },
});
