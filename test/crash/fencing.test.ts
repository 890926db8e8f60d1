import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killIfThere } from '../../server/src/sandbox/box/cgroup.ts';
import { sandboxProcesses } from '../support/leftovers.ts';
import { readLog, waitForLine } from '../support/log-reader.ts';
import { assertNothingLeft } from '../support/lost-build.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'runs a build: runs with SLIPWAY_TEST_LONG=1';

test('a worker that lost its record while a step ran pushes no image, changes no status, and leaves only the log', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const { client, root } = server;
  // Killing the long-running program lets the build continue.
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 600 || true\n' });
  await waitForLine(client, key, 'started');
  let [lasting] = sandboxProcesses(key.BuildRecordId, 'sleep');
  for (; lasting === undefined; [lasting] = sandboxProcesses(key.BuildRecordId, 'sleep')) await sleep(20);
  // The server writes to the database too.
  const database = new DatabaseSync(join(server.dataFolder, 'db', 'slipway.sqlite'), { timeout: 60_000 });
  database
    .prepare(
      `update build_record set lease_owner = 'another', lease_epoch = lease_epoch + 1, lease_until_ms = ? where build_record_id = ?`,
    )
    .run(Date.now() + 3600_000, key.BuildRecordId);
  database.close();
  killIfThere(lasting);
  while (!server.stderr().includes(`build ${key.BuildRecordId} was given up`)) await sleep(20);

  assert.equal((await client.call('GetRepoBuildRecordStatus', key)).BuildStatus, 'BUILDING');
  const lines = (await readLog(client, key)).map(({ Message }) => Message);
  assert.ok(!lines.some((line) => line.startsWith('pushed ')), lines.join('\n'));
  const image = `docker://${new URL(root.Endpoint).host}/local/test:latest`;
  const login = ['--creds', `${root.AccessKeyId}:${root.AccessKeySecret}`];
  const inspect = promisify(execFile)('skopeo', ['inspect', '--tls-verify=false', ...login, image]);
  await assert.rejects(inspect, /unknown|not found/i);
  await assertNothingLeft(server, key);
});
