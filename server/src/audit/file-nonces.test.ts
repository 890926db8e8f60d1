import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileNonces } from './file-nonces.ts';
import { testNonces } from './nonces.contract.ts';

const MINUTE = 60_000;

testNonces('in memory', async () => ({ open: (means) => FileNonces.open(means) }));

testNonces('files', async (t) => {
  const folder = ownFolder(t);
  return {
    open: (means) => FileNonces.open({ folder, ...means }),
    lose: async () => {
      for (const name of readdirSync(folder)) if (name !== 'state') rmSync(join(folder, name));
      renameSync(join(folder, 'state'), join(folder, 'lost'));
    },
  };
});

test('remembers after a restart and after kill -9, and forgets old files', (t) => {
  const folder = ownFolder(t);
  const startMs = Date.now();
  const source = `
    import { FileNonces } from ${JSON.stringify(new URL('./file-nonces.ts', import.meta.url).href)};
    const nonces = FileNonces.open({ folder: ${JSON.stringify(folder)}, now: () => ${startMs} });
    nonces.use('a', 'n', ${startMs});
    nonces.use('b', 'n', ${startMs});
    nonces.write();
    process.kill(process.pid, 'SIGKILL');`;
  assert.throws(() => execFileSync(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' }));

  let nowMs = startMs;
  const again = FileNonces.open({ folder, now: () => nowMs });
  assert.equal(again.use('a', 'n', startMs), 'used');
  assert.equal(again.use('b', 'n', startMs), 'used');
  assert.equal(again.use('a', 'm', startMs), 'new');
  nowMs += 120 * MINUTE;
  assert.equal(again.use('a', 'k', nowMs), 'new');
  again.close();
  assert.deepEqual(readdirSync(folder).sort(), [`${nowMs}.nonces`, 'state']);
});

test('ignores a torn last line', (t) => {
  const folder = ownFolder(t);
  const first = FileNonces.open({ folder, now: () => 1000 });
  first.use('a', 'n', 1000);
  first.close();
  appendFileSync(join(folder, '1000.nonces'), '961000 AAAA');
  const second = FileNonces.open({ folder, now: () => 2000 });
  assert.equal(second.use('a', 'n', 1000), 'used');
  second.close();
});

test('refuses timestamps from before the boot if the machine went down while the folder was open', (t) => {
  const folder = ownFolder(t);
  const nowMs = Date.now();
  writeFileSync(join(folder, 'state'), 'open another-boot 0\n');
  const nonces = FileNonces.open({ folder, now: () => nowMs });
  const notBeforeMs = notBeforeOf(nonces);
  assert.ok(notBeforeMs > 0 && notBeforeMs <= nowMs);
  // The lost nonces stay lost, whether that process then crashes or ends cleanly.
  assert.equal(notBeforeOf(FileNonces.open({ folder, now: () => nowMs })), notBeforeMs);
  nonces.close();
  assert.equal(notBeforeOf(FileNonces.open({ folder, now: () => nowMs })), notBeforeMs);
});

test('refuses no timestamps after a boot if the folder was closed before it', (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'state'), 'closed another-boot 0\n');
  assert.equal(notBeforeOf(FileNonces.open({ folder, now: () => Date.now() })), 0);
});

test('continues when a nonce cannot be written, reports that once, and the next opening refuses earlier timestamps', (t) => {
  const folder = ownFolder(t);
  const faults: unknown[] = [];
  const nowMs = Date.now();
  const nonces = FileNonces.open({ folder, now: () => nowMs, onFault: (error) => faults.push(error) });
  // A folder in place of the file: opening it fails for every user, even root.
  mkdirSync(join(folder, `${nowMs}.nonces`));
  assert.equal(nonces.use('a', 'n', nowMs), 'new');
  nonces.write();
  assert.equal(nonces.use('a', 'n', nowMs), 'used');
  assert.equal(nonces.use('a', 'm', nowMs), 'new');
  nonces.write();
  assert.equal(faults.length, 1);
  nonces.close();
  rmSync(join(folder, `${nowMs}.nonces`), { recursive: true });
  assert.equal(notBeforeOf(FileNonces.open({ folder, now: () => nowMs + 1000 })), nowMs + 1000);
  assert.equal(notBeforeOf(FileNonces.open({ folder, now: () => nowMs + 2000 })), nowMs + 1000);
});

test('throws on each write if neither a nonce nor its loss can be written', (t) => {
  const folder = ownFolder(t);
  const nowMs = Date.now();
  const nonces = FileNonces.open({ folder, now: () => nowMs });
  rmSync(join(folder, 'state'));
  mkdirSync(join(folder, `${nowMs}.nonces`));
  for (const nonce of ['n', 'm']) {
    assert.throws(() => {
      nonces.use('a', nonce, nowMs);
      nonces.write();
    }, /ENOENT.*rename/);
  }
});

/** The time before which time stamps are refused; 0 if none are. */
function notBeforeOf(nonces: FileNonces): number {
  const use = nonces.use('z', randomUUID(), 0);
  return typeof use === 'object' ? use.notBeforeMs : 0;
}

function ownFolder(t: { after(fn: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-nonces-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
