import type { FastifyInstance } from 'fastify';

/** The platforms whose steps run here natively or in emulators, and why others do not. */
interface BuiltPlatforms {
  native: readonly string[];
  emulated: readonly string[];
  refusal?: string;
}

/** `/healthz`: the server answers, and which server it is. `/readyz`: it does what its role is, or why not. */
export async function healthRoutes(
  app: FastifyInstance,
  options: {
    version: string;
    instanceId: string;
    /** Without builds there is no sandbox that could have problems. */
    role: 'all' | 'api';
    problems: () => Promise<readonly string[]>;
    platforms: () => Promise<BuiltPlatforms | undefined>;
  },
): Promise<void> {
  app.get('/healthz', async () => ({ Status: 'ok', Version: options.version, InstanceId: options.instanceId }));
  app.get('/readyz', async (_request, reply) => {
    const problems = await options.problems();
    const platforms = await options.platforms();
    return reply.code(problems.length === 0 ? 200 : 503).send({
      Ready: problems.length === 0,
      Role: options.role,
      Problems: problems,
      Platforms: platforms && {
        Native: platforms.native,
        Emulated: platforms.emulated,
        Refusal: platforms.refusal,
      },
    });
  });
}
