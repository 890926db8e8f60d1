import type { FastifyInstance } from 'fastify';
import { readQuery } from './api-query.ts';
import { failureCard } from './failure-card.ts';
import type { SearchRoutesOptions } from './log-search-routes.ts';
import { listSteps } from './log-steps.ts';
import { type BuildRequest, readerOf } from './native-api.ts';

/** `GET /builds/ID/steps`: where each stage and step stands in the log; `GET /builds/ID/card`: why the build failed. */
export async function logStepsRoutes(app: FastifyInstance, options: SearchRoutesOptions): Promise<void> {
  const { api, program, gate } = options;
  const { logbook } = api.means;

  app.get('/builds/:id/steps', async (request: BuildRequest) => {
    const { record } = await readerOf(api, request);
    readQuery(request, {});
    const steps = logbook.state(record.buildRecordId) ? await listSteps(logbook, record.buildRecordId) : [];
    return {
      RequestId: request.id,
      BuildRecordId: record.buildRecordId,
      Steps: steps.map((step) => ({
        BuildStage: step.stage,
        Step: step.step,
        Attempt: step.attempt,
        Instruction: step.instruction,
        FirstLine: step.firstLine,
        LineCount: step.lineCount,
        StartTime: step.startMs,
        EndTime: step.endMs,
      })),
    };
  });

  app.get('/builds/:id/card', async (request: BuildRequest) => {
    const { principal, record } = await readerOf(api, request);
    readQuery(request, {});
    const card = await gate.run(principal.arn, () => failureCard(api, program, record));
    return { RequestId: request.id, ...card };
  });
}
