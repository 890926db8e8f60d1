import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Nonces } from './nonces.ts';

const minute = 60_000;

test('takes a nonce once for each key', () => {
  const nonces = Nonces.open({ now: () => 0 });
  assert.equal(nonces.use('a', 'n', 0), 'new');
  assert.equal(nonces.use('a', 'n', 0), 'used');
  assert.equal(nonces.use('a', 'n', 5000), 'used');
  assert.equal(nonces.use('b', 'n', 0), 'new');
});

test('keeps a nonce as long as its time stamp is accepted, and no longer than that much', () => {
  let nowMs = 0;
  const nonces = Nonces.open({ now: () => nowMs, limit: 1 });
  const stampMs = 15 * minute;
  assert.equal(nonces.use('a', 'n', stampMs), 'new');
  nowMs = 30 * minute;
  assert.equal(nonces.use('a', 'n', stampMs), 'used');
  assert.equal(nonces.use('a', 'other', nowMs), 'full');
  nowMs = 40 * minute;
  assert.equal(nonces.use('a', 'other', nowMs), 'new');
});

test('remembers after a restart and after kill -9, and forgets old files', (t) => {
  const folder = ownFolder(t);
  const startMs = Date.now();
  const source = `
    import { Nonces } from ${JSON.stringify(new URL('./nonces.ts', import.meta.url).href)};
    Nonces.open({ folder: ${JSON.stringify(folder)}, now: () => ${startMs} }).use('a', 'n', ${startMs});
    process.kill(process.pid, 'SIGKILL');`;
  assert.throws(() => execFileSync(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' }));

  let nowMs = startMs;
  const again = Nonces.open({ folder, now: () => nowMs });
  assert.equal(again.notBeforeMs, 0);
  assert.equal(again.use('a', 'n', startMs), 'used');
  assert.equal(again.use('a', 'm', startMs), 'new');
  nowMs += 120 * minute;
  assert.equal(again.use('a', 'k', nowMs), 'new');
  again.close();
  assert.deepEqual(readdirSync(folder), [`${nowMs}.nonces`]);
});

test('passes over a torn last line', (t) => {
  const folder = ownFolder(t);
  const first = Nonces.open({ folder, now: () => 1000 });
  first.use('a', 'n', 1000);
  first.close();
  appendFileSync(join(folder, '1000.nonces'), '961000 AAAA');
  const second = Nonces.open({ folder, now: () => 2000 });
  assert.equal(second.use('a', 'n', 1000), 'used');
  second.close();
});

test('refuses time stamps from before the boot after the machine went down uncleanly', (t) => {
  const folder = ownFolder(t);
  const nowMs = Date.now();
  writeFileSync(join(folder, 'boot'), 'another-boot\n');
  const nonces = Nonces.open({ folder, now: () => nowMs });
  assert.ok(nonces.notBeforeMs > 0 && nonces.notBeforeMs <= nowMs);
  assert.notEqual(readFileSync(join(folder, 'boot'), 'utf8'), 'another-boot\n');
  nonces.close();
  assert.equal(Nonces.open({ folder, now: () => nowMs }).notBeforeMs, 0);
});

function ownFolder(t: { after(fn: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-nonces-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
