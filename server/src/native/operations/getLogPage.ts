import { type LogReader, readLines } from '@slipway/logbook';
import { type FilteredLines, filteredLines, filterOf, type LineFilter } from '#log/line-filter.ts';
import { lineReply } from '#log/log-reply.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';

const PAGE_DEFAULT_LINES = 100;

/** `GET /builds/ID/log`: a page of lines with all their fields. */
export default nativeOperation('getLogPage', async (context, params) => {
  const { logbook } = context;
  const { buildRecordId, status } = await buildWithLog(context, params.id);
  const { offset = 0, limit = PAGE_DEFAULT_LINES } = params;
  const log = await logbook.open(buildRecordId);
  const { lines, nextLine } = await linesOf(log, offset, limit, filterOf(params));
  const state = await log?.reach();
  const lineCount = state?.lineCount ?? 0;
  return {
    BuildRecordId: buildRecordId,
    Status: status,
    Offset: offset,
    TotalCount: lineCount,
    NextOffset: nextLine <= lineCount ? nextLine - 1 : undefined,
    Sealed: state?.sealed ?? false,
    Verdict: state?.seal?.verdict,
    Lines: lines.map(lineReply),
  };
});

async function linesOf(
  log: LogReader | undefined,
  offset: number,
  limit: number,
  filter: LineFilter | undefined,
): Promise<FilteredLines> {
  if (log === undefined) return { lines: [], nextLine: offset + 1 };
  if (filter !== undefined) return filteredLines(log, offset + 1, filter, limit);
  const lines = await readLines(log, offset, limit);
  return { lines, nextLine: offset + lines.length + 1 };
}
