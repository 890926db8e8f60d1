import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sandboxProcesses } from '../support/leftovers.ts';
import { isFinal, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { assertBuilds, assertLost, assertNothingLeft, helperOf } from '../support/lost-build.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';

// A line every tenth of a second for a minute: longer than any of these tests watches.
const TICKING = 'FROM busybox\nRUN i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo "tick $i"; sleep 0.1; done\n';

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'set SLIPWAY_TEST_LONG=1 to run it';

test('kill -9 of the server: every line shown stays, the record is FAILED, the log sealed partial, nothing is left', async (t) => {
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

test('kill -9 of a part of the builder: every line shown stays, the record is FAILED, the log sealed partial, nothing is left', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t);
  for (const [name, part] of Object.entries({
    daemon: 'dockerd',
    containerd: 'containerd',
    runtime: '/usr/bin/crun',
    'runtime-script': '/bin/sh /in/bin/runc',
  })) {
    // Uses its own image, because an existing layer store may be set aside, and the build would continue.
    const key = await queueBuild(t, server, { Dockerfile: TICKING }, `local/${name}:latest`);
    const shown = await waitForLine(server.client, key, 'tick 5');
    const [pid] = sandboxProcesses(key.BuildRecordId, part);
    assert.ok(pid, `${part} must be found to be killed`);
    process.kill(pid, 'SIGKILL');
    await waitForStatus(server.client, key, isFinal);
    await assertLost(server, key, shown, 'the builder died at step 2');
    await assertNothingLeft(server, key);
  }
  await assertBuilds(t, server);
});

test('SIGTERM drains: a running build finishes and the server exits 0', async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 2; echo finished\n' });
  await waitForLine(server.client, key, 'started');
  assert.equal(await server.stop(), 0, server.stderr());
  const again = await startServer(t, { dataFolder: server.dataFolder });
  assert.equal((await again.client.call('GetRepoBuildRecordStatus', key)).BuildStatus, 'SUCCESS');
});
