import { buildWithLog } from '../build-of.ts';
import { nativeOperation } from '../native-operation.ts';
import { verificationReply } from '../verification-reply.ts';

/** `GET /builds/ID/log/verify`: reads all of a log, checks it against its seal, and names what is damaged. */
export default nativeOperation('verifyLog', async (context, { id }) => {
  const { buildRecordId } = await buildWithLog(context, id);
  return verificationReply(buildRecordId, await context.logbook.verify(buildRecordId));
});
