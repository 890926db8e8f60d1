import type { BuildStep } from '#build/build-step.ts';
import { type StepLines, stepLines } from '#build/diff/step-lines.ts';
import { listStretches } from '#build/logs/log-stretches.ts';
import { listBuildSteps } from '#build/step-store.ts';
import type { Step } from '#rpc/native-types.gen.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildOf } from '../replies/build-of.ts';

/** `GET /builds/ID/steps`: every step of the Dockerfile that has begun, in order. */
export default nativeOperation('listSteps', async (context, { id }) => {
  const { db, logbook } = context;
  const { buildRecordId, status } = await buildOf(context, id);
  const steps = await listBuildSteps(db, buildRecordId);
  const log = await logbook.open(buildRecordId);
  const lines = stepLines(log ? await listStretches(log) : []);
  return {
    BuildRecordId: buildRecordId,
    Status: status,
    Steps: steps.map((step) => stepReply(step, lines.get(step.step))),
  };
});

/** Fields that are not known yet are absent. */
function stepReply(step: BuildStep, lines: StepLines | undefined): Step {
  return {
    Step: step.step,
    Stage: step.stage,
    StageCount: step.stageCount,
    StageName: step.stageName,
    Number: step.number,
    NumberCount: step.numberCount,
    Instruction: step.instruction,
    Platform: step.platform,
    TargetPlatform: step.targetPlatform,
    Cached: step.cached,
    StartTime: step.startedMs,
    EndTime: step.endedMs,
    ExitCode: step.exitCode,
    FirstLine: lines?.firstLine,
    LastLine: lines?.lastLine,
  };
}
