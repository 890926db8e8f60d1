import { acceptsGzip } from '../accepts-gzip.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { NDJSON, NO_LOG, rangeOf, sendArchive, streamOf } from '../replies/log-download.ts';

/**
 * `GET /builds/ID/log.ndjson`: the stored lines up to the end of the log at the time of the request, whole or a Range
 * of bytes.
 */
export default nativeOperation('getLogNdjson', async (context, { id }, exchange) => {
  const { buildRecordId } = await buildWithLog(context, id);
  const { request, reply } = exchange;
  const log = await context.logbook.open(buildRecordId);
  const { seal, sizeBytes } = (await log?.reach()) ?? NO_LOG;
  reply.type(NDJSON).header('vary', 'Accept-Encoding');
  if (log !== undefined && seal !== undefined && request.headers.range === undefined && acceptsGzip(request)) {
    reply.header('content-encoding', 'gzip');
    sendArchive(log, seal, exchange);
    return undefined;
  }
  const [start, end] = rangeOf(exchange, { etag: seal && `"${seal.sha256}"`, sizeBytes });
  reply.send(streamOf(log?.text(start, end)));
  return undefined;
});
