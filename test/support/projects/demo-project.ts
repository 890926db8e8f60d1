import type { TestContext } from 'node:test';
import { type BuildKey, isFinal, waitForStatus } from '../log-reader.ts';
import { startGitHost } from '../peers/git-host.ts';
import { queueBuild } from '../queue-build.ts';
import { startServer, type TestServer } from '../slipway.ts';

const GOOD = `FROM busybox AS build
RUN for part in parser solver printer; do echo "compiling $part"; done
FROM busybox
COPY --from=build /bin/busybox /shop/busybox
RUN /shop/busybox true && echo "checks passed"
`;
const FAILING = `FROM busybox
RUN for part in 1 2 3 4 5 6; do echo "test $part ok"; done
RUN printf '\\033[31mfatal: expected 4, got 5\\033[0m\\n'; echo "see https://example.com/tests"; exit 2
`;

/**
 * A server with a repository that is bound to a code host, a rule, a good build of the rule and a failed build of a
 * folder.
 */
export interface DemoProject {
  server: TestServer;
  repoId: string;
  buildRuleId: string;
  good: BuildKey;
  failed: BuildKey;
}

/** Starts a server for a test and makes the builds that the console's pages show. */
export async function startDemoProject(t: TestContext, flags: readonly string[] = []): Promise<DemoProject> {
  const host = await startGitHost(t);
  host.addRepository('team/shop', { Dockerfile: GOOD });
  const own = ['--source-url-gitlab', host.url, '--allow-addresses', '127.0.0.0/8'];
  const server = await startServer(t, { flags: [...own, ...flags] });
  const { client, root } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'shop', RepoType: 'PRIVATE', Summary: 'the shop' } as const;
  const repoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'shop' } as const;
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId: repoId, ...code });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const made = await client.call('CreateRepoBuildRule', { InstanceId, RepoId: repoId, ...rule });
  const buildRuleId = String(made.BuildRuleId);
  const build = await client.call('CreateBuildRecordByRule', { InstanceId, RepoId: repoId, BuildRuleId: buildRuleId });
  const good = { InstanceId, RepoId: repoId, BuildRecordId: String(build.BuildRecordId) };
  const failed = await queueBuild(t, server, { Dockerfile: FAILING }, 'team/tests:v1');
  await waitForStatus(client, good, isFinal);
  await waitForStatus(client, failed, isFinal);
  return { server, repoId, buildRuleId, good, failed };
}
