import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLeftovers } from '../support/leftovers.ts';
import { type BuildKey, buildKey, isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { startSilentHost } from '../support/peers/silent-host.ts';
import { folderOf, queueBuild, queueGitBuild } from '../support/queue-build.ts';
import { firstUuid, native, slipway, startServer, type TestServer } from '../support/slipway.ts';

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'runs five builds in turn: runs with SLIPWAY_TEST_LONG=1';

test('a build can be cancelled while it waits, clones, fetches its base, and runs: CANCELED, sealed, nothing left, and the next one builds', async (t) => {
  const silent = await startSilentHost(t);
  const mirror = ['--docker-io-mirror', silent, '--allow-addresses', '127.0.0.0/8'];
  const server = await startServer(t, { flags: ['--concurrent-builds', '1', ...mirror] });
  const { client } = server;

  const running = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' });
  await waitForLine(client, running, 'started');
  const waiting = await queueBuild(t, server, { Dockerfile: 'FROM busybox\n' }, 'local/other:latest');
  const place = await native(client, `/api/v1/builds/${waiting.BuildRecordId}`);
  assert.equal(place.QueuePosition, 1);
  assert.match(String(place.WaitReason), /^this server already runs 1 build, its limit \(setting concurrent-builds\)$/);
  await assertCancelled(server, waiting, 'fetch stage cancelled');
  await assertCancelled(server, running, 'build stage cancelled');

  const cloning = await queueGitBuild(server, `${silent}/team/app.git`);
  await waitForLine(client, cloning, 'source: ');
  await assertCancelled(server, cloning, 'fetch stage cancelled');

  const fetching = await queueBuild(t, server, { Dockerfile: 'FROM nobody/has-this\n' });
  await waitForLine(client, fetching, 'build stage begin');
  await assertCancelled(server, fetching, 'build stage cancelled');

  const next = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo fine\n' });
  assert.equal(await waitForStatus(client, next, isFinal), 'SUCCESS');
  for (const { BuildRecordId } of [running, waiting, cloning, fetching, next])
    assert.deepEqual(await findLeftovers(server.dataFolder, BuildRecordId), []);
});

test('builds of two repositories take turns on one slot, and slipway build prints its position in the queue', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', '1'] });
  const { client, dataFolder } = server;
  const first = await queueBuild(
    t,
    server,
    { Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' },
    'local/many:1',
  );
  await waitForLine(client, first, 'started');
  const many: BuildKey[] = [];
  for (const tag of ['2', '3', '4'])
    many.push(await queueBuild(t, server, { Dockerfile: 'FROM busybox\n' }, `local/many:${tag}`));
  const folder = folderOf(t, { Dockerfile: 'FROM busybox\n' });
  const waits = Promise.withResolvers<string>();
  const command = slipway(['build', folder, '--tag', 'local/one:1', '--data', dataFolder], {
    onStart: (child) =>
      child.stderr?.on('data', (text) => String(text).includes('waiting in') && waits.resolve(String(text))),
  });
  const says = await Promise.race([waits.promise, command.then(({ stderr }) => stderr)]);
  assert.match(
    says,
    /slipway: the build is waiting in the queue, with at most 1 build ahead of it: this server already runs 1 build, its limit \(setting concurrent-builds\)$/m,
  );
  await client.call('CancelRepoBuildRecord', first);
  const { stdout, code } = await command;
  assert.equal(code, 0, stdout);
  const one = await buildKey(client, firstUuid(stdout));
  const starts: number[] = [];
  for (const key of [one, ...many]) {
    assert.equal(await waitForStatus(server.client, key, isFinal), 'SUCCESS');
    starts.push(Number((await native(server.client, `/api/v1/builds/${key.BuildRecordId}`)).StartTime));
  }
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => a - b),
    'the last build, from another repository, started first',
  );
});

async function assertCancelled(server: TestServer, key: BuildKey, closing: string): Promise<void> {
  const fromMs = Date.now();
  await server.client.call('CancelRepoBuildRecord', key);
  assert.equal(await waitForStatus(server.client, key, isFinal), 'CANCELED');
  const [reason, last] = (await readLog(server.client, key)).slice(-2);
  assert.equal(reason?.Message, 'the build was cancelled');
  assert.ok(last?.Message.startsWith(closing), last?.Message);
  for (;;) {
    const { Seal, Cancellation } = await native(server.client, `/api/v1/builds/${key.BuildRecordId}`);
    if (Seal !== undefined) {
      const { Cause, Arn, Time, ...others } = Cancellation as Record<string, unknown>;
      assert.deepEqual([Cause, others], ['call', {}]);
      assert.match(String(Arn), /:root$/);
      assert.ok(Number(Time) >= fromMs && Number(Time) <= Date.now());
      assert.equal((Seal as { verdict: string }).verdict, 'complete');
      break;
    }
    await sleep(20);
  }
}
