import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type BlobStore, BlobTooLarge } from '#blob/blob.ts';
import { checkedBody } from '#gateway/checked-body.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/api-error.ts';
import { insertSourceArchive, sumSourceArchives } from '#source/source-store.ts';
import { readQuery } from './api-query.ts';
import { REPOSITORY_NAME } from './build-routes.ts';
import { allow, type NativeApi, senderOf } from './native-api.ts';
import { SentQuota } from './sent-quota.ts';

/** Where sources are kept, how large one may be, and what all of one sender may take. */
export interface SourceRoutesOptions {
  api: NativeApi;
  blobs: BlobStore;
  sourceLimitBytes: number;
  sentLimitBytes: number;
}

/** `POST /sources`: a tar file with what is to be built, for `repository=NAMESPACE/NAME`. Its hash is signed, so that its bytes need not be held. */
export async function sourceRoutes(app: FastifyInstance, options: SourceRoutesOptions): Promise<void> {
  const { api, blobs, sourceLimitBytes: limitBytes } = options;
  const { means, instanceId } = api;
  const quota = new SentQuota(options.sentLimitBytes, (owner) => sumSourceArchives(means.db, owner));
  app.addContentTypeParser('application/x-tar', (_request, _payload, done) => done(null));
  app.post('/sources', { config: { streamsBody: true } }, async (request) => {
    const { principal, contentSha256 } = await senderOf(api, request);
    const { repository } = readQuery(request, { repository: REPOSITORY_NAME });
    const place = repository === undefined ? api.instanceId : `${api.instanceId}/${repository}`;
    allow(api, { request, principal }, 'cr:BuildRepositoryByRule', `repository/${place}`);
    const announcedBytes = Number(request.headers['content-length'] ?? 0);
    if (announcedBytes > limitBytes) throw sourceTooLarge(limitBytes);
    const [archiveId, owner] = [randomUUID(), ownerOf(principal)];
    await quota
      .take(owner, bytesOf(request.raw), announcedBytes, async (content) => {
        const checked = contentSha256 === undefined ? content : checkedBody(content, contentSha256);
        const stored = await blobs.put(`sources/${archiveId}`, Readable.from(checked), { limitBytes });
        await insertSourceArchive(means.db, { archiveId, instanceId, owner, ...stored, createdMs: means.now() });
      })
      .catch((error: unknown) => {
        throw error instanceof BlobTooLarge ? sourceTooLarge(limitBytes) : error;
      });
    return { RequestId: request.id, ArchiveId: archiveId };
  });
}

/** Every session of a role counts for the role. */
function ownerOf(principal: Principal): string {
  return principal.kind === 'assumed-role' ? `role ${principal.roleId}` : principal.arn;
}

/** The body of a request, whose connection stays open if nobody reads on: a refusal still goes out on it. */
function bytesOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function sourceTooLarge(limitBytes: number): ApiError {
  return new ApiError(
    'SOURCE_TOO_LARGE',
    413,
    `The source is larger than ${limitBytes} bytes. Leave files out with .dockerignore, or raise the server's setting source-limit-mebibytes.`,
  );
}
