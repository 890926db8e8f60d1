import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDigest } from '#image/image.ts';
import { listReferrers, type Referrer } from '#image/manifest-store.ts';
import { listTagNames } from '#image/tag-store.ts';
import { findRepositoryByName } from '#repository/repository-store.ts';
import { sendError } from './registry-answer.ts';
import type { RegistryImages } from './registry-images.ts';

/** How many rows are read at a time, which takes a few milliseconds. */
const ROWS_AT_ONCE = 1000;
/**
 * The size limit of a reply in the specification:
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers
 */
const REFERRERS_LIMIT_BYTES = 2 ** 20;
/** Each may have annotations of 64 Ki characters. */
const REFERRERS_AT_ONCE = 100;

/**
 * Sends the tags of a repository in the order of the specification, all of them or `n` after `last`, with a link to the
 * next page. https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags
 */
export async function sendTagList(
  request: FastifyRequest,
  reply: FastifyReply,
  images: RegistryImages,
  name: string,
): Promise<FastifyReply> {
  const query = queryOf(request);
  const [n, ...more] = query.getAll('n');
  if (more.length > 0 || (n !== undefined && !/^\d{1,15}$/.test(n))) {
    const given = [n, ...more].join(',').slice(0, 50);
    return sendError(reply, 400, 'PAGINATION_NUMBER_INVALID', `n=${given} is not a whole number from 0`);
  }
  const repoId = await repoIdOf(images, name);
  if (repoId === undefined) return sendError(reply, 404, 'NAME_UNKNOWN', 'the repository does not exist');
  const wanted = n === undefined ? Number.POSITIVE_INFINITY : Number(n);
  const tags: string[] = [];
  let after = query.get('last') ?? undefined;
  let hasMore = wanted > 0;
  while (hasMore && tags.length < wanted) {
    // One more than is shown, to learn whether others follow.
    const limit = Math.min(ROWS_AT_ONCE, wanted - tags.length + 1);
    const names = await listTagNames(images.db, repoId, { after, limit });
    tags.push(...names);
    after = names.at(-1);
    hasMore = names.length === limit;
    if (hasMore) await yieldToOthers();
  }
  const page = tags.slice(0, n === undefined ? tags.length : wanted);
  if (page.length < tags.length) reply.header('link', linkTo(request, { n, last: page.at(-1) }));
  return reply.send({ name, tags: page });
}

/**
 * Sends the referrers of a manifest as an index; empty if it has none, or does not exist.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers
 */
export async function sendReferrers(
  request: FastifyRequest,
  reply: FastifyReply,
  images: RegistryImages,
  { name, digest }: { name: string; digest: string },
): Promise<FastifyReply> {
  if (!isDigest(digest))
    return sendError(reply, 400, 'DIGEST_INVALID', `${JSON.stringify(digest.slice(0, 200))} is not a digest`);
  const query = queryOf(request);
  const artifactType = query.get('artifactType') ?? undefined;
  const repoId = await repoIdOf(images, name);
  const after = query.get('last') ?? undefined;
  const page = { after, limit: REFERRERS_AT_ONCE, artifactType };
  const found = repoId === undefined ? [] : await listReferrers(images.db, repoId, digest, page);
  const manifests = within(found, REFERRERS_LIMIT_BYTES);
  const last = manifests.at(-1)?.digest;
  if (last !== undefined && (manifests.length < found.length || found.length === REFERRERS_AT_ONCE))
    reply.header('link', linkTo(request, { artifactType, last }));
  if (artifactType !== undefined) reply.header('oci-filters-applied', 'artifactType');
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  return reply.header('content-type', mediaType).send(index);
}

/** The first ones that fit, and at least one. */
function within(referrers: readonly Referrer[], limitBytes: number): Referrer[] {
  let bytes = 0;
  const end = referrers.findIndex((each) => {
    bytes += Buffer.byteLength(JSON.stringify(each));
    return bytes > limitBytes;
  });
  return referrers.slice(0, end === -1 ? referrers.length : Math.max(1, end));
}

async function repoIdOf({ db, instanceId }: RegistryImages, repository: string): Promise<string | undefined> {
  const [namespaceName = '', name = ''] = repository.split('/');
  return (await findRepositoryByName(db, instanceId, namespaceName, name))?.repoId;
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URL(request.url, 'http://localhost').searchParams;
}

function linkTo(request: FastifyRequest, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return `<${request.url.split('?', 1)[0]}?${given.join('&')}>; rel="next"`;
}
