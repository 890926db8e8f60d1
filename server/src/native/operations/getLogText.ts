import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { NO_LOG, plainText, streamOf, timedText } from '../replies/log-download.ts';

/**
 * `GET /builds/ID/log.txt`: the messages up to the end of the log at the time of the request; with `timestamps=true`
 * each after its time.
 */
export default nativeOperation('getLogText', async (context, { id, timestamps = false }, { reply }) => {
  const { buildRecordId } = await buildWithLog(context, id);
  const log = await context.logbook.open(buildRecordId);
  const { lineCount } = (await log?.reach()) ?? NO_LOG;
  const text = log && (timestamps ? timedText(log, lineCount) : plainText(log, lineCount));
  reply.type('text/plain; charset=utf-8').send(streamOf(text));
  return undefined;
});
