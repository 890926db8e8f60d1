import type { FastifyInstance } from 'fastify';
import { findExpiredLog } from '#build/expired-log-store.ts';
import { integer, readQuery } from './api-query.ts';
import { logReaderOf } from './log-reader.ts';
import { lineReply } from './log-reply.ts';
import { type BuildRequest, type NativeApi, readerOf } from './native-api.ts';

const PAGE_DEFAULT_LINES = 100;
const PAGE_LIMIT_LINES = 1000;

const PAGE_QUERY = { offset: integer(0, Number.MAX_SAFE_INTEGER), limit: integer(1, PAGE_LIMIT_LINES) };

/** `GET /builds/ID/log`: a page of lines with all that is known of each; `GET /builds/ID/log/seal`: what is known of all. */
export async function logRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { db, logbook } = api.means;

  app.get('/builds/:id/log', async (request: BuildRequest) => {
    const { record } = await logReaderOf(api, request);
    const { offset = 0, limit = PAGE_DEFAULT_LINES } = readQuery(request, PAGE_QUERY);
    const state = logbook.state(record.buildRecordId);
    const lines = state ? logbook.lines(record.buildRecordId, offset, limit) : [];
    return {
      RequestId: request.id,
      BuildRecordId: record.buildRecordId,
      Status: record.status,
      Offset: offset,
      TotalCount: state?.lineCount ?? 0,
      Sealed: state?.sealed ?? false,
      Verdict: state?.seal?.verdict,
      Lines: lines.map(lineReply),
    };
  });

  app.get('/builds/:id/log/seal', async (request: BuildRequest) => {
    const { record } = await readerOf(api, request);
    readQuery(request, {});
    const { buildRecordId, status, logExpiredMs } = record;
    const expired = logExpiredMs === undefined ? undefined : await findExpiredLog(db, buildRecordId);
    const seal = expired?.seal ?? logbook.state(buildRecordId)?.seal;
    return {
      RequestId: request.id,
      BuildRecordId: buildRecordId,
      Status: status,
      Sealed: seal !== undefined,
      LogExpireTime: logExpiredMs,
      Seal: seal,
    };
  });
}
