import type { FastifyReply, FastifyRequest } from 'fastify';
import { findManifestOf, listImageParts } from '#image/manifest-store.ts';
import { readTokenDigest } from '#registry/tokens/token.ts';
import { bearerToken, sendError } from './registry-answer.ts';
import type { RegistryImages } from './registry-images.ts';

const PART_PATH = /^\/v2\/([\w.-]+)\/([\w.-]+)\/(?:manifests|blobs)\/(sha256(?::|%3a)[0-9a-f]{64})(?:\?|$)/i;

/** Refuses the bearer of a token for one image everything but that image and what it consists of. */
export async function refuseOtherImage(
  request: FastifyRequest,
  reply: FastifyReply,
  { db, instanceId }: Pick<RegistryImages, 'db' | 'instanceId'>,
): Promise<FastifyReply | undefined> {
  const token = bearerToken(request);
  const digest = token === undefined ? undefined : readTokenDigest(token);
  if (digest === undefined || /^\/v2\/?(?:\?|$)/.test(request.url)) return undefined;
  const [, namespaceName = '', name = '', asked = ''] = PART_PATH.exec(request.url) ?? [];
  const image = await findManifestOf(db, instanceId, { namespaceName, name }, digest);
  const part = asked.replace(/%3a/i, ':').toLowerCase();
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && image !== undefined && (await listImageParts(db, image.repoId, digest)).has(part)) return undefined;
  return sendError(reply, 403, 'DENIED', `the token is for the image ${digest} alone`);
}
