import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type BlobStore, BlobTooLarge } from '#blob/blob.ts';
import { checkedBody } from '#gateway/checked-body.ts';
import { ApiError } from '#rpc/api-error.ts';
import { insertSourceArchive } from '#source/source-store.ts';
import { readQuery } from './api-query.ts';
import { REPOSITORY_NAME } from './build-routes.ts';
import { allow, type NativeApi, senderOf } from './native-api.ts';

/** Where sources are kept, and how large one may be. */
export interface SourceRoutesOptions {
  api: NativeApi;
  blobs: BlobStore;
  sourceLimitBytes: number;
}

/** `POST /sources`: a tar file with what is to be built, for `repository=NAMESPACE/NAME`. Its hash is signed, so that its bytes need not be held. */
export async function sourceRoutes(app: FastifyInstance, options: SourceRoutesOptions): Promise<void> {
  const { api } = options;
  app.addContentTypeParser('application/x-tar', (_request, _payload, done) => done(null));
  app.post('/sources', { config: { streamsBody: true } }, async (request) => {
    const { principal, contentSha256 } = await senderOf(api, request);
    const { repository } = readQuery(request, { repository: REPOSITORY_NAME });
    const place = repository === undefined ? api.instanceId : `${api.instanceId}/${repository}`;
    allow(api, { request, principal }, 'cr:BuildRepositoryByRule', `repository/${place}`);
    const archiveId = randomUUID();
    const stored = await storeArchive(options, archiveId, request.raw, contentSha256);
    const { instanceId, means } = api;
    await insertSourceArchive(means.db, { archiveId, instanceId, ...stored, createdMs: means.now() });
    return { RequestId: request.id, ArchiveId: archiveId };
  });
}

async function storeArchive(
  options: SourceRoutesOptions,
  archiveId: string,
  body: IncomingMessage,
  contentSha256: string | undefined,
): Promise<{ sizeBytes: number; sha256: string }> {
  try {
    const content = contentSha256 === undefined ? body : body.compose(checkedBody(contentSha256));
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
