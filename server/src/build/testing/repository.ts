import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';
import type { Means } from '#rpc/context.ts';

/** A reply's status and its JSON. */
export interface Answer {
  status: number;
  body: Record<string, unknown> & { Code?: string; Message?: string };
}

/** A gateway with the repository `team/app`, bound to `team/app` of GITLAB. Every call includes its ids. */
export interface RepositoryUnderTest extends AsyncDisposable {
  gateway: GatewayUnderTest;
  repoId: string;
  call(action: string, params?: Record<string, string>): Promise<Answer>;
  /** Adds a build rule, by default for branch `main` with tag `latest`, and returns its id. */
  addRule(params?: Record<string, string>): Promise<string>;
}

/** Starts one for a test: `await using repository = await startRepositoryUnderTest()`. */
export async function startRepositoryUnderTest(
  options: { bound?: boolean; means?: Partial<Means> } = {},
): Promise<RepositoryUnderTest> {
  const gateway = await startGatewayUnderTest({ means: options.means ?? {} });
  const send = async (action: string, params: Record<string, string>): Promise<Answer> => {
    const { status, body } = await callV1(gateway, action, { InstanceId: gateway.instanceId, ...params });
    return { status, body: JSON.parse(body) as Answer['body'] };
  };
  const expectId = async (action: string, params: Record<string, string>, field: string): Promise<string> => {
    const { status, body } = await send(action, params);
    if (status !== 200) throw new Error(`${action}: ${JSON.stringify(body)}`);
    return String(body[field]);
  };
  await expectId('CreateNamespace', { NamespaceName: 'team' }, 'RequestId');
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'an app' };
  const repoId = await expectId('CreateRepository', repository, 'RepoId');
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' };
  if (options.bound ?? true) await expectId('CreateRepoSourceCodeRepo', { RepoId: repoId, ...code }, 'RequestId');
  return {
    gateway,
    repoId,
    call: (action, params = {}) => send(action, { RepoId: repoId, ...params }),
    addRule: (params = {}) => {
      const rule = { RepoId: repoId, PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest', ...params };
      return expectId('CreateRepoBuildRule', rule, 'BuildRuleId');
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
