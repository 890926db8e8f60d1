import { findKeyEndMs } from '#account/sessions/session-store.ts';
import { mintTemporaryPassword, TEMPORARY_USERS } from '#account/temporary-password.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { getInstance } from '../instance-store.ts';

const DEFAULT_HOURS = 1;
const MOST_HOURS = 24;
const HOUR_MS = 3_600_000;

export default operation('GetAuthorizationToken', {
  async run({ db, secrets, principal, now }, { InstanceId, ExpiresInHours: hours = DEFAULT_HOURS }) {
    if (hours < 1 || hours > MOST_HOURS) {
      throw invalidParameter('ExpiresInHours', `${hours} is not from 1 to ${MOST_HOURS}.`);
    }
    const { instanceId } = await getInstance(db, InstanceId);
    const keyEndsMs = await findKeyEndMs(db, principal.accessKeyId);
    const expiresMs = Math.min(now() + hours * HOUR_MS, keyEndsMs ?? Number.POSITIVE_INFINITY);
    return {
      AuthorizationToken: mintTemporaryPassword(secrets, { instanceId, principal, expiresMs }),
      TempUsername: TEMPORARY_USERS[0],
      ExpireTime: expiresMs,
    };
  },
});
