import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import { type RepositoryUnderTest, startRepositoryUnderTest } from '#build/testing/repository.ts';
import { savePushHook } from '#source/hooks/push-hook-store.ts';
import { createApp } from '../../port/port.ts';
import { BodyGate } from '../../port/request-body.ts';
import { hookRoutes } from '../hooks/hook-routes.ts';

export const SECRET = 'secret of the hook';

export interface HookReply {
  status: number;
  body: { Code?: string; Message?: string; Notes?: string[]; Builds?: { BuildRecordId: string; ImageTag: string }[] };
}

/** The routes of hooks with `hook-1` of a bound repository. */
export async function startHook(options: { supersede?: boolean; autoBuild?: boolean; pullRequests?: boolean } = {}) {
  const repository = await startRepositoryUnderTest();
  const { means, instanceId } = repository.gateway;
  const bind = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' };
  await repository.call('UpdateRepoSourceCodeRepo', { ...bind, AutoBuild: String(options.autoBuild ?? true) });
  await savePushHook(means, { repoId: repository.repoId, instanceId, hookId: 'hook-1', secret: SECRET, createdMs: 1 });
  const bodies = new BodyGate({ totalBytes: 2 ** 28 });
  const app = createApp(pino({ level: 'silent' }), bodies);
  await app.register(hookRoutes, {
    prefix: '/hooks',
    means,
    verifier: means,
    supersede: options.supersede ?? false,
    pullRequests: options.pullRequests ?? false,
  });
  const send = async (
    event: unknown,
    headers: Record<string, string> = { 'x-gitlab-token': SECRET },
    id = 'hook-1',
  ): Promise<HookReply> => {
    const payload = typeof event === 'string' ? event : JSON.stringify(event);
    const reply = await app.inject({
      method: 'POST',
      url: `/hooks/${id}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });
    return { status: reply.statusCode, body: JSON.parse(reply.body) as HookReply['body'] };
  };
  return {
    repository,
    send,
    app,
    bodies,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await repository[Symbol.asyncDispose]();
    },
  };
}

export async function countRecords(repository: RepositoryUnderTest): Promise<number> {
  return Number((await repository.call('ListRepoBuildRecord')).body.TotalCount);
}

/** The signature of a body by the hook's secret. */
export function sign(body: string): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}
