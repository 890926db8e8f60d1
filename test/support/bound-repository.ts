import { execFileSync } from 'node:child_process';
import { type BuildKey, isFinal, readLog, waitForStatus } from './log-reader.ts';
import type { TestServer } from './slipway.ts';

/** The result of a build, with its whole log. */
export interface EndedBuild {
  key: BuildKey;
  status: string;
  lines: string[];
  text: string;
}

/** The repository `team/app`, bound to `team/app` of a code host, with a rule for `main`. */
export interface BoundRepository {
  RepoId: string;
  BuildRuleId: string;
  /** Builds `main` by the rule, and waits for the end. */
  build(): Promise<EndedBuild>;
}

/** Creates `team/app` and binds it to a code host of the given kind. */
export async function bindRepository(
  { client, root }: TestServer,
  type: 'GITHUB' | 'GITLAB' | 'GITEE',
): Promise<BoundRepository> {
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: type, CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  const BuildRuleId = String((await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule })).BuildRuleId);
  return {
    RepoId,
    BuildRuleId,
    async build() {
      const made = await client.call('CreateBuildRecordByRule', { InstanceId, RepoId, BuildRuleId });
      const key = { InstanceId, RepoId, BuildRecordId: String(made.BuildRecordId) };
      const status = await waitForStatus(client, key, isFinal);
      const lines = (await readLog(client, key)).map((line) => line.Message);
      return { key, status, lines, text: lines.join('\n') };
    },
  };
}

/** The files below the given paths that contain a text; missing paths contain nothing. */
export function filesWith(text: string, places: readonly string[]): string[] {
  try {
    return execFileSync('grep', ['-rlsaF', '--', text, ...places], { encoding: 'utf8' })
      .trim()
      .split('\n');
  } catch (error) {
    // 1: nothing found; 2 with -s: a path that does not exist.
    const { stdout } = error as { stdout: string };
    return stdout.trim() === '' ? [] : stdout.trim().split('\n');
  }
}
