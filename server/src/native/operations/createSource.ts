import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BlobTooLarge } from '#blob/blob.ts';
import { refuseWithoutBuilds } from '#build/errors.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { checkedBody } from '#signature/checked-body.ts';
import { insertSourceArchive } from '#source/source-store.ts';
import { senderOf } from '../caller.ts';
import { nativeOperation } from '../native-operation.ts';

/**
 * `POST /sources`: a tar file with the source to build, for `repository=NAMESPACE/NAME`. Its hash is signed, so its
 * bytes need not be held in memory.
 */
export default nativeOperation('createSource', async (context, _params, { request }) => {
  refuseWithoutBuilds(context);
  const { db, instanceId, principal, now } = context;
  const { blobs, quota, limitBytes } = context.sources;
  const { contentSha256 } = await senderOf(context, request);
  const announcedBytes = Number(request.headers['content-length'] ?? 0);
  if (announcedBytes > limitBytes) throw sourceTooLarge(limitBytes);
  const [archiveId, owner] = [randomUUID(), ownerOf(principal)];
  await quota
    .take(owner, bytesOf(request.raw), announcedBytes, async (content) => {
      const checked = contentSha256 === undefined ? content : checkedBody(content, contentSha256);
      const stored = await blobs.put(`sources/${archiveId}`, Readable.from(checked), { limitBytes });
      await insertSourceArchive(db, { archiveId, instanceId, owner, ...stored, createdMs: now() });
    })
    .catch((error: unknown) => {
      throw error instanceof BlobTooLarge ? sourceTooLarge(limitBytes) : error;
    });
  return { ArchiveId: archiveId };
});

/** Every session of a role is charged to the role. */
function ownerOf(principal: Principal): string {
  return principal.kind === 'assumed-role' ? `role ${principal.roleId}` : principal.arn;
}

/** The body of a request. The connection stays open if nobody reads on, so that a refusal can still be sent. */
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
