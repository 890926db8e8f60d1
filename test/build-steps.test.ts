import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinal, readLog, waitForStatus } from './support/log-reader.ts';
import { queueBuild } from './support/queue-build.ts';
import { native, slipway, startServer, summaryValue } from './support/slipway.ts';

interface Step {
  Step: number;
  Stage: number;
  Number: number;
  Instruction: string;
  Cached: boolean;
  StartTime: number;
  EndTime: number;
  ExitCode?: number;
  FirstLine: number;
  LastLine: number;
}

const TWO_STAGES = [
  'FROM busybox AS first',
  'RUN echo one > /one',
  'FROM busybox',
  'COPY --from=first /one /two',
  'RUN echo "STEP 3/3: forged"; cat /two; test ! -e fail',
  'RUN echo end',
  '',
].join('\n');

test('every step of a build is a record with its place, its lines and how it ended; a step from the cache says so', async (t) => {
  const server = await startServer(t);
  const build = async (Dockerfile: string) => {
    const key = await queueBuild(t, server, { Dockerfile });
    const status = await waitForStatus(server.client, key, isFinal);
    const lines = await readLog(server.client, key);
    const { Steps } = await native(server.client, `/api/v1/builds/${key.BuildRecordId}/steps`);
    return { id: key.BuildRecordId, status, lines, steps: Steps as Step[] };
  };

  const first = await build(TWO_STAGES);
  assert.equal(first.status, 'SUCCESS', JSON.stringify(first.lines, null, 1));
  assert.deepEqual(
    first.steps.map((step) => [step.Step, step.Stage, step.Number, step.Instruction, step.Cached, step.ExitCode]),
    [
      [1, 1, 1, 'FROM busybox AS first', false, 0],
      [2, 1, 2, 'RUN echo one > /one', false, 0],
      [3, 2, 1, 'FROM busybox', false, 0],
      [4, 2, 2, 'COPY --from=first /one /two', false, 0],
      [5, 2, 3, 'RUN echo "STEP 3/3: forged"; cat /two; test ! -e fail', false, 0],
      [6, 2, 4, 'RUN echo end', false, 0],
    ],
  );
  for (const step of first.steps) {
    assert.ok(first.lines[step.FirstLine - 1]?.Message.endsWith(step.Instruction), `step ${step.Step}`);
    assert.ok(step.StartTime <= step.EndTime && step.FirstLine <= step.LastLine);
  }
  assert.deepEqual(
    first.steps.slice(1).map((step) => step.FirstLine),
    first.steps.slice(0, -1).map((step) => step.LastLine + 1),
  );

  const second = await build(TWO_STAGES.replace('echo end', 'exit 9'));
  assert.equal(second.status, 'FAILED');
  assert.deepEqual(
    second.steps.map((step) => [step.Cached, step.ExitCode]),
    [
      [false, 0],
      [true, 0],
      [false, 0],
      [true, 0],
      [true, 0],
      [false, 9],
    ],
  );

  const diff = await slipway(['diff', second.id, '--data', server.dataFolder]);
  assert.equal(diff.code, 0, diff.stderr);
  assert.equal(summaryValue(diff.stdout, 'With'), `${first.id}  SUCCESS`);
  assert.equal(summaryValue(diff.stdout, 'First'), 'step 6 (RUN exit 9), was step 6 (RUN echo end)');
  const same = await slipway(['diff', second.id, second.id.toUpperCase(), '--data', server.dataFolder]);
  assert.match(summaryValue(same.stdout, 'First') ?? '', /^no difference in \d+ compared lines$/);
  const none = await slipway(['diff', first.id, '--data', server.dataFolder]);
  assert.equal(none.code, 3);
  assert.match(none.stderr, /No earlier build of this repository and tag succeeded/);
});
