import type { FastifyInstance } from 'fastify';
import type { BuildStep } from '#build/build-step.ts';
import { type StepLines, stepLines } from '#build/step-lines.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { readQuery } from './api-query.ts';
import { type BuildRequest, type NativeApi, readerOf } from './native-api.ts';

/** `GET /builds/ID/steps`: every step of the Dockerfile that has begun, in order. */
export async function stepRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { db, logbook } = api.means;

  app.get('/builds/:id/steps', async (request: BuildRequest) => {
    const { record } = await readerOf(api, request);
    readQuery(request, {});
    const { buildRecordId, status } = record;
    const steps = await listBuildSteps(db, buildRecordId);
    const lines = logbook.state(buildRecordId) ? stepLines(logbook.runs(buildRecordId)) : new Map<number, StepLines>();
    return {
      RequestId: request.id,
      BuildRecordId: buildRecordId,
      Status: status,
      Steps: steps.map((step) => stepReply(step, lines.get(step.step))),
    };
  });
}

/** A step as the native API tells of it. Times in milliseconds since 1970; what is not known yet is not there. */
function stepReply(step: BuildStep, lines: StepLines | undefined) {
  return {
    Step: step.step,
    Stage: step.stage,
    StageCount: step.stageCount,
    Number: step.number,
    NumberCount: step.numberCount,
    Instruction: step.instruction,
    Cached: step.cached,
    StartTime: step.startedMs,
    EndTime: step.endedMs,
    ExitCode: step.exitCode,
    FirstLine: lines?.firstLine,
    LastLine: lines?.lastLine,
  };
}
