import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killIfThere } from '../../server/src/sandbox/box/cgroup.ts';
import { sandboxProcesses } from '../support/leftovers.ts';
import { isFinal, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { assertBuilds, assertLost, assertNothingLeft, helperOf } from '../support/lost-build.ts';
import { folderOf, queueBuild } from '../support/queue-build.ts';
import { runCommand } from '../support/running-command.ts';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';

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

test('kill -9 of the server, and its data folder copied: a start of the original ends the build at once, one of the copy when its lease is over', {
  skip: SKIP_LONG,
}, async (t) => {
  const first = await startServer(t);
  const key = await queueBuild(t, first, { Dockerfile: TICKING });
  const shown = await waitForLine(first.client, key, 'tick 5');
  await first.kill();
  const copied = join(temporaryFolder(t), 'data');
  mkdirSync(copied);
  // The sandbox helper still removes what is left of the build.
  const kept = readdirSync(first.dataFolder).filter((name) => name !== 'sandbox');
  for (const name of kept) execFileSync('cp', ['-a', join(first.dataFolder, name), copied]);
  changeLeases(copied, 3600_000);

  const early = await startServer(t, { dataFolder: copied });
  assert.equal((await early.client.call('GetRepoBuildRecordStatus', key)).BuildStatus, 'BUILDING');
  await early.stop();
  changeLeases(copied, -60_000);
  const late = await startServer(t, { dataFolder: copied });
  await assertLost(late, key, shown, 'the worker that ran the build was lost');
  await late.stop();

  changeLeases(first.dataFolder, 3600_000);
  const original = await startServer(t, { dataFolder: first.dataFolder });
  await assertLost(original, key, shown, 'the server ended while the build ran');
  const ids = [first.dataFolder, copied].map((folder) => readFileSync(join(folder, 'node.json'), 'utf8'));
  assert.notEqual(ids[0], ids[1]);
});

/** Lets the leases of a stopped server's builds end this long after now. */
function changeLeases(dataFolder: string, ms: number): void {
  const database = new DatabaseSync(join(dataFolder, 'db', 'slipway.sqlite'));
  database.prepare("update build_record set lease_until_ms = ? where status = 'BUILDING'").run(Date.now() + ms);
  database.close();
}

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

test('SIGTERM drains: a running build finishes, nothing else starts, everyone is told why, and the next start continues', async (t) => {
  const server = await startServer(t, { flags: ['--drain-seconds', '600'] });
  const { dataFolder, client, root } = server;
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 600 || true\n' });
  await waitForLine(client, key, 'started');
  const follower = runCommand(t, ['logs', key.BuildRecordId, '--follow', '--data', dataFolder]);
  const ended = server.stop();
  const ready = () => fetch(`${root.Endpoint}/readyz`);
  for (; (await ready()).status === 200; ) await sleep(20);
  const { Problems } = (await (await ready()).json()) as { Problems: string[] };
  assert.match(Problems[0] ?? '', /^the server is stopping/);
  const doctor = await slipway(['doctor', '--data', dataFolder]);
  assert.deepEqual([doctor.code, doctor.stdout.split('\n')[0]], [4, Problems[0]]);
  const source = folderOf(t, { Dockerfile: 'FROM busybox\nRUN echo second\n' });
  const second = runCommand(t, ['build', source, '--tag', 'local/second', '--data', dataFolder]);
  while (!second.stderr().includes('waiting in the queue')) await sleep(20);
  assert.match(second.stderr(), /waiting in the queue, with no build ahead of it: the server is stopping/);
  // The first may take the others with it.
  for (const pid of sandboxProcesses(key.BuildRecordId, 'sleep')) killIfThere(pid);
  assert.equal(await ended, 0, server.stderr());
  assert.equal(await follower.exitCode, 0, follower.stderr());
  const again = await startServer(t, { dataFolder });
  assert.equal((await again.client.call('GetRepoBuildRecordStatus', key)).BuildStatus, 'SUCCESS');
  assert.equal(await second.exitCode, 0, second.stderr());
});

test('a build that still runs after drain-seconds is ended, and its log says that the server was stopped', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t, { flags: ['--drain-seconds', '0'] });
  const key = await queueBuild(t, server, { Dockerfile: TICKING });
  const shown = await waitForLine(server.client, key, 'tick 1');
  assert.equal(await server.stop(), 0, server.stderr());
  const again = await startServer(t, { dataFolder: server.dataFolder });
  await assertLost(again, key, shown, 'the server was stopped while the build ran');
});
