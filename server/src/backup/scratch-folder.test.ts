import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeScratchFolder } from './scratch-folder.ts';
import { temporaryFolder } from './testing/data-folder.ts';

test('a scratch folder removes those of killed processes, and keeps those in use and what others made', (t) => {
  const parent = temporaryFolder(t);
  const used = makeScratchFolder(parent);
  writeFileSync(join(used.path, 'database'), 'in use');
  const left = join(parent, 'slipway-backup-scratch-killed');
  mkdirSync(left);
  for (const name of ['lock', 'database']) writeFileSync(join(left, name), '');
  mkdirSync(join(parent, 'slipway-backup-scratch-no-lock'));
  mkdirSync(join(parent, 'other'));
  const next = makeScratchFolder(parent);
  assert.ok(!existsSync(left));
  assert.ok(existsSync(join(used.path, 'database')));
  used.remove();
  next.remove();
  assert.deepEqual(readdirSync(parent).sort(), ['other', 'slipway-backup-scratch-no-lock']);
});
