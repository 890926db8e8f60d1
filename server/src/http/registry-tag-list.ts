import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What a client asks of a list of tags. */
export interface TagListQuery {
  /** At most so many; all without it. */
  n: number | undefined;
  /** Those after this one, which need not be there. */
  last: string | undefined;
}

const PATH = /^\/v2\/([^?#]+)\/tags\/list(?:\?|$)/;
const LIST_LIMIT_BYTES = 64 * 1024 * 1024;

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
  const { name, tags } = JSON.parse(await textOf(listed)) as { name: string; tags: string[] | null };
  const rest = (tags ?? []).toSorted(byTag).filter((tag) => last === undefined || byTag(tag, last) > 0);
  const page = rest.slice(0, n);
  const end = page.at(-1);
  if (end !== undefined && page.length < rest.length)
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

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > LIST_LIMIT_BYTES) throw new Error(`the registry lists more than ${LIST_LIMIT_BYTES} bytes of tags`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
