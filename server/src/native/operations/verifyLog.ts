import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { verificationReply } from '../replies/verification-reply.ts';

/** `GET /builds/ID/log/verify`: reads all of a log, checks it against its seal, and names what is damaged. */
export default nativeOperation('verifyLog', async (context, { id }) => {
  const { buildRecordId } = await buildWithLog(context, id);
  return verificationReply(buildRecordId, await context.logbook.verify(buildRecordId));
});
