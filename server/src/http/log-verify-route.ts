import type { FastifyInstance } from 'fastify';
import { readQuery } from './api-query.ts';
import { logReaderOf } from './log-reader.ts';
import type { BuildRequest, NativeApi } from './native-api.ts';

/** `GET /builds/ID/log/verify`: reads all of a log, checks it against its seal, and names what is damaged. */
export async function logVerifyRoute(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  app.get('/builds/:id/log/verify', async (request: BuildRequest) => {
    const { record } = await logReaderOf(api, request);
    readQuery(request, {});
    // A record that has not started has no log, and nothing of it can be damaged.
    const found = await api.means.logbook.verify(record.buildRecordId);
    return {
      RequestId: request.id,
      BuildRecordId: record.buildRecordId,
      Sealed: found?.sealed ?? false,
      TotalCount: found?.lineCount ?? 0,
      Damage: (found?.damage ?? []).map(({ block, firstLine, lastLine, reason }) => ({
        Block: block,
        FirstLine: firstLine,
        LastLine: lastLine,
        Reason: reason,
      })),
    };
  });
}
