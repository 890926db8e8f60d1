import type { Logbook, Page } from '@slipway/logbook';
import { operation } from '#rpc/operation.ts';
import { getLogId } from '../log-place.ts';

/** Lines a page, as the vendor's sample reply says; it stands in `PageSize` of a short page too. */
const PAGE_SIZE = 100;

/**
 * The operation that everything serves. Line k stands at `Offset` k − 1, running or sealed alike; the lines go out as
 * the bytes that the log engine holds.
 */
export default operation('ListRepoBuildRecordLog', {
  async run(context, params) {
    const logId = await getLogId(context.db, {
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      buildRecordId: params.BuildRecordId,
    });
    const offset = params.Offset ?? 0;
    const page = readPage(context.logbook, logId, offset);
    return {
      body: {
        PageNo: Math.floor(offset / PAGE_SIZE) + 1,
        PageSize: PAGE_SIZE,
        TotalCount: String(page.totalCount),
        rawArray: { name: 'BuildRecordLogs', bytes: page.bytes },
      },
    };
  },
});

/** A record that has not started has no log yet: it is empty then. */
function readPage(logbook: Logbook, logId: string, offset: number): Pick<Page, 'totalCount' | 'bytes'> {
  if (!logbook.state(logId)) return { totalCount: 0, bytes: Buffer.alloc(0) };
  return logbook.page(logId, offset, PAGE_SIZE);
}
