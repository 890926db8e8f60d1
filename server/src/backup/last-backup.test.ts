import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { noteBackup, noteVerified, readLastBackup } from './last-backup.ts';

const MADE = { place: '/backups', name: 'b', createdMs: 7, files: 3, sizeBytes: 10, problems: 0 };

test('a data folder remembers its last backup, and when that one was verified', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-last-backup-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'run'));
  assert.equal(readLastBackup(root), undefined);
  assert.match(noteVerified(root, 7, { timeMs: 9, problems: 0 }) ?? '', /not the last backup of that folder$/);

  assert.equal(noteBackup(root, MADE), undefined);
  assert.deepEqual(readLastBackup(root), MADE);
  assert.match(noteVerified(root, 6, { timeMs: 9, problems: 1 }) ?? '', /not the last backup/, 'an earlier backup');
  assert.deepEqual(readLastBackup(root), MADE);
  assert.equal(noteVerified(root, 7, { timeMs: 9, problems: 1 }), undefined);
  assert.deepEqual(readLastBackup(root), { ...MADE, verified: { timeMs: 9, problems: 1 } });
  noteBackup(root, { ...MADE, createdMs: 8 });
  assert.deepEqual(readLastBackup(root), { ...MADE, createdMs: 8 }, 'nobody has verified the next one');
  assert.deepEqual(readdirSync(join(root, 'run')), ['last-backup.json']);
  rmSync(join(root, 'run'), { recursive: true });
  assert.match(noteBackup(root, MADE) ?? '', /cannot record this \(ENOENT\)/, 'the backup is still made');
});

test('a record that something else wrote is no backup, and a link in its place is replaced, not followed', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-last-backup-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'run'));
  const [record, other] = [join(root, 'run', 'last-backup.json'), join(root, 'other')];
  for (const text of ['', '{', 'null', '7', '{"createdMs":"x"}']) {
    writeFileSync(record, text);
    assert.equal(readLastBackup(root), undefined, text);
  }
  rmSync(record);
  writeFileSync(other, '{}');
  symlinkSync(other, record);
  noteBackup(root, MADE);
  rmSync(other);
  assert.deepEqual(readLastBackup(root), MADE);
});
