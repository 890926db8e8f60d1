import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openHold } from './hold.ts';

test('builds wait while the server is paused, and the log says once that they wait and once that they start again', async (t) => {
  const { hold, mark, lines } = open(t, 0);
  assert.deepEqual([hold.isPaused(), await hold.waitReason()], [false, undefined]);
  writeFileSync(mark, '');
  assert.equal(hold.isPaused(), true);
  for (let times = 0; times < 3; times++)
    assert.match((await hold.waitReason()) ?? '', /the server is paused .* slipway resume/);
  rmSync(mark);
  assert.deepEqual([hold.isPaused(), await hold.waitReason()], [false, undefined]);
  assert.deepEqual(lines, ['warn no build starts', 'info builds start again']);
});

test('a server that stops starts no build, whatever else held it, and says so', async (t) => {
  const { hold, mark } = open(t, 0);
  writeFileSync(mark, '');
  hold.stop();
  assert.match((await hold.waitReason()) ?? '', /stopping; waiting builds start after it is started again/);
});

test('builds wait while less is free on the disk than build-disk-free-mebibytes, and the reason names the setting', async (t) => {
  const { hold } = open(t, 1_073_741_824);
  const reason = (await hold.waitReason()) ?? '';
  assert.match(reason, /less than 1073741824 MiB is free .* \(build-disk-free-mebibytes\); .*slipway prune/);
  assert.equal(hold.isPaused(), false);
});

function open(t: TestContext, lowMebibytes: number) {
  const reachable = mkdtempSync(join(tmpdir(), 'slipway-hold-'));
  t.after(() => rmSync(reachable, { recursive: true }));
  const lines: string[] = [];
  const logger = {
    info: (...[words]: unknown[]) => void lines.push(`info ${words}`),
    warn: (...[, words]: unknown[]) => void lines.push(`warn ${words}`),
  };
  const hold = openHold({ folder: { reachable }, config: { 'build-disk-free-mebibytes': lowMebibytes }, logger });
  return { hold, lines, mark: join(reachable, 'paused') };
}
