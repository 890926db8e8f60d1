import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BlobStore } from '#blob/blob.ts';
import { BlobTooLarge } from '#blob/blob.ts';
import { getBuildRecord } from '#build/build-store.ts';
import { requestBuild } from '#build/request-build.ts';
import { authenticateAcs3 } from '#gateway/authenticate-acs3.ts';
import { checkedBody } from '#gateway/checked-body.ts';
import type { Verifier } from '#gateway/verify-signature.ts';
import { decide } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import { getRepository } from '#repository/repository-store.ts';
import { ApiError } from '#rpc/api-error.ts';
import type { Means } from '#rpc/context.ts';
import { insertSourceArchive } from '#source/source-store.ts';
import { sendApiError } from './api-error-reply.ts';

/** What the native API needs. */
export interface ApiRoutesOptions {
  means: Means;
  verifier: Verifier;
  blobs: BlobStore;
  instanceId: string;
  sourceLimitBytes: number;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * The native API under `/api/v1`: what the vendor's API has no word for. Requests are signed as ACS3 with their path
 * as the canonical URI, and decided by the policies of the vendor's nearest operation.
 */
export async function apiRoutes(app: FastifyInstance, options: ApiRoutesOptions): Promise<void> {
  const { means, instanceId } = options;
  app.addContentTypeParser('application/x-tar', (_request, _payload, done) => done(null));
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_r, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, request, reply) => sendApiError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) =>
    sendApiError(reply, new ApiError('InvalidPath.NotFound', 404, `There is no ${request.url}.`), request.id),
  );

  app.post('/sources', async (request) => {
    const { principal, contentSha256 } = await authenticateAcs3(request.raw, options.verifier);
    allow(means, principal, 'cr:BuildRepositoryByRule', `repository/${instanceId}`);
    const archiveId = randomUUID();
    const stored = await storeArchive(options, archiveId, request.raw, contentSha256);
    await insertSourceArchive(means.db, { archiveId, instanceId, ...stored, createdMs: means.now() });
    return { RequestId: request.id, ArchiveId: archiveId };
  });

  app.post('/builds', async (request) => {
    const body = request.body as Buffer;
    const { principal } = await authenticateAcs3(request.raw, options.verifier, body);
    const record = await requestBuild(means, instanceId, parseJson(body), (action, resource) =>
      allow(means, principal, action, resource),
    );
    return { RequestId: request.id, ...record };
  });

  app.get<{ Params: { id: string } }>('/builds/:id', async (request) => {
    const { principal } = await authenticateAcs3(request.raw, options.verifier, Buffer.alloc(0));
    allow(means, principal, 'cr:GetRepositoryBuildRecord', `repository/${instanceId}`);
    return { RequestId: request.id, ...(await describeBuild(means, instanceId, request)) };
  });
}

async function storeArchive(
  options: ApiRoutesOptions,
  archiveId: string,
  body: IncomingMessage,
  contentSha256: string,
): Promise<{ sizeBytes: number; sha256: string }> {
  try {
    const content = body.compose(checkedBody(contentSha256));
    return await options.blobs.put(`sources/${archiveId}`, content, { limitBytes: options.sourceLimitBytes });
  } catch (error) {
    if (!(error instanceof BlobTooLarge)) throw error;
    throw new ApiError(
      'SOURCE_TOO_LARGE',
      413,
      `The source is larger than ${options.sourceLimitBytes} bytes. Leave files out with .dockerignore, or raise the server's setting source-limit-mebibytes.`,
    );
  }
}

function allow(means: Means, principal: Principal, action: string, resource: string): void {
  const decision = decide({ principal, action, resource: `acs:cr:${means.regionId}:${means.accountId}:${resource}` });
  if (!decision.allowed) throw new ApiError('NoPrivilege', 403, 'Access denied for this user.');
}

async function describeBuild(means: Means, instanceId: string, request: FastifyRequest<{ Params: { id: string } }>) {
  const record = await getBuildRecord(means.db, { instanceId, buildRecordId: request.params.id });
  const repository = await getRepository(means.db, instanceId, record.repoId);
  const seal = means.logbook.state(record.buildRecordId)?.seal;
  return {
    BuildRecordId: record.buildRecordId,
    InstanceId: record.instanceId,
    RepoId: record.repoId,
    Repository: `${repository.namespaceName}/${repository.name}`,
    ImageTag: record.imageTag,
    Status: record.status,
    Failure: record.failure && { Fault: record.failure.fault, Message: record.failure.message },
    ImageDigest: record.imageDigest,
    CommitId: record.commitId,
    CreateTime: record.createdMs,
    StartTime: record.startedMs,
    EndTime: record.endedMs,
    Seal: seal,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new ApiError('InvalidParameter', 400, `The body is not JSON: ${(error as Error).message}`);
  }
}
