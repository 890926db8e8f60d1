import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { BlobTooLarge } from '#blob/blob.ts';
import { refuseWithoutBuilds } from '#build/errors.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { checkedBody } from '#signature/checked-body.ts';
import { insertSourceArchive } from '#source/source-store.ts';
import type { NativeContext } from './native-operation.ts';

/**
 * Stores a source of `sizeBytes`, or of an unknown size if that is 0, as a folder that its caller sent. `open` is called
 * once the caller may send as much; `put` reads what it returns, and stores it. Throws `SOURCE_TOO_LARGE` and `SOURCE_QUOTA_EXCEEDED`.
 */
export async function storeSource(
  context: NativeContext,
  sizeBytes: number,
  open: () => AsyncIterable<Buffer>,
  put: PutSource = (key, content) =>
    context.sources.blobs.put(key, content, { limitBytes: context.sources.limitBytes }),
): Promise<{ ArchiveId: string }> {
  refuseWithoutBuilds(context);
  const { db, instanceId, principal, now } = context;
  const { quota, limitBytes } = context.sources;
  if (sizeBytes > limitBytes) throw sourceTooLarge(limitBytes);
  const [archiveId, owner] = [randomUUID(), ownerOf(principal)];
  await quota
    .take(owner, open(), sizeBytes, async (content) => {
      const stored = await put(`sources/${archiveId}`, Readable.from(content));
      await insertSourceArchive(db, { archiveId, instanceId, owner, ...stored, createdMs: now() });
    })
    .catch((error: unknown) => {
      throw error instanceof BlobTooLarge ? sourceTooLarge(limitBytes) : error;
    });
  return { ArchiveId: archiveId };
}

/** Reads a source to its end and stores it under a key. */
export type PutSource = (key: string, content: Readable) => Promise<{ sizeBytes: number; sha256: string }>;

/** To whom a sent folder is charged. Every session of a role is charged to the role. */
export function ownerOf(principal: Principal): string {
  return principal.kind === 'assumed-role' ? `role ${principal.roleId}` : principal.arn;
}

/**
 * The body of a request, which ends with an error unless it has the signed hash: its bytes need not be held in memory.
 * The connection stays open if nobody reads on, so that a refusal can still be sent.
 */
export function bodyOf(request: FastifyRequest, contentSha256: string | undefined): AsyncIterable<Buffer> {
  const body = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  return contentSha256 === undefined ? body : checkedBody(body, contentSha256);
}

function sourceTooLarge(limitBytes: number): ApiError {
  return new ApiError(
    'SOURCE_TOO_LARGE',
    413,
    `The source is larger than ${limitBytes} bytes. Leave files out with .dockerignore, or raise the server's setting source-limit-mebibytes.`,
  );
}
