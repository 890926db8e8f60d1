import type { RegexProgram } from '@slipway/logbook/search-regex.ts';
import type { FastifyInstance } from 'fastify';
import type { BlobStore } from '#blob/blob.ts';
import type { ListTags } from '#registry/tag-list.ts';
import { ApiError } from '#rpc/api-error.ts';
import { sendApiError } from './api-error-reply.ts';
import { buildRoutes } from './build-routes.ts';
import { callRoutes } from './call-routes.ts';
import { codeHostRoutes } from './code-host-routes.ts';
import { diffRoute } from './diff-route.ts';
import type { Followers } from './followers.ts';
import { logRoutes } from './log-routes.ts';
import { logSearchRoutes } from './log-search-routes.ts';
import { logStreamRoute } from './log-stream-route.ts';
import { logTextRoutes } from './log-text-routes.ts';
import { logVerifyRoute } from './log-verify-route.ts';
import { type NativeApi, senderOf } from './native-api.ts';
import { openApiDocument } from './openapi.ts';
import { policyRoutes } from './policy-routes.ts';
import { hasBody } from './request-body.ts';
import { noteAnswers } from './request-note.ts';
import { SearchGate } from './search-gate.ts';
import { secretRoutes } from './secret-routes.ts';
import { sectionRoutes } from './section-routes.ts';
import { serverRoutes } from './server-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { sourceRoutes } from './source-routes.ts';
import { statisticsRoute } from './statistics-route.ts';
import { stepRoutes } from './step-routes.ts';
import { tagRoutes } from './tag-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** What the native API needs. */
export interface ApiRoutesOptions extends NativeApi {
  blobs: BlobStore;
  followers: Followers;
  /** Reads the tags of the registry. */
  listTags: ListTags;
  /** The program for regular expressions. */
  program: RegexProgram;
  sourceLimitBytes: number;
  /** What the sent folders of one sender may take. */
  sentLimitBytes: number;
  /** How clients and code hosts reach this port. */
  publicUrl: string;
  /** The same, where it was set. */
  givenPublicUrl?: string | undefined;
  version: string;
}

// Two at once leave the other requests their share of a small machine.
const SEARCH_LIMITS = { running: 2, each: 4, eachAddress: 16, total: 64 };

/**
 * The native API under `/api/v1`: what the vendor's API has no word for. Requests are signed as ACS3 with their path
 * as the canonical URI, and decided by the policies of the vendor's nearest operation.
 */
export async function apiRoutes(app: FastifyInstance, options: ApiRoutesOptions): Promise<void> {
  const {
    blobs,
    followers,
    program,
    sourceLimitBytes,
    sentLimitBytes,
    publicUrl,
    givenPublicUrl,
    version,
    listTags,
    ...api
  } = options;
  noteAnswers(app, api);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendApiError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) => sendApiError(reply, noSuchPath(request.url), request.id));
  // Who sends is asked before the body is read.
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (!hasBody(request.raw)) return payload;
    if (request.is404) throw noSuchPath(request.url);
    if (!request.routeOptions.config.anonymous) await senderOf(api, request);
    return payload;
  });
  const document = openApiDocument(version);
  app.get('/openapi.json', async () => document);
  await app.register(serverRoutes, { api, version, publicUrl: givenPublicUrl });
  await app.register(sourceRoutes, { api, blobs, sourceLimitBytes, sentLimitBytes });
  await app.register(tokenRoutes, { api });
  await app.register(sessionRoutes, { api });
  await app.register(policyRoutes, { api });
  await app.register(callRoutes, { api });
  await app.register(buildRoutes, { api });
  await app.register(statisticsRoute, { api });
  await app.register(tagRoutes, { api, listTags });
  await app.register(logRoutes, { api });
  await app.register(stepRoutes, { api });
  await app.register(codeHostRoutes, { api, publicUrl });
  await app.register(secretRoutes, { api });
  await app.register(logTextRoutes, { api });
  await app.register(logVerifyRoute, { api });
  await app.register(logStreamRoute, { api, followers });
  const gate = new SearchGate(SEARCH_LIMITS);
  await app.register(diffRoute, { api, gate });
  await app.register(logSearchRoutes, { api, program, gate });
  await app.register(sectionRoutes, { api, program, gate });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes a body of who has not signed it. */
    anonymous?: boolean;
  }
}

function noSuchPath(url: string): ApiError {
  return new ApiError('InvalidPath.NotFound', 404, `There is no ${url}.`);
}
