import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDigest } from '#image/image.ts';
import { findManifestOf } from '#image/manifest-store.ts';
import type { PullNotes } from '#image/pull-notes.ts';
import type { PushTables } from '#image/push-store.ts';
import { findTagDigest } from '#image/tag-store.ts';
import type { PushGate } from '#registry/contents/push-gate.ts';
import { type ChildRegistry, MANIFEST_TYPES } from '#registry/distribution/child-registry.ts';
import type { LayerStorage } from '#registry/distribution/image-storage.ts';
import { isNamedRepositoryThere } from '#repository/deletion-store.ts';
import { isTag } from '#repository/repository.ts';
import type { ManifestCache } from './manifest-cache.ts';
import { REQUEST_ID_HEADER, type RegistryDoor, rightsOf, sendError } from './registry-answer.ts';

/** Tags and manifests for the registry's routes. */
export interface RegistryImages extends PushTables {
  instanceId: string;
  child: ChildRegistry;
  pulls: Pick<PullNotes, 'note'>;
  gate: PushGate;
  storage: Pick<LayerStorage, 'openBlob'>;
  now(): number;
}

const NOWHERE = `sha256:${'0'.repeat(64)}`;
const MANIFEST_PATH = /^\/v2\/([\w.-]+)\/([\w.-]+)\/manifests\/([\w.:%-]+)(?:\?|$)/;

const BLOB_PATH = /^\/v2\/([\w.-]+\/[\w.-]+)\/blobs\/[\w.:%-]+(?:\?|$)/;

/** Where distribution has the requested content, and what to record once it was sent. */
interface Resolved {
  url: string;
  pull: { repoId: string; digest: string; tag: string | undefined } | undefined;
}

const resolvedRequests = new WeakMap<FastifyRequest, Resolved>();

/**
 * Resolves the tag of a pull: our table knows its digest, which distribution gets. Only a caller that may pull learns
 * that something does not exist or was deleted. Everyone else gets distribution's reply, which checks their tokens and
 * knows none of our tags.
 */
export async function resolvePull(
  request: FastifyRequest,
  reply: FastifyReply,
  door: RegistryDoor & { images: RegistryImages; manifests: ManifestCache },
): Promise<FastifyReply | undefined> {
  const [, namespaceName, name, reference] = MANIFEST_PATH.exec(request.url) ?? [];
  if (namespaceName === undefined || name === undefined || reference === undefined) return undefined;
  const asked = reference.replace(/%3a/i, ':');
  // A reference that is neither a tag nor a digest does not exist; distribution would call it an internal error.
  const isReference = isTag(asked) || isDigest(asked);
  const found = isReference ? await findPulled(door.images, { namespaceName, name }, asked) : undefined;
  if (found !== undefined) {
    const { repoId, digest, tag } = found;
    request.headers.accept = MANIFEST_TYPES;
    const url = `/v2/${namespaceName}/${name}/manifests/${digest}`;
    resolvedRequests.set(request, { url, pull: { repoId, digest, tag } });
    return sendManifest(request, reply, door, { repository: `${namespaceName}/${name}`, digest });
  }
  // Lets distribution answer callers without permission, with a digest that does not exist: it accepts a token for
  // longer than we do.
  resolvedRequests.set(request, { url: `/v2/${namespaceName}/${name}/manifests/${NOWHERE}`, pull: undefined });
  const rights = await rightsOf(request, door);
  if (!rights?.allowed.get(`${namespaceName}/${name}`)?.includes('pull')) return undefined;
  if (rights.requestId !== '') reply.header(REQUEST_ID_HEADER, rights.requestId);
  return sendError(reply, 404, 'MANIFEST_UNKNOWN', 'the repository has no such tag or manifest');
}

/**
 * Sends a manifest by itself to a caller whose token allows the pull. Everything else is distribution's to answer: a token that it
 * accepts for longer, a condition, a manifest that it lost.
 */
async function sendManifest(
  request: FastifyRequest,
  reply: FastifyReply,
  door: RegistryDoor & { images: RegistryImages; manifests: ManifestCache },
  { repository, digest }: { repository: string; digest: string },
): Promise<FastifyReply | undefined> {
  if (request.headers['if-none-match'] !== undefined) return undefined;
  const rights = await rightsOf(request, door);
  if (!rights?.allowed.get(repository)?.includes('pull')) return undefined;
  const manifest = await door.manifests.read(repository, digest);
  if (manifest === undefined) return undefined;
  if (rights.requestId !== '') reply.header(REQUEST_ID_HEADER, rights.requestId);
  notePull(request, 200, door.images);
  return reply
    .headers({
      'content-type': manifest.mediaType,
      'content-length': manifest.bytes.length,
      'docker-content-digest': digest,
      'docker-distribution-api-version': 'registry/2.0',
      etag: `"${digest}"`,
      'x-content-type-options': 'nosniff',
    })
    .send(manifest.bytes);
}

/**
 * Redirects a request for a layer of a repository that is deleted, or being deleted, to a layer that does not exist.
 */
export async function resolveBlob(request: FastifyRequest, { db, instanceId }: RegistryImages): Promise<void> {
  const repository = BLOB_PATH.exec(request.url)?.[1];
  if (repository === undefined || (await isNamedRepositoryThere(db, instanceId, repository))) return;
  resolvedRequests.set(request, { url: `/v2/${repository}/blobs/${NOWHERE}`, pull: undefined });
}

/** Lets an upload mount no layer of a repository that is deleted, or being deleted: it begins without one. */
export async function resolveMount(request: FastifyRequest, { db, instanceId }: RegistryImages): Promise<void> {
  const [path = '', query] = request.url.split('?', 2);
  const from = new URLSearchParams(query).get('from');
  if (from === null || (await isNamedRepositoryThere(db, instanceId, from))) return;
  resolvedRequests.set(request, { url: path, pull: undefined });
}

/** The path to forward a request to, if it is not the original one. */
export function forwardedUrl(request: FastifyRequest): string | undefined {
  return resolvedRequests.get(request)?.url;
}

/**
 * Records that a manifest was pulled. Some clients ask with HEAD which image a tag has, and then get it by its digest: so the tag is in
 * use, and only the GET is counted. A HEAD by digest only checks whether it exists.
 */
export function notePull(request: FastifyRequest, status: number, { pulls, now }: RegistryImages): void {
  const pull = resolvedRequests.get(request)?.pull;
  if (pull === undefined || status !== 200) return;
  const isLook = request.method === 'HEAD';
  if (isLook && pull.tag === undefined) return;
  pulls.note({ ...pull, timeMs: now(), count: isLook ? 0 : 1 });
}

async function findPulled(
  { db, instanceId }: RegistryImages,
  repository: { namespaceName: string; name: string },
  reference: string,
): Promise<Resolved['pull']> {
  if (!isDigest(reference)) {
    const tag = await findTagDigest(db, instanceId, repository, reference);
    return tag && { ...tag, tag: reference };
  }
  const manifest = await findManifestOf(db, instanceId, repository, reference);
  return manifest?.state === 'kept' ? { repoId: manifest.repoId, digest: reference, tag: undefined } : undefined;
}
