import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '#db/database.ts';
import { isDigest } from '#image/image.ts';
import { findManifestOf } from '#image/manifest-store.ts';
import type { PullNotes } from '#image/pull-notes.ts';
import { findTagDigest } from '#image/tag-store.ts';
import type { PushGate } from '#registry/contents/push-gate.ts';
import { type ChildRegistry, MANIFEST_TYPES } from '#registry/distribution/child-registry.ts';
import { isNamedRepositoryThere } from '#repository/deletion-store.ts';
import { isTag } from '#repository/repository.ts';
import { REQUEST_ID_HEADER, type RegistryDoor, rightsOf, sendError } from './registry-answer.ts';

/** Tags and manifests as the registry's routes use them. */
export interface RegistryImages {
  db: Database;
  instanceId: string;
  child: ChildRegistry;
  pulls: Pick<PullNotes, 'note'>;
  gate: PushGate;
  now(): number;
}

const NOWHERE = `sha256:${'0'.repeat(64)}`;
const MANIFEST_PATH = /^\/v2\/([\w.-]+)\/([\w.-]+)\/manifests\/([\w.:%-]+)(?:\?|$)/;

const BLOB_PATH = /^\/v2\/([\w.-]+\/[\w.-]+)\/blobs\/[\w.:%-]+(?:\?|$)/;

/** Where distribution has what a request asks for, and what is noted once it was handed out. */
interface Resolved {
  url: string;
  pull: { repoId: string; digest: string; tag: string | undefined } | undefined;
}

const resolvedRequests = new WeakMap<FastifyRequest, Resolved>();

/**
 * Resolves the tag that a request pulls: our table knows what it stands for, and distribution gets the digest. What is not there,
 * or was deleted, is told to who may pull; everybody else has the answer of distribution, which knows their tokens and none of our tags.
 */
export async function resolvePull(
  request: FastifyRequest,
  reply: FastifyReply,
  door: RegistryDoor & { images: RegistryImages },
): Promise<FastifyReply | undefined> {
  const [, namespaceName, name, reference] = MANIFEST_PATH.exec(request.url) ?? [];
  if (namespaceName === undefined || name === undefined || reference === undefined) return undefined;
  const asked = reference.replace(/%3a/i, ':');
  // What is neither a tag nor a digest is nowhere; distribution would call it a fault of its own.
  const isReference = isTag(asked) || isDigest(asked);
  const found = isReference ? await findPulled(door.images, { namespaceName, name }, asked) : undefined;
  if (found !== undefined) {
    const { repoId, digest, tag } = found;
    request.headers.accept = MANIFEST_TYPES;
    const url = `/v2/${namespaceName}/${name}/manifests/${digest}`;
    resolvedRequests.set(request, { url, pull: { repoId, digest, tag } });
    return undefined;
  }
  // Distribution answers callers without a right to know, by a digest that is nowhere: it believes a token for longer than we do.
  resolvedRequests.set(request, { url: `/v2/${namespaceName}/${name}/manifests/${NOWHERE}`, pull: undefined });
  const rights = await rightsOf(request, door);
  if (!rights?.allowed.get(`${namespaceName}/${name}`)?.includes('pull')) return undefined;
  if (rights.requestId !== '') reply.header(REQUEST_ID_HEADER, rights.requestId);
  return sendError(reply, 404, 'MANIFEST_UNKNOWN', 'the repository has no such tag or manifest');
}

/** Leads a request for a layer of a repository that is gone, or on its way out, to a layer that is nowhere. */
export async function resolveBlob(request: FastifyRequest, { db, instanceId }: RegistryImages): Promise<void> {
  const repository = BLOB_PATH.exec(request.url)?.[1];
  if (repository === undefined || (await isNamedRepositoryThere(db, instanceId, repository))) return;
  resolvedRequests.set(request, { url: `/v2/${repository}/blobs/${NOWHERE}`, pull: undefined });
}

/** Has an upload mount no layer of a repository that is gone, or on its way out: it begins without one. */
export async function resolveMount(request: FastifyRequest, { db, instanceId }: RegistryImages): Promise<void> {
  const [path = '', query] = request.url.split('?', 2);
  const from = new URLSearchParams(query).get('from');
  if (from === null || (await isNamedRepositoryThere(db, instanceId, from))) return;
  resolvedRequests.set(request, { url: path, pull: undefined });
}

/** Where a request is forwarded to, if that is not where it was sent. */
export function forwardedUrl(request: FastifyRequest): string | undefined {
  return resolvedRequests.get(request)?.url;
}

/** Notes that a manifest was handed out. Who asks for a digest alone by HEAD looks whether it is there, and pulls nothing. */
export function notePull(request: FastifyRequest, status: number, { pulls, now }: RegistryImages): void {
  const pull = resolvedRequests.get(request)?.pull;
  if (pull === undefined || status !== 200) return;
  if (request.method === 'HEAD' && pull.tag === undefined) return;
  pulls.note({ ...pull, timeMs: now() });
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
