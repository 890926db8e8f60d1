import type { FastifyInstance } from 'fastify';
import { closeConsoleSession, openConsoleSession } from '#account/console-session.ts';
import { ApiError } from '#rpc/api-error.ts';
import { readQuery } from './api-query.ts';
import { callerOf, isBearer, type NativeApi } from './native-api.ts';

/**
 * `POST /session` gives whoever signed the request temporary credentials of the same identity, for the console to sign
 * with; `DELETE /session`, signed with them, ends them. Like GetCallerIdentity, no policy can take this away: the
 * credentials have no right that the caller does not have.
 */
export async function sessionRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { means, verifier, instanceId } = api;

  app.post('/session', async (request, reply) => {
    refuseOtherSites(request.headers['sec-fetch-site']);
    if (isBearer(request))
      throw new ApiError('NoPermission', 403, 'A bearer token opens no session; sign this request.');
    const caller = await callerOf(api, request, request.body as Buffer | undefined);
    readQuery(request, {});
    const session = await openConsoleSession(means, verifier.account, caller, means.now());
    reply.header('cache-control', 'no-store');
    return {
      RequestId: request.id,
      AccessKeyId: session.accessKeyId,
      AccessKeySecret: session.accessKeySecret,
      SecurityToken: session.securityToken,
      ExpireTime: session.expiresMs,
      Arn: caller.arn,
      InstanceId: instanceId,
    };
  });

  app.delete('/session', async (request) => {
    const caller = await callerOf(api, request);
    readQuery(request, {});
    await closeConsoleSession(means.db, caller.accessKeyId);
    return { RequestId: request.id };
  });
}

/** Fetch metadata (https://www.w3.org/TR/fetch-metadata/): a page of somewhere else has no business here. */
function refuseOtherSites(site: string | string[] | undefined): void {
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new ApiError('NoPermission', 403, `A page of another site (Sec-Fetch-Site: ${site}) opens no session.`);
}
