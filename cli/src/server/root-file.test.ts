import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRootFile } from './root-file.ts';

const skip = process.getuid?.() === 0 ? false : 'only root gives files to others';

test('an empty file is one that a starting server has not written yet', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-root-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'root.json'), '');
  assert.equal(readRootFile(folder), undefined);
  writeFileSync(join(folder, 'root.json'), '{');
  assert.throws(() => readRootFile(folder), /it is not JSON\); start its server again, which writes the file/);
});

test('ignores the key pair of a folder that another user has put there', { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-root-'));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal(readRootFile(folder), undefined);
  const file = join(folder, 'root.json');
  writeFileSync(file, '{"AccessKeyId":"a"}', { mode: 0o644 });
  assert.equal(readRootFile(folder)?.AccessKeyId, 'a');
  chownSync(file, 4711, 4711);
  assert.throws(() => readRootFile(folder), /belongs to the user with id 4711/);
});
