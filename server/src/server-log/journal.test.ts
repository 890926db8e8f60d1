import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { isJournal } from './journal.ts';

test('a file is the journal if systemd names its device and inode', () => {
  const file = openSync(import.meta.filename, 'r');
  const { dev, ino } = fstatSync(file);
  assert.equal(isJournal(file, `${dev}:${ino}`), true);
  // Of another service, or inherited by a program whose output goes elsewhere.
  assert.equal(isJournal(file, `${dev}:${ino + 1}`), false);
  assert.equal(isJournal(file, undefined), false);
  closeSync(file);
});
