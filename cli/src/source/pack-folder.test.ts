import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packFolder } from './pack-folder.ts';

test('packs empty files and links among others', async (t) => {
  const work = mkdtempSync(join(tmpdir(), 'slipway-pack-'));
  t.after(() => rmSync(work, { recursive: true }));
  const folder = join(work, 'source');
  mkdirSync(join(folder, 'below'), { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(folder, 'below', 'empty'), '');
  symlinkSync('below/empty', join(folder, 'link'));
  writeFileSync(join(folder, 'last'), 'text\n');
  const archive = join(work, 'source.tar');
  assert.equal((await packFolder(folder, 'Dockerfile', archive)).fileCount, 4);
  const listed = execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' }).trim().split('\n');
  const entries = listed.map((line) => line.replace(/^(.)\S+ \S+ +(\d+) \S+ \S+ (.*)$/, '$1 $2 $3')).toSorted();
  assert.deepEqual(entries, ['- 0 below/empty', '- 13 Dockerfile', '- 5 last', 'l 0 link -> below/empty']);
});
