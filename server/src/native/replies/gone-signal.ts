import type { FastifyReply } from 'fastify';

/** Aborted when the caller is gone: a search that its caller gave up makes room for others. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
