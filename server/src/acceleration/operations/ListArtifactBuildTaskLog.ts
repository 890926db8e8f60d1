import { getInstance } from '#instance/instance-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { getAccelerationTask } from '../acceleration-store.ts';

/** The log of a conversion, page by page; empty before it begins. */
export default operation('ListArtifactBuildTaskLog', {
  async run({ db, logbook }, { InstanceId, BuildTaskId, Page, PageSize }) {
    await getInstance(db, InstanceId);
    await getAccelerationTask(db, InstanceId, BuildTaskId);
    if (Page < 1) throw invalidParameter('Page', `${Page} is less than 1.`);
    const { offset, limit } = planPage({ PageNo: Page, PageSize });
    const state = await logbook.reach(BuildTaskId);
    const lines = state === undefined ? [] : await logbook.lines(BuildTaskId, offset, limit);
    return {
      BuildTaskLogs: lines.map(({ message }, index) => ({ LineNumber: offset + index + 1, Message: message })),
      TotalCount: state?.lineCount ?? 0,
    };
  },
});
