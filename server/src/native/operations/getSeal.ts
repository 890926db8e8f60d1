import type { Seal } from '@slipway/logbook';
import { findExpiredLog } from '#build/expired-log-store.ts';
import { buildOf } from '../build-of.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /builds/ID/log/seal`: what is known of the whole log for good. It outlives the log. */
export default nativeOperation('getSeal', async (context, { id }) => {
  const { buildRecordId, status, logExpiredMs } = await buildOf(context, id);
  const expired = logExpiredMs === undefined ? undefined : await findExpiredLog(context.db, buildRecordId);
  const seal = (expired?.seal as Seal | undefined) ?? context.logbook.state(buildRecordId)?.seal;
  return {
    BuildRecordId: buildRecordId,
    Status: status,
    Sealed: seal !== undefined,
    LogExpireTime: logExpiredMs,
    Seal: seal,
  };
});
