import type { FastifyInstance } from 'fastify';

/**
 * Cuts off who takes longer than this to send a body that is read whole: one that trickles holds a connection for nothing.
 * Bodies that are streamed (a source, an image's layer) take as long as they take.
 */
export function limitBodyTime(app: FastifyInstance, limitMs: number): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return payload;
    const { raw } = request;
    const timer = setTimeout(() => raw.destroy(), limitMs);
    raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    return payload;
  });
}
