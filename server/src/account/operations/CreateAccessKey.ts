import { randomBytes } from 'node:crypto';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { accessKeyRecord, insertAccessKey } from '../keys/access-key-store.ts';
import { keyOwner, keyOwnerResource } from '../keys/key-owner.ts';
import { ramTime } from '../names.ts';
import { getUser } from '../user-store.ts';

export default operation('CreateAccessKey', {
  resource: keyOwnerResource,
  async run(context, params) {
    const accessKeyId = `LTAI${letters(20)}`;
    const secret = letters(30);
    const nowMs = context.now();
    await changeAccount(context.db, async (trx) => {
      const user = await getUser(trx, keyOwner(context, params));
      await insertAccessKey(trx, user, {
        access_key_id: accessKeyId,
        user_id: user.user_id,
        sealed_secret: context.secrets.seal(accessKeyRecord(accessKeyId), secret),
        status: 'Active',
        created_ms: nowMs,
        last_used_ms: null,
      });
    });
    return {
      AccessKey: {
        AccessKeyId: accessKeyId,
        AccessKeySecret: secret,
        Status: 'Active',
        CreateDate: ramTime(nowMs),
      },
    };
  },
});

/** Random letters and digits, with about six bits of randomness each. */
function letters(count: number): string {
  return randomBytes(count * 2)
    .toString('base64url')
    .replaceAll(/[-_]/g, '')
    .slice(0, count);
}
