import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes, sandboxProcesses } from '../support/leftovers.ts';
import { type BuildKey, isFinal, waitForLine, waitForStatus } from '../support/log-reader.ts';
import {
  assertBuilds,
  assertLost,
  assertNothingLeft,
  assertPushed,
  helperOf,
  parentOf,
  registryOf,
} from '../support/lost-build.ts';
import { startSilentHost } from '../support/peers/silent-host.ts';
import { queueBuild, queueGitBuild } from '../support/queue-build.ts';
import { atEnd, type PrintedLine, startServer, type TestServer } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts a server ten times: runs with SLIPWAY_TEST_LONG=1';

type Stage = 'fetch' | 'build' | 'push';

const FLAGS = ['--allow-addresses', '127.0.0.0/8'];

for (const stage of ['fetch', 'push'] as const)
  test(`kill -9 of the server in its ${stage} stage: the record is FAILED, the log sealed partial, nothing is left`, {
    skip,
  }, async (t) => {
    const first = await startServer(t, { flags: FLAGS });
    const { key, shown, release } = await startBuildIn(t, first, stage);
    await first.kill();
    release('SIGKILL');
    const second = await startServer(t, { dataFolder: first.dataFolder });
    await assertLost(second, key, shown, 'the server ended while the build ran', stage);
    await assertNothingLeft(second, key);
    await assertBuilds(t, second);
  });

test('kill -9 of the server after it pushed the image of a build: the record is SUCCESS, the log sealed partial, the image pulls', {
  skip,
}, async (t) => {
  const first = await startServer(t, { flags: FLAGS });
  // The cache, with a layer that the image lacks, is pushed after the image.
  const Dockerfile =
    'FROM busybox AS big\nRUN head -c 100000000 /dev/urandom >/big\nFROM scratch\nCOPY --from=big /etc/passwd /\n';
  await queueBuild(t, first, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' }, 'local/cache:first');
  const cacheTo = { Reference: 'local/cache:big', Mode: 'max' };
  const key = await queueBuild(t, first, { Dockerfile }, 'local/pushed:latest', { CacheTo: cacheTo });
  const shown = await waitForLine(first.client, key, 'pushed local/pushed:latest');
  await first.kill();
  const second = await startServer(t, { dataFolder: first.dataFolder });
  await assertPushed(second, key, 'local/pushed:latest', shown);
  await assertNothingLeft(second, key);
});

for (const stage of ['build', 'push'] as const)
  test(`kill -9 of the registry in the ${stage} stage: exit 4, the record is FAILED, the log sealed partial, nothing is left`, {
    skip,
  }, async (t) => {
    const first = await startServer(t, { flags: FLAGS });
    const { key, shown } = await startBuildIn(t, first, stage);
    const ended = once(first.child, 'close');
    process.kill(registryOf(first), 'SIGKILL');
    const [code] = (await ended) as [number | null];
    assert.equal(code, 4, first.stderr());
    const second = await startServer(t, { dataFolder: first.dataFolder });
    await assertLost(second, key, shown, 'the server was stopped while the build ran', stage);
    await assertNothingLeft(second, key);
    await assertBuilds(t, second);
  });

test('kill -9 of the sandbox helper does not disturb a build that clones or pushes: one is cancelled, the other succeeds, nothing is left', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: FLAGS });
  const pushing = await startBuildIn(t, server, 'push');
  const cloning = await startBuildIn(t, server, 'fetch');
  assert.notEqual(parentOf(pushOf(pushing.key) ?? 0), server.child.pid, 'the server did not fork for the push');
  process.kill(helperOf(server), 'SIGKILL');
  await server.client.call('CancelRepoBuildRecord', cloning.key);
  assert.equal(await waitForStatus(server.client, cloning.key, isFinal), 'CANCELED');
  pushing.release('SIGCONT');
  assert.equal(await waitForStatus(server.client, pushing.key, isFinal), 'SUCCESS');
  for (const { key } of [cloning, pushing]) await assertNothingLeft(server, key);
  await assertBuilds(t, server);
});

test('the builder starts while the source is fetched, and a cancellation leaves nothing of either', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: FLAGS });
  const first = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo kept\n' }, 'local/cloned:latest');
  assert.equal(await waitForStatus(server.client, first, isFinal), 'SUCCESS');
  const { key } = await startBuildIn(t, server, 'fetch');
  while (sandboxProcesses(key.BuildRecordId, 'dockerd').length === 0) await sleep(50);
  await server.client.call('CancelRepoBuildRecord', key);
  assert.equal(await waitForStatus(server.client, key, isFinal), 'CANCELED');
  await assertNothingLeft(server, key);
});

/**
 * A build that stays in a stage: the code host is silent, the step sleeps, or the registry is stopped until it is
 * released.
 */
async function startBuildIn(
  t: TestContext,
  server: TestServer,
  stage: Stage,
): Promise<{ key: BuildKey; shown: PrintedLine[]; release(signal: NodeJS.Signals): void }> {
  if (stage === 'fetch') {
    const key = await queueGitBuild(server, `${await startSilentHost(t)}/team/app.git`);
    return { key, shown: await waitForLine(server.client, key, 'source: '), release: () => undefined };
  }
  if (stage === 'build') {
    const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' });
    return { key, shown: await waitForLine(server.client, key, 'started'), release: () => undefined };
  }
  const registry = registryOf(server);
  const release = (signal: NodeJS.Signals) => process.kill(registry, signal);
  process.kill(registry, 'SIGSTOP');
  // A stopped registry would outlive its server.
  atEnd(t, () => isAlive(registry) && release('SIGKILL'));
  // Without a base image, the build does not use the registry before the push.
  const key = await queueBuild(t, server, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
  const shown = await waitForLine(server.client, key, 'push stage begin');
  while (pushOf(key) === undefined) await sleep(20);
  return { key, shown, release };
}

/** The process that pushes the image of a build. */
function pushOf({ BuildRecordId }: BuildKey): number | undefined {
  return processes().find(({ cmdline }) => cmdline.startsWith('skopeo ') && cmdline.includes(BuildRecordId))?.pid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
