import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type BearerToken,
  issueBearerToken,
  listBearerTokens,
  revokeBearerToken,
} from '#account/bearer-token-store.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError, invalidParameter } from '#rpc/api-error.ts';
import { readQuery } from './api-query.ts';
import { allow, callerOf, isBearer, type NativeApi } from './native-api.ts';

/**
 * `POST /tokens` issues a bearer token to whoever signed the request, `GET /tokens` lists the caller's, `DELETE
 * /tokens/ID` revokes one of them.
 */
export async function tokenRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { means, verifier } = api;

  app.post('/tokens', async (request) => {
    // A token that could make tokens would have no end.
    if (isBearer(request))
      throw invalidParameter('Authorization', 'a bearer token cannot make tokens; sign this request.');
    const caller = await tokenHolder(api, request, request.body as Buffer | undefined);
    const issue = { tokenId: means.newId('tok'), nowMs: means.now() };
    const { token, ...issued } = await issueBearerToken(means.db, verifier.account, caller, issue);
    return { RequestId: request.id, Token: token, ...tokenReply(issued) };
  });

  app.get('/tokens', async (request) => {
    const caller = await tokenHolder(api, request);
    const tokens = await listBearerTokens(means.db, caller, means.now());
    return { RequestId: request.id, Tokens: tokens.map(tokenReply) };
  });

  app.delete('/tokens/:tokenId', async (request: FastifyRequest<{ Params: { tokenId: string } }>) => {
    const caller = await tokenHolder(api, request);
    if (!(await revokeBearerToken(means.db, caller, request.params.tokenId))) {
      throw new ApiError(
        'BEARER_TOKEN_NOT_EXIST',
        404,
        'You have no bearer token of this TokenId that could be revoked.',
      );
    }
    return { RequestId: request.id };
  });
}

async function tokenHolder(api: NativeApi, request: FastifyRequest, body?: Buffer): Promise<Principal> {
  const caller = await callerOf(api, request, body);
  readQuery(request, {});
  allow(api, { request, principal: caller }, 'cr:GetAuthorizationToken', `repository/${api.instanceId}`);
  return caller;
}

function tokenReply(token: BearerToken) {
  return {
    TokenId: token.tokenId,
    AccessKeyId: token.accessKeyId,
    CreateTime: token.createdMs,
    ExpireTime: token.expiresMs,
  };
}
