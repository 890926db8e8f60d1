import { listBuildSteps } from '#build/step-store.ts';
import { listSections } from '#log/log-sections.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';

/** `GET /builds/ID/log/sections`: where each stage and step begins in the log. */
export default nativeOperation('listSections', async (context, { id }) => {
  const { db, logbook } = context;
  const { buildRecordId } = await buildWithLog(context, id);
  const log = await logbook.open(buildRecordId);
  const sections = log ? await listSections(log, await listBuildSteps(db, buildRecordId)) : [];
  return {
    BuildRecordId: buildRecordId,
    Sections: sections.map((section) => ({
      BuildStage: section.stage,
      Step: section.step,
      Attempt: section.attempt,
      Place: section.place,
      Instruction: section.instruction,
      Platform: section.platform,
      FirstLine: section.firstLine,
      LineCount: section.lineCount,
      StartTime: section.startMs,
      EndTime: section.endMs,
    })),
  };
});
