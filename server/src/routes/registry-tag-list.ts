import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FirstNames, readTagNames } from '#registry/distribution/tag-names.ts';

/** What a client asks of a list of tags. */
export interface TagListQuery {
  /** At most so many; all without it. */
  n: number | undefined;
  /** Those after this one, which need not be there. */
  last: string | undefined;
}

const PATH = /^\/v2\/([^?#]+)\/tags\/list(?:\?|$)/;

/**
 * What is asked of a list of tags; undefined for a request of something else, and a sentence where it cannot be answered.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags
 */
export function readTagListQuery({
  method,
  url,
}: Pick<FastifyRequest, 'method' | 'url'>): TagListQuery | string | undefined {
  if (method !== 'GET' || !PATH.test(url)) return undefined;
  const { searchParams } = new URL(url, 'http://localhost');
  const [n, ...more] = searchParams.getAll('n');
  if (more.length > 0 || (n !== undefined && !/^\d{1,15}$/.test(n)))
    return `n=${[n, ...more].join(',').slice(0, 50)} is not a whole number from 0`;
  return { n: n === undefined ? undefined : Number(n), last: searchParams.get('last') ?? undefined };
}

/**
 * Sends a page of the tags that distribution lists, in the specification's order (regardless of case), with a link to what follows:
 * its own list knows neither pages nor an order.
 */
export async function sendTagList(
  request: FastifyRequest,
  reply: FastifyReply,
  { n, last }: TagListQuery,
  listed: Readable,
): Promise<void> {
  const first = new FirstNames(n ?? Number.POSITIVE_INFINITY, byTag);
  const name = await readTagNames(listed as AsyncIterable<Buffer>, (tags) =>
    first.add(last === undefined ? tags : tags.filter((tag) => byTag(tag, last) > 0)),
  );
  const page = await first.end();
  const end = page.at(-1);
  if (end !== undefined && page.length < first.count)
    reply.header('link', `<${request.url.split('?', 1)[0]}?n=${n}&last=${encodeURIComponent(end)}>; rel="next"`);
  reply.removeHeader('content-length');
  reply.send({ name, tags: page });
}

/** Regardless of case, and by bytes where that makes no difference. */
function byTag(a: string, b: string): number {
  const [lowerA, lowerB] = [a.toLowerCase(), b.toLowerCase()];
  if (lowerA !== lowerB) return lowerA < lowerB ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}
