import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startGitPushes } from './support/git-pushes.ts';
import { isFinal, readLog, waitForLine, waitForStatus } from './support/log-reader.ts';
import { registryOf } from './support/lost-build.ts';
import { startServer, type TestServer } from './support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'builds nine pushes: runs with SLIPWAY_TEST_LONG=1';
const LASTING = 'FROM busybox\nRUN echo started; sleep 600\n';
const QUICK = 'FROM busybox\nRUN echo quick\n';

test('pushes to a Git server supersede the builds of their own rule and tag alone, in whatever stage these are', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: ['--supersede-builds', 'true', '--concurrent-builds', '8'] });
  const { client, root } = server;
  const { push, RepoId } = await startGitPushes(t, server, [
    { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' },
    { PushType: 'GIT_BRANCH', PushName: 'dev', ImageTag: 'dev' },
    { PushType: 'GIT_TAG', PushName: '(?<name>.*)', ImageTag: '${name}' },
  ]);
  const keyOf = ({ BuildRecordId }: { BuildRecordId: string }) => ({
    InstanceId: root.InstanceId,
    RepoId,
    BuildRecordId,
  });
  type Pushed = Awaited<ReturnType<typeof push>>;
  const succeeds = async (pushed: Pushed, tag: string) => {
    assert.equal(await waitForStatus(client, keyOf(pushed), isFinal), 'SUCCESS');
    assert.equal(await revisionOf(server, tag), pushed.commitId);
  };
  const isReplaced = async (pushed: Pushed, by: Pushed) => {
    assert.equal(await waitForStatus(client, keyOf(pushed), isFinal), 'CANCELED');
    const reason = (await readLog(client, keyOf(pushed))).at(-2)?.Message;
    assert.equal(reason, `the build was cancelled: build ${by.BuildRecordId} took its place`);
  };

  const dev = await push('dev', LASTING);
  const tagged = await push('v1', LASTING, 'tags');
  const first = await push('main', LASTING);
  for (const pushed of [dev, tagged, first]) await waitForLine(client, keyOf(pushed), 'started');
  // The second may not have begun when the third comes.
  const second = await push('main', LASTING);
  const third = await push('main', QUICK);
  await isReplaced(first, second);
  await isReplaced(second, third);
  await succeeds(third, 'latest');

  const other = await push('v2', QUICK, 'tags');
  const moved = await push('v1', QUICK, 'tags');
  await isReplaced(tagged, moved);
  await succeeds(other, 'v2');
  await succeeds(moved, 'v1');

  const registry = registryOf(server);
  process.kill(registry, 'SIGSTOP');
  // Without a base image nothing is asked of the registry before the push.
  const pushing = await push('main', 'FROM scratch\nCOPY Dockerfile /\n');
  await waitForLine(client, keyOf(pushing), 'push stage begin');
  const last = await push('main', QUICK);
  await isReplaced(pushing, last);
  process.kill(registry, 'SIGCONT');
  await succeeds(last, 'latest');
  assert.equal((await client.call('GetRepoBuildRecordStatus', keyOf(dev))).BuildStatus, 'BUILDING');
});

/** The commit that an image of `team/app` says it was built of. */
async function revisionOf({ root }: TestServer, tag: string): Promise<string | undefined> {
  const image = `docker://${new URL(root.Endpoint).host}/team/app:${tag}`;
  const login = ['--creds', `${root.AccessKeyId}:${root.AccessKeySecret}`];
  const { stdout } = await promisify(execFile)('skopeo', [
    'inspect',
    '--config',
    '--tls-verify=false',
    ...login,
    image,
  ]);
  const { config } = JSON.parse(stdout) as { config: { Labels?: Record<string, string> } };
  return config.Labels?.['org.opencontainers.image.revision'];
}
