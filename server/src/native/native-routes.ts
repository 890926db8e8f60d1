import type { FastifyInstance } from 'fastify';
import { ApiError } from '#rpc/errors/api-error.ts';
import { hasBody } from '#signature/has-body.ts';
import { senderOf } from './caller.ts';
import { sendApiError } from './error-reply.ts';
import { nativeGateway } from './native-gateway.ts';
import type { NativeMeans } from './native-operation.ts';
import { openApiDocument } from './openapi.ts';
import { noteAnswers } from './request-note.ts';

/**
 * The native API under `/api/v1`, for everything that the vendor's API does not cover. Requests are signed as ACS3 with
 * their path as the canonical URI, and decided by the policies for the vendor's nearest operation.
 */
export async function nativeRoutes(app: FastifyInstance, { means }: { means: NativeMeans }): Promise<void> {
  noteAnswers(app, means);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendApiError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) => sendApiError(reply, noSuchPath(request.url), request.id));
  // The sender is authenticated before the body is read.
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (!hasBody(request.raw)) return payload;
    if (request.is404) throw noSuchPath(request.url);
    if (!request.routeOptions.config.anonymous) await senderOf(means, request);
    return payload;
  });
  const document = openApiDocument(means.version);
  app.get('/openapi.json', async () => document);
  await app.register(nativeGateway, { means });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads the body of an unsigned sender. */
    anonymous?: boolean;
  }
}

function noSuchPath(url: string): ApiError {
  return new ApiError('InvalidPath.NotFound', 404, `There is no ${url}.`);
}
