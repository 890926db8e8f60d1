import type { Seal } from '@slipway/logbook';
import { findExpiredLog } from '#build/logs/expired-log-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildOf } from '../replies/build-of.ts';

/** `GET /builds/ID/log/seal`: the permanent facts about the whole log. The seal is kept longer than the log. */
export default nativeOperation('getSeal', async (context, { id }) => {
  const { buildRecordId, status, logExpiredMs } = await buildOf(context, id);
  const expired = logExpiredMs === undefined ? undefined : await findExpiredLog(context.db, buildRecordId);
  const seal = (expired?.seal as Seal | undefined) ?? (await context.logbook.reach(buildRecordId))?.seal;
  return {
    BuildRecordId: buildRecordId,
    Status: status,
    Sealed: seal !== undefined,
    LogExpireTime: logExpiredMs,
    Seal: seal,
  };
});
