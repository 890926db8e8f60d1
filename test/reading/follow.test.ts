import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildKey, readLog, waitForLine } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { type RunningCommand, runCommand } from '../support/running-command.ts';
import { printedLines, startServer, type TestServer } from '../support/slipway.ts';

const TICKING = 'FROM busybox\nRUN i=0; while [ $i -lt 900 ]; do i=$((i+1)); echo "tick $i"; sleep 0.1; done\n';
const SHORT = 'FROM busybox\nRUN i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo "tick $i"; sleep 0.1; done\n';

test('a follower across kill -9 of the server, its restart and the seal prints every line once, in order, and exits with the result', async (t) => {
  const first = await startServer(t);
  const key = await queueBuild(t, first, { Dockerfile: TICKING });
  const follower = follow(t, key.BuildRecordId, first.dataFolder);
  await follower.printed('tick 10');
  const shown = await waitForLine(first.client, key, 'tick 12');
  await first.kill();
  const second = await startServer(t, { dataFolder: first.dataFolder });
  assert.equal(await follower.exitCode, 4, follower.stderr());
  const lines = await readLog(second.client, await buildKey(second.client, key.BuildRecordId));
  assert.deepEqual(lines.slice(0, shown.length), shown);
  assert.deepEqual(printedLines(follower.stdout()), lines);
});

test('a follower across an orderly stop is asked to reconnect, sees the restarted server seal the log, and exits with the result', async (t) => {
  const first = await startServer(t, { flags: ['--concurrent-builds', '1'] });
  const running = await queueBuild(t, first, { Dockerfile: SHORT });
  const waiting = await queueBuild(t, first, { Dockerfile: SHORT });
  await waitForLine(first.client, running, 'tick 2');
  const followers = [running, waiting].map((key) => follow(t, key.BuildRecordId, first.dataFolder));
  await waitForFollowers(first, followers.length);
  await followers[0]?.printed('tick 3');
  assert.equal(await first.stop(), 0, first.stderr());
  const second = await startServer(t, { dataFolder: first.dataFolder });
  for (const [index, key] of [running, waiting].entries()) {
    assert.equal(await followers[index]?.exitCode, 0, followers[index]?.stderr());
    assert.deepEqual(printedLines(followers[index]?.stdout() ?? ''), await readLog(second.client, key));
  }
});

/** Runs `slipway logs -f ID` as a separate process. */
function follow(t: TestContext, id: string, dataFolder: string): RunningCommand {
  return runCommand(t, ['logs', '-f', id, '--data', dataFolder]);
}

/** Waits until a server counts that many open log streams: a command that comes as the server ends starts one of its own. */
async function waitForFollowers({ root }: TestServer, count: number): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${root.Endpoint}/metrics`)).text();
    if (metrics.includes(`\nslipway_log_followers ${count}\n`)) return;
    await sleep(50);
  }
}
