import type { Logbook } from '@slipway/logbook';
import type { FastifyInstance } from 'fastify';
import { findExpiredLog } from '#build/expired-log-store.ts';
import { integer, readQuery } from './api-query.ts';
import { FILTER_QUERY, type FilteredLines, filteredLines, filterOf, type LineFilter } from './line-filter.ts';
import { logReaderOf } from './log-reader.ts';
import { lineReply } from './log-reply.ts';
import { type BuildRequest, type NativeApi, readerOf } from './native-api.ts';

const PAGE_DEFAULT_LINES = 100;
const PAGE_LIMIT_LINES = 1000;

const PAGE_QUERY = {
  offset: integer(0, Number.MAX_SAFE_INTEGER - 1),
  limit: integer(1, PAGE_LIMIT_LINES),
  ...FILTER_QUERY,
};

/** `GET /builds/ID/log`: a page of lines with all that is known of each; `GET /builds/ID/log/seal`: what is known of all. */
export async function logRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { db, logbook } = api.means;

  app.get('/builds/:id/log', async (request: BuildRequest) => {
    const { record } = await logReaderOf(api, request);
    const query = readQuery(request, PAGE_QUERY);
    const { offset = 0, limit = PAGE_DEFAULT_LINES } = query;
    const { lines, nextLine } = await linesOf(logbook, record.buildRecordId, offset, limit, filterOf(query));
    const state = logbook.state(record.buildRecordId);
    const lineCount = state?.lineCount ?? 0;
    return {
      RequestId: request.id,
      BuildRecordId: record.buildRecordId,
      Status: record.status,
      Offset: offset,
      TotalCount: lineCount,
      NextOffset: nextLine <= lineCount ? nextLine - 1 : undefined,
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

async function linesOf(
  logbook: Logbook,
  id: string,
  offset: number,
  limit: number,
  filter: LineFilter | undefined,
): Promise<FilteredLines> {
  if (logbook.state(id) === undefined) return { lines: [], nextLine: offset + 1 };
  if (filter !== undefined) return filteredLines(logbook, id, offset + 1, filter, limit);
  const lines = logbook.lines(id, offset, limit);
  return { lines, nextLine: offset + lines.length + 1 };
}
