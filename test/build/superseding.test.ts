import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sandboxProcesses } from '../support/leftovers.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { registryOf } from '../support/lost-build.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, startServer, type TestServer } from '../support/slipway.ts';
import { startGitPushes } from './git-pushes.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1' && 'builds nine pushes and four folders: runs with SLIPWAY_TEST_LONG=1';
const LASTING = 'FROM busybox\nRUN echo started; sleep 600\n';
const QUICK = 'FROM busybox\nRUN echo quick\n';

test('pushes to a Git server supersede only builds of their own rule and tag, in any stage', {
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
    const told = await native(client, `/api/v1/builds/${pushed.BuildRecordId}`);
    const { Cause, Arn } = told.Cancellation as { Cause: string; Arn?: string };
    assert.deepEqual([Cause, Arn, told.SupersededBy], ['superseded', undefined, by.BuildRecordId]);
  };

  const dev = await push('dev', LASTING);
  const tagged = await push('v1', LASTING, 'tags');
  const first = await push('main', LASTING);
  for (const pushed of [dev, tagged, first]) await waitForLine(client, keyOf(pushed), 'started');
  // The second may not have started when the third arrives.
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
  // Without a base image, the build does not use the registry before the push.
  const pushing = await push('main', 'FROM scratch\nCOPY Dockerfile /\n');
  await waitForLine(client, keyOf(pushing), 'push stage begin');
  const last = await push('main', QUICK);
  await isReplaced(pushing, last);
  process.kill(registry, 'SIGCONT');
  await succeeds(last, 'latest');
  assert.equal((await client.call('GetRepoBuildRecordStatus', keyOf(dev))).BuildStatus, 'BUILDING');
});

test('when two builds of one tag run at once, the one requested later gets the tag, whichever ends first', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', '4'] });
  const { client } = server;
  const build = (label: string, run: string) =>
    queueBuild(
      t,
      server,
      { Dockerfile: `FROM busybox\nRUN : ${label}; ${run}\nLABEL of=${label}\n` },
      'team/app:latest',
    );
  const older = await build('older', 'echo started; sleep 600 || true');
  await waitForLine(client, older, 'started');
  const newer = await build('newer', 'true');
  assert.equal(await waitForStatus(client, newer, isFinal), 'SUCCESS');
  assert.equal(await labelOf(server, ':latest'), 'newer');
  await endSleep(server, older);
  assert.equal(await waitForStatus(client, older, isFinal), 'SUCCESS');
  assert.equal(await labelOf(server, ':latest'), 'newer', 'the tag did not move back');
  const told = await native(client, `/api/v1/builds/${older.BuildRecordId}`);
  assert.equal(told.SupersededBy, newer.BuildRecordId);
  assert.equal(await labelOf(server, `@${told.ImageDigest}`), 'older', 'its image can be pulled by its digest');
  const lines = (await readLog(client, older)).map(({ Message }) => Message).join('\n');
  assert.match(lines, new RegExp(`latest is unchanged: build ${newer.BuildRecordId}, which was requested later`));
  assert.match(lines, /pushed team\/app, digest sha256:/);

  // The older build is pushing when the newer one wants to: it holds the tag until it is done.
  const registry = registryOf(server);
  const first = await build('first', 'echo started; sleep 600 || true');
  await waitForLine(client, first, 'started');
  let last: BuildKey;
  process.kill(registry, 'SIGSTOP');
  try {
    await endSleep(server, first);
    await waitForLine(client, first, 'push stage begin');
    const context = { Dockerfile: 'FROM scratch\nLABEL of=last\nCOPY Dockerfile /\n' };
    last = await queueBuild(t, server, context, 'team/app:latest');
    await waitForLine(client, last, `waiting: build ${first.BuildRecordId} is pushing the tag latest`);
  } finally {
    process.kill(registry, 'SIGCONT');
  }
  for (const key of [first, last]) assert.equal(await waitForStatus(client, key, isFinal), 'SUCCESS');
  assert.equal(await labelOf(server, ':latest'), 'last');
});

/** Kills the program `sleep` of a build as soon as it runs. */
async function endSleep({ client }: TestServer, key: BuildKey): Promise<void> {
  while ((await client.call('GetRepoBuildRecordStatus', key)).BuildStatus === 'BUILDING') {
    const [pid] = sandboxProcesses(key.BuildRecordId, 'sleep 600');
    if (pid !== undefined) return void process.kill(pid, 'SIGKILL');
    await delay(50);
  }
  assert.fail('the build ended before its sleep');
}

async function labelOf(server: TestServer, place: string): Promise<string | undefined> {
  return (await labelsOf(server, place)).of;
}

/** The commit that an image of `team/app` names as its source. */
async function revisionOf(server: TestServer, tag: string): Promise<string | undefined> {
  return (await labelsOf(server, `:${tag}`))['org.opencontainers.image.revision'];
}

async function labelsOf({ root }: TestServer, place: string): Promise<Record<string, string>> {
  const image = `docker://${new URL(root.Endpoint).host}/team/app${place}`;
  const login = ['--creds', `${root.AccessKeyId}:${root.AccessKeySecret}`];
  const { stdout } = await promisify(execFile)('skopeo', [
    'inspect',
    '--config',
    '--tls-verify=false',
    ...login,
    image,
  ]);
  const { config } = JSON.parse(stdout) as { config: { Labels?: Record<string, string> } };
  return config.Labels ?? {};
}
