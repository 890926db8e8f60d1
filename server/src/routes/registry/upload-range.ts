import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './registry-answer.ts';

const TIMEOUT_MS = 60_000;

/**
 * Refuses a chunk whose Content-Range does not begin where its upload ends: 416 with the current Range, from which the
 * client continues. Distribution would append it.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-a-blob-in-chunks
 */
export async function refuseMisplacedChunk(
  request: FastifyRequest,
  reply: FastifyReply,
  distributionUrl: string,
): Promise<FastifyReply | undefined> {
  const start = /^(\d{1,15})-\d{1,15}$/.exec(request.headers['content-range'] ?? '')?.[1];
  const { authorization } = request.headers;
  if (start === undefined || authorization === undefined) return undefined;
  const range = await rangeOf(new URL(request.url, distributionUrl), authorization);
  const last = /^0-(\d{1,15})$/.exec(range ?? '')?.[1];
  // The chunk is forwarded, and distribution reports the mistake.
  if (range === undefined || last === undefined) return undefined;
  // An upload of no bytes and one of a single byte have the same range, 0-0.
  if (Number(start) === Number(last) + 1 || (last === '0' && start === '0')) return undefined;
  request.raw.resume();
  reply.header('range', range).header('location', request.url);
  return sendError(reply, 416, 'BLOB_UPLOAD_INVALID', `the upload has the bytes ${range}; a chunk begins after them`);
}

/** The bytes that an upload has, as distribution reports them; undefined if there is no such upload or no reply. */
async function rangeOf(upload: URL, authorization: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(upload, { headers: { authorization }, signal });
    await answer.arrayBuffer();
    return answer.status === 204 ? (answer.headers.get('range') ?? undefined) : undefined;
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return undefined;
    throw error;
  }
}
