import type { FastifyInstance } from 'fastify';

/** `/healthz`: the server answers, and which one it is. `/readyz`: it takes builds, or why not. */
export async function healthRoutes(
  app: FastifyInstance,
  options: { version: string; instanceId: string; problems: () => Promise<readonly string[]> },
): Promise<void> {
  app.get('/healthz', async () => ({ Status: 'ok', Version: options.version, InstanceId: options.instanceId }));
  app.get('/readyz', async (_request, reply) => {
    const problems = await options.problems();
    return reply.code(problems.length === 0 ? 200 : 503).send({ Ready: problems.length === 0, Problems: problems });
  });
}
