import type { Logbook, Page } from '@slipway/logbook';
import { operation } from '#rpc/operation.ts';
import { findLogIdAgain, getLogId, refuseLostLog } from '../logs/log-id-store.ts';

/** Lines per page, from the vendor's sample reply. `PageSize` has this value for a short page too. */
const PAGE_SIZE = 100;
const NO_LINES = { totalCount: 0, latin1: '' };

/**
 * The operation that everything else serves. Line k is at `Offset` k − 1, in running and sealed logs alike. Lines are sent as
 * the bytes that the log engine stores.
 */
export default operation('ListRepoBuildRecordLog', {
  async run(context, params) {
    const place = { instanceId: params.InstanceId, repoId: params.RepoId, buildRecordId: params.BuildRecordId };
    const offset = params.Offset ?? 0;
    const logId = findLogIdAgain(context.db, place) ?? (await getLogId(context.db, place));
    const page = (await findPage(context.logbook, logId, offset)) ?? NO_LINES;
    // If there is no log, it may have expired since the record was read, or it is lost.
    if (page === NO_LINES) await refuseLostLog(context, await getLogId(context.db, place));
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
async function findPage(logbook: Logbook, logId: string, offset: number): Promise<Page | undefined> {
  const log = await logbook.open(logId);
  if (log === undefined) return undefined;
  return log.page(offset, PAGE_SIZE);
}
