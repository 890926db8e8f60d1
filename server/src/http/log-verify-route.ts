import type { Verification } from '@slipway/logbook/verify.ts';
import type { FastifyInstance } from 'fastify';
import type { BuildRecord } from '#build/build.ts';
import { verdictOfUnsealed } from '#build/log-verdict.ts';
import { ApiError } from '#rpc/api-error.ts';
import { readQuery } from './api-query.ts';
import { logReaderOf, refuseExpired } from './log-reader.ts';
import { allowOnBuild, type BuildRequest, callerOf, type NativeApi } from './native-api.ts';

/**
 * `GET /builds/ID/log/verify`: reads all of a log, checks it against its seal, and names what is damaged.
 * `POST /builds/ID/log/repair`: mends what can be mended of the log of a build that has ended, and names what is still damaged.
 */
export async function logVerifyRoute(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { logbook } = api.means;

  app.get('/builds/:id/log/verify', async (request: BuildRequest) => {
    const { record } = await logReaderOf(api, request);
    readQuery(request, {});
    return verifyReply(request.id, record, await logbook.verify(record.buildRecordId));
  });

  app.post('/builds/:id/log/repair', async (request: BuildRequest) => {
    const principal = await callerOf(api, request, (request.body as Buffer | undefined) ?? Buffer.alloc(0));
    readQuery(request, {});
    const { record } = await allowOnBuild(api, { request, principal }, 'cr:UpdateRepository');
    refuseExpired(record);
    if (record.endedMs === undefined) {
      throw new ApiError('BUILD_LOG_NOT_SEALED', 409, 'The build has not ended: its log is being written.');
    }
    const seal = await logbook.repair(record.buildRecordId, verdictOfUnsealed(record));
    const found = await logbook.verify(record.buildRecordId);
    return { ...verifyReply(request.id, record, found), Repaired: seal !== undefined, Seal: seal };
  });
}

/** A record that has not started has no log, and nothing of it can be damaged. */
function verifyReply(requestId: string, record: BuildRecord, found: Verification | undefined) {
  return {
    RequestId: requestId,
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
}
