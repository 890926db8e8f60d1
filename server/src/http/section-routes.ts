import type { FastifyInstance } from 'fastify';
import { findExpiredLog } from '#build/expired-log-store.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { readQuery } from './api-query.ts';
import { failureCard } from './failure-card.ts';
import { logReaderOf } from './log-reader.ts';
import type { SearchRoutesOptions } from './log-search-routes.ts';
import { listSections } from './log-sections.ts';
import { type BuildRequest, readerOf } from './native-api.ts';

/** `GET /builds/ID/log/sections`: where each stage and step stands in the log; `GET /builds/ID/card`: why the build failed. */
export async function sectionRoutes(app: FastifyInstance, options: SearchRoutesOptions): Promise<void> {
  const { api, program, gate } = options;
  const { db, logbook } = api.means;

  app.get('/builds/:id/log/sections', async (request: BuildRequest) => {
    const { record } = await logReaderOf(api, request);
    readQuery(request, {});
    const { buildRecordId } = record;
    const sections = logbook.state(buildRecordId)
      ? await listSections(logbook, buildRecordId, await listBuildSteps(db, buildRecordId))
      : [];
    return {
      RequestId: request.id,
      BuildRecordId: buildRecordId,
      Sections: sections.map((section) => ({
        BuildStage: section.stage,
        Step: section.step,
        Attempt: section.attempt,
        Instruction: section.instruction,
        FirstLine: section.firstLine,
        LineCount: section.lineCount,
        StartTime: section.startMs,
        EndTime: section.endMs,
      })),
    };
  });

  app.get('/builds/:id/card', async (request: BuildRequest) => {
    const { principal, record } = await readerOf(api, request);
    readQuery(request, {});
    const expired = record.logExpiredMs === undefined ? undefined : await findExpiredLog(db, record.buildRecordId);
    const card = expired?.card ?? (await gate.run(principal, () => failureCard(api, program, record)));
    return { RequestId: request.id, ...card };
  });
}
