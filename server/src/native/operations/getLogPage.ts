import type { Logbook } from '@slipway/logbook';
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
  const { lines, nextLine } = await linesOf(logbook, buildRecordId, offset, limit, filterOf(params));
  const state = logbook.state(buildRecordId);
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
