import { execFile } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { type GitHost, startGitHost } from '../support/peers/git-host.ts';
import { slipway, summaryValue, type TestServer } from '../support/slipway.ts';

const run = promisify(execFile);

/** `team/app` on a Git server over HTTP, whose hook reports every push to our server. */
export interface GitPushes {
  /** Pushes a commit with this Dockerfile to a branch or tag; returns the commit and the build that it started. */
  push(name: string, dockerfile: string, kind?: 'heads' | 'tags'): Promise<{ commitId: string; BuildRecordId: string }>;
}

/** Serves `team/app`, and binds the server's repository `team/app` to it; `RepoId` is that repository. */
export async function startGitPushes(
  t: TestContext,
  { client, root, dataFolder }: TestServer,
  rules: readonly { PushType: 'GIT_BRANCH' | 'GIT_TAG'; PushName: string; ImageTag: string }[],
): Promise<GitPushes & { RepoId: string }> {
  const { InstanceId } = root;
  const host = await startGitHost(t, { pushes: true });
  host.addRepository('team/app', { readme: 'hello' });
  const set = ['source', 'set', 'GITLAB', '--base-url', host.url, '--allow-private', '--data', dataFolder];
  check(await slipway(set));
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  const RepoId = String((await client.call('CreateRepository', { InstanceId, ...repository })).RepoId);
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' } as const;
  await client.call('CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code, AutoBuild: true });
  for (const rule of rules) await client.call('CreateRepoBuildRule', { InstanceId, RepoId, ...rule });
  const made = check(await slipway(['source', 'hook', 'team/app', '--data', dataFolder]));
  tellOfPushes(host, summaryValue(made, 'Url') ?? '', summaryValue(made, 'Secret') ?? '');
  return { RepoId, push: (name, dockerfile, kind = 'heads') => push(host, name, dockerfile, kind) };
}

/** Puts a hook into the repository that sends what GitLab sends, and prints the answer to anyone who pushes. */
function tellOfPushes({ folder }: GitHost, url: string, secret: string): void {
  const hook = join(folder, 'team/app.git/hooks/post-receive');
  const script = `#!${process.execPath}
const [before, after, ref] = require('node:fs').readFileSync(0, 'utf8').trim().split(' ');
const event = { object_kind: 'push', before, after, ref, project: { path_with_namespace: 'team/app' } };
const headers = { 'content-type': 'application/json', 'x-gitlab-token': '${secret}', 'x-gitlab-event-uuid': require('node:crypto').randomUUID() };
fetch('${url}', { method: 'POST', headers, body: JSON.stringify(event) }).then(async (reply) => console.log(await reply.text()));
`;
  writeFileSync(hook, script);
  chmodSync(hook, 0o755);
}

async function push(host: GitHost, name: string, dockerfile: string, kind: 'heads' | 'tags') {
  const work = join(host.folder, 'team/app.work');
  const git = async (...args: string[]) =>
    run('git', ['-C', work, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args]);
  writeFileSync(join(work, 'Dockerfile'), dockerfile);
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message=Next commit');
  const commitId = (await git('rev-parse', 'HEAD')).stdout.trim();
  const { stderr } = await git('push', '--force', `${host.url}/team/app.git`, `HEAD:refs/${kind}/${name}`);
  const [, BuildRecordId] = /"BuildRecordId":"([^"]+)"/.exec(stderr) ?? [];
  if (BuildRecordId === undefined) throw new Error(`the push started no build: ${stderr}`);
  return { commitId, BuildRecordId };
}

function check({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }): string {
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
