import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLeftovers, processes, sandboxProcesses } from './support/leftovers.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from './support/log-reader.ts';
import { queueBuild } from './support/queue-build.ts';
import { native, type PrintedLine, startServer, type TestServer } from './support/slipway.ts';

// A line every tenth of a second for a minute: longer than any of these tests looks on.
const TICKING = 'FROM busybox\nRUN i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo "tick $i"; sleep 0.1; done\n';

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'set SLIPWAY_TEST_LONG=1 to run it';

test('kill -9 of the server: every line it showed stays, the record is FAILED, the log sealed partial, nothing is left', async (t) => {
  const first = await startServer(t);
  const key = await queueBuild(t, first, { Dockerfile: TICKING });
  const shown = await waitForLine(first.client, key, 'tick 5');
  await first.kill();

  const second = await startServer(t, { dataFolder: first.dataFolder });
  await assertLost(second, key, shown, 'the server ended while the build ran');
  await assertNothingLeft(second, key);
  await assertBuilds(t, second);
});

test('kill -9 of the sandbox helper: every line shown stays, the record is FAILED, the log sealed partial, nothing is left', async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: TICKING });
  const shown = await waitForLine(server.client, key, 'tick 5');
  process.kill(helperOf(server), 'SIGKILL');
  await waitForStatus(server.client, key, isFinal);
  await assertLost(server, key, shown, 'the sandbox helper died while the build ran');
  await assertNothingLeft(server, key);
  await assertBuilds(t, server);
});

test('kill -9 of buildah: every line shown stays, the record is FAILED, the log sealed partial, nothing is left', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: TICKING });
  const shown = await waitForLine(server.client, key, 'tick 5');
  const [buildah] = sandboxProcesses(key.BuildRecordId, 'buildah');
  assert.ok(buildah, 'buildah must be found to be killed');
  process.kill(buildah, 'SIGKILL');
  await waitForStatus(server.client, key, isFinal);
  await assertLost(server, key, shown, 'the builder died at step 2');
  await assertNothingLeft(server, key);
  await assertBuilds(t, server);
});

test('SIGTERM drains: a running build is seen through and the server exits 0', async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 2; echo finished\n' });
  await waitForLine(server.client, key, 'started');
  assert.equal(await server.stop(), 0, server.stderr());
  const again = await startServer(t, { dataFolder: server.dataFolder });
  assert.equal((await again.client.call('GetRepoBuildRecordStatus', key)).BuildStatus, 'SUCCESS');
});

async function assertLost(
  server: TestServer,
  key: BuildKey,
  shown: readonly PrintedLine[],
  reason: string,
): Promise<void> {
  const record = await sealedRecord(server, key);
  assert.equal(record.Status, 'FAILED');
  assert.ok(record.Failure.Message.startsWith(reason), record.Failure.Message);
  assert.equal(record.Failure.Fault, 'machine');
  assert.equal(record.Seal.verdict, 'partial');
  const lines = await readLog(server.client, key);
  assert.deepEqual(lines.slice(0, shown.length), shown);
  assert.deepEqual(
    lines.map((line) => line.LineNumber),
    lines.map((_, index) => index + 1),
  );
  const [last, closing] = lines.slice(-2);
  assert.ok(last?.Message.startsWith(reason), last?.Message);
  assert.match(closing?.Message ?? '', /^build stage failed after \d+\.\d\d s$/);
}

interface SealedRecord {
  Status: string;
  Failure: { Fault: string; Message: string };
  Seal: { verdict: string };
}

async function sealedRecord(server: TestServer, key: BuildKey): Promise<SealedRecord> {
  for (;;) {
    const record = (await native(server.client, `/api/v1/builds/${key.BuildRecordId}`)) as unknown as SealedRecord;
    if (record.Seal) return record;
    await sleep(20);
  }
}

/** The helper may take a moment to come back and clear up; what is there after ten seconds stays. */
async function assertNothingLeft(server: TestServer, key: BuildKey): Promise<void> {
  let left: string[] = [];
  for (let tries = 0; tries < 100; tries++) {
    left = await findLeftovers(server.dataFolder, key.BuildRecordId);
    if (left.length === 0) return;
    await sleep(100);
  }
  assert.deepEqual(left, []);
}

async function assertBuilds(t: Parameters<typeof queueBuild>[0], server: TestServer): Promise<void> {
  const next = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo still here\n' });
  const status = await waitForStatus(server.client, next, isFinal);
  assert.equal(status, 'SUCCESS', JSON.stringify(await readLog(server.client, next), null, 1));
}

function helperOf(server: TestServer): number {
  const found = processes().find(
    ({ cmdline }) =>
      cmdline.includes('sandbox/helper.ts') && cmdline.includes(server.dataFolder) && !/^sh /.test(cmdline),
  );
  if (!found) throw new Error('the sandbox helper is not running');
  return found.pid;
}
