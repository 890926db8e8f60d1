import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { acceptsGzip } from '../accepts-gzip.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { NDJSON, NO_LOG, sendArchive, streamOf } from '../replies/log-download.ts';

/**
 * `GET /builds/ID/log.ndjson.gz`: one gzip member. For a sealed log, the stored archive, with Range; for a running one,
 * the lines so far.
 */
export default nativeOperation('getLogArchive', async (context, { id }, exchange) => {
  const { buildRecordId } = await buildWithLog(context, id);
  const { request, reply } = exchange;
  reply.header('vary', 'Accept-Encoding');
  const fileName = `${buildRecordId}.ndjson.gz`;
  // A client that decodes content encodings, such as `curl --compressed`, gets the text; any other gets the file.
  if (acceptsGzip(request)) reply.type(NDJSON).header('content-encoding', 'gzip');
  else reply.type('application/gzip').header('content-disposition', `attachment; filename="${fileName}"`);
  const log = await context.logbook.open(buildRecordId);
  const { seal, sizeBytes } = (await log?.reach()) ?? NO_LOG;
  if (log !== undefined && seal !== undefined) {
    sendArchive(log, seal, exchange);
    return undefined;
  }
  // What is compressed for this reply differs from what will be stored, so ranges are not supported.
  const archive = createGzip();
  pipeline(streamOf(log?.text(0, sizeBytes)), archive, () => undefined);
  reply.header('accept-ranges', 'none').send(archive);
  return undefined;
});
