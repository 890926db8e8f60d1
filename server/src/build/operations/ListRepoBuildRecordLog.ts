import type { Logbook } from '@slipway/logbook';
import { operation } from '#rpc/operation.ts';
import { findLogIdAgain, getLogId, refuseLostLog } from '../logs/log-id-store.ts';

/** Lines per page, from the vendor's sample reply. `PageSize` has this value for a short page too. */
const PAGE_SIZE = 100;
const NO_LINES: StoredPage = { totalCount: 0, latin1: '' };

/** The Latin-1 text of a page's bytes. */
interface StoredPage {
  totalCount: number;
  latin1: string;
}

/**
 * The operation that everything else serves. Line k is at `Offset` k − 1, in running and sealed logs alike. Lines are sent as
 * the bytes that the log engine stores.
 */
export default operation('ListRepoBuildRecordLog', {
  async run(context, params) {
    const place = { instanceId: params.InstanceId, repoId: params.RepoId, buildRecordId: params.BuildRecordId };
    const offset = params.Offset ?? 0;
    const logId = findLogIdAgain(context.db, place) ?? (await getLogId(context.db, place));
    const page = findPage(context.logbook, logId, offset) ?? NO_LINES;
    // If there is no log, it may have expired since the record was read, or it is lost.
    if (page === NO_LINES) await refuseLostLog(context.db, await getLogId(context.db, place));
    return {
      body: {
        PageNo: Math.floor(offset / PAGE_SIZE) + 1,
        PageSize: PAGE_SIZE,
        TotalCount: String(page.totalCount),
        rawArray: { name: 'BuildRecordLogs', latin1: page.latin1 },
      },
    };
  },
});

/** The page, or undefined: a record that has not started has no log yet. */
function findPage(logbook: Logbook, logId: string, offset: number): StoredPage | undefined {
  if (!logbook.state(logId)) return undefined;
  const { totalCount, bytes } = logbook.pageView(logId, offset, PAGE_SIZE);
  return { totalCount, latin1: bytes.toString('latin1') };
}
