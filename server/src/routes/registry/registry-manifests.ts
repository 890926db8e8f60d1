import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { deleteTag } from '#image/change-tag.ts';
import { type Actor, isDigest, type PushingBuild } from '#image/image.ts';
import { ManifestMistake, PUSHED_MANIFEST_LIMIT_BYTES } from '#image/manifest.ts';
import { hideManifest } from '#image/manifest-store.ts';
import { BuildGone } from '#image/push-store.ts';
import { handlePassing } from '#port/passing-fault.ts';
import { DigestMistake, pushManifest } from '#registry/contents/push-manifest.ts';
import { readSyncPath, SYNC_PATH_HEADER } from '#registry/contents/sync-path.ts';
import { BUILD_CREDENTIAL_USER } from '#registry/tokens/build-credential.ts';
import { isTag } from '#repository/repository.ts';
import { findRepositoryByName } from '#repository/repository-store.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { type RegistryDoor, sendApiError, sendAway, sendError } from './registry-answer.ts';
import type { RegistryImages } from './registry-images.ts';
import { type AskedOf, authorizedFor } from './registry-rights.ts';

/** What the routes of manifests need. */
type Door = RegistryDoor & AskedOf & { images: RegistryImages };

const BUILD_GONE = 'the build has ended, or another server has taken it over: it may push no more';

interface Params {
  namespace: string;
  name: string;
  reference: string;
}

/**
 * Pushes and deletions of manifests: `PUT` and `DELETE /v2/NAMESPACE/NAME/manifests/REFERENCE`. Distribution gets the
 * bytes by their digest; the tags are set here.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests
 */
export async function registryManifests(app: FastifyInstance, door: Door): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(
    handlePassing(sendApiError, (error, request, reply) => sendFault(error as Error, request, reply)),
  );
  const url = '/v2/:namespace/:name/manifests/:reference';
  app.route<{ Params: Params }>({
    method: 'PUT',
    url,
    bodyLimit: PUSHED_MANIFEST_LIMIT_BYTES,
    onRequest: (request, reply) => refuse(request, reply, door, 'push'),
    handler: (request, reply) => put(request, reply, door),
  });
  app.route<{ Params: Params }>({
    method: 'DELETE',
    url,
    onRequest: (request, reply) => refuse(request, reply, door, 'delete'),
    handler: (request, reply) => remove(request, reply, door),
  });
}

/** Before anything of a body is read. */
async function refuse(
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  door: Door,
  action: 'push' | 'delete',
): Promise<FastifyReply | undefined> {
  const { namespace, name, reference } = request.params;
  const refusal = await authorizedFor(request, reply, door, `${namespace}/${name}`, action);
  if (refusal.reply !== undefined) return refusal.reply;
  const { by, replicates, build } = refusal;
  actors.set(request, { by, nowMs: door.now(), replicates, build });
  if (isTag(reference) || isDigest(reference)) return undefined;
  const [code, what] = reference.includes(':') ? ['DIGEST_INVALID', 'digest'] : ['TAG_INVALID', 'tag'];
  return sendError(reply, 400, code ?? '', `${JSON.stringify(reference.slice(0, 200))} is not a ${what}`);
}

interface Pusher extends Actor {
  /** Whether it is believed about where an image was before. */
  replicates: boolean;
  build: PushingBuild | undefined;
}

const actors = new WeakMap<FastifyRequest, Pusher>();

async function put(
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  { images }: Door,
): Promise<FastifyReply> {
  const { namespace, name, reference } = request.params;
  const repository = `${namespace}/${name}`;
  const { by, replicates, build } = actorOf(request);
  const syncPath = replicates ? readSyncPath(request.headers[SYNC_PATH_HEADER]) : undefined;
  const origin = by === BUILD_CREDENTIAL_USER ? 'build' : 'push';
  const leave = await images.gate.enter(repository, false);
  try {
    const answer = await pushManifest(images, {
      instanceId: images.instanceId,
      repository,
      reference,
      by,
      bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      contentType: request.headers['content-type'] ?? '',
      build,
      ...(syncPath === undefined ? { origin } : { origin: 'sync', syncPath }),
    });
    if (answer.kind === 'refused' && answer.status >= 500) return sendAway(reply);
    if (answer.kind === 'refused')
      return reply.code(answer.status).header('content-type', 'application/json; charset=utf-8').send(answer.body);
    images.gate.note(repository, 'manifest');
    if (answer.subject !== undefined) reply.header('oci-subject', answer.subject);
    reply.header('location', `/v2/${repository}/manifests/${answer.digest}`);
    return reply.code(201).header('docker-content-digest', answer.digest).send();
  } finally {
    leave?.();
  }
}

/**
 * A deletion by tag removes the tag; one by digest removes the image and all its tags. The API can restore both for a
 * while.
 */
async function remove(
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  { images }: Door,
): Promise<FastifyReply> {
  const { namespace, name, reference } = request.params;
  const { db, instanceId } = images;
  const actor = actorOf(request);
  const { repoId } = (await findRepositoryByName(db, instanceId, namespace, name)) ?? {};
  if (repoId === undefined) return sendError(reply, 404, 'NAME_UNKNOWN', 'the repository does not exist');
  if (!isDigest(reference)) await deleteTag(db, repoId, reference, actor);
  else if (!(await hideManifest(db, repoId, reference, actor)))
    return sendError(reply, 404, 'MANIFEST_UNKNOWN', 'the repository has no such manifest');
  return reply.code(202).send();
}

function actorOf(request: FastifyRequest): Pusher {
  const actor = actors.get(request);
  if (actor === undefined) throw new Error('a request without an access decision');
  return actor;
}

function sendFault(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError) return sendApiError(reply, error);
  if (error instanceof BuildGone) return sendError(reply, 403, 'DENIED', BUILD_GONE);
  if (error instanceof DigestMistake) return sendError(reply, 400, 'DIGEST_INVALID', error.message);
  if (error instanceof ManifestMistake)
    return sendError(reply, 400, 'MANIFEST_INVALID', `the manifest ${error.message}`);
  if (error.statusCode === 413)
    return sendError(reply, 413, 'MANIFEST_INVALID', `a manifest has at most ${PUSHED_MANIFEST_LIMIT_BYTES} bytes`);
  if (error.statusCode !== undefined && error.statusCode < 500)
    return sendError(reply, error.statusCode, 'MANIFEST_INVALID', error.message);
  request.log.error({ err: error }, 'a manifest could not be pushed or deleted');
  return sendError(reply, 502, 'UNAVAILABLE', 'the registry does not answer; try again in a moment');
}
