import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLeftovers } from '../support/leftovers.ts';
import { isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, startServer } from '../support/slipway.ts';

const BOMB = 'f() { f | f & }; i=0; while [ $i -lt 600 ]; do sleep 30 & i=$((i+1)); done; f; wait';

const FLAGS = Object.entries({
  'build-processes': '256',
  'build-disk-mebibytes': '256',
  'log-limit-mebibytes': '1',
  'concurrent-builds': '2',
}).flatMap(([name, value]) => [`--${name}`, value]);

type Hostile = [title: string, run: string, reason: RegExp];

const HOSTILE: Hostile[] = [
  [
    'a fork bomb',
    BOMB,
    /^the build started too many processes at step 2\/2 .*: its limit is 256 \(setting build-processes\)$/,
  ],
  [
    'a memory hog',
    'tail /dev/zero',
    /^the build ran out of memory at step 2\/2 .*: its limit is 256 MiB \(setting build-memory-mebibytes\)$/,
  ],
  [
    'a disk filler',
    'dd if=/dev/zero of=/big bs=1M count=600',
    /^the build filled its disk at step 2\/2 .*: its limit is 256 MiB \(setting build-disk-mebibytes\)$/,
  ],
  [
    'a caller of a private address',
    'nc -w 3 10.1.2.3 8080',
    /^step 2\/2 failed with exit code 1: RUN nc .*; the build was refused 10\.1\.2\.3:8080\/tcp \(setting build-allow-addresses\)$/,
  ],
];

const WRITER: Hostile = [
  'an endless writer',
  'nc -w 3 10.1.2.3 8080; yes 0123456789',
  /^the build took longer than its limit of 20 seconds \(setting build-timeout-seconds\), and was stopped at step 2\/2 \(RUN nc/,
];

test('a fork bomb, a memory hog, a disk filler and a caller of a private address each fail for that reason, while a second build finishes normally', (t) =>
  endBesideAGoodOne(t, HOSTILE, { timeoutSeconds: 300, memoryMebibytes: 256 }));

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'writes for 20 seconds: runs with SLIPWAY_TEST_LONG=1';

test('an endless writer fails for that reason, while a second build finishes normally', { skip: SKIP_LONG }, (t) =>
  endBesideAGoodOne(t, [WRITER], { timeoutSeconds: 20, memoryMebibytes: 256 }),
);

/** The time limit is far beyond what a loaded machine needs, except where the limit itself is tested. */
async function endBesideAGoodOne(
  t: TestContext,
  cases: readonly Hostile[],
  limits: { timeoutSeconds: number; memoryMebibytes: number },
): Promise<void> {
  const time = ['--build-timeout-seconds', String(limits.timeoutSeconds)];
  const memory = ['--build-memory-mebibytes', String(limits.memoryMebibytes)];
  const server = await startServer(t, { flags: [...FLAGS, ...time, ...memory] });
  const { client } = server;
  for (const [title, run, reason] of cases) {
    const hostile = await queueBuild(t, server, { Dockerfile: `FROM busybox\nRUN ${run}\n` }, 'local/hostile:latest');
    await waitForLine(client, hostile, 'STEP 2/2: RUN');
    const good = await queueBuild(
      t,
      server,
      { Dockerfile: 'FROM busybox\nRUN sleep 1; echo fine\n' },
      'local/good:latest',
    );
    assert.equal(await waitForStatus(client, good, isFinal), 'SUCCESS', `beside ${title}`);
    assert.equal(await waitForStatus(client, hostile, isFinal), 'FAILED', title);
    const record = await sealed(hostile.BuildRecordId);
    assert.match(record.Failure.Message, reason, title);
    assert.equal(record.Failure.Fault, 'settings', title);
    const lines = await readLog(client, hostile);
    if (title === 'an endless writer') {
      assert.equal(record.Seal.verdict, 'partial', 'its log was cut at the limit');
      assert.ok(record.Seal.droppedLines > 0 && record.Seal.sizeBytes < 2 ** 21);
      const { Dockerfile } = await native(client, `/api/v1/builds/${hostile.BuildRecordId}/card`);
      assert.deepEqual((Dockerfile as { FirstLine: number }).FirstLine, 2, 'the card shows the step that was stopped');
    } else if (title === 'a caller of a private address') {
      const refusal =
        /^refused: tcp connection to 10\.1\.2\.3 port 8080, a private .*build-allow-addresses lists 10\.1\.2\.3$/;
      assert.match(lines.at(-3)?.Message ?? '', refusal);
    } else assert.equal(lines.at(-2)?.Message, record.Failure.Message, title);
    assert.deepEqual(await findLeftovers(server.dataFolder, hostile.BuildRecordId), [], title);
  }

  async function sealed(id: string) {
    for (;;) {
      const record = await native(client, `/api/v1/builds/${id}`);
      if (record.Seal)
        return record as unknown as {
          Failure: { Fault: string; Message: string };
          Seal: { verdict: string; droppedLines: number; sizeBytes: number };
        };
      await sleep(20);
    }
  }
}
