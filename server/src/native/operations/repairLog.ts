import { verdictOfUnsealed } from '#build/logs/log-verdict.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { verificationReply } from '../replies/verification-reply.ts';

/**
 * `POST /builds/ID/log/repair`: repairs the log of a build that has ended as far as possible, and names what is still
 * damaged.
 */
export default nativeOperation('repairLog', async (context, { id }) => {
  const { logbook } = context;
  const record = await buildWithLog(context, id);
  const { buildRecordId, endedMs } = record;
  if (endedMs === undefined)
    throw new ApiError('BUILD_LOG_NOT_SEALED', 409, 'The build has not ended: its log is being written.');
  const seal = await logbook.repair(buildRecordId, verdictOfUnsealed(record));
  const found = await logbook.verify(buildRecordId);
  return { ...verificationReply(buildRecordId, found), Repaired: seal !== undefined, Seal: seal };
});
