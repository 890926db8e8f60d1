import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';

test('reports in one sentence that standard output cannot be written, and ends with 4', (t) => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const main = new URL('../main.ts', import.meta.url).pathname;
  const { status, stderr } = spawnSync(process.execPath, [main, 'version'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  assert.equal(stderr, 'slipway: standard output cannot be written: ENOSPC: no space left on device, write\n');
  assert.equal(status, 4);
});
