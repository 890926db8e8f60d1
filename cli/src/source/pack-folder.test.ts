import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packFolder } from './pack-folder.ts';

test('packs empty files and links among others, and names with a backslash as they are', async (t) => {
  const { folder, list } = source(t);
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'empty'), '');
  writeFileSync(join(folder, 'a\\b'), 'text\n');
  symlinkSync('below/empty', join(folder, 'link'));
  assert.deepEqual(await list(), ['- 0 below/empty', '- 13 Dockerfile', '- 5 a\\\\b', 'l 0 link -> below/empty']);
});

test('packs every file of a folder on Windows as a program, since nothing there says which are', async (t) => {
  const { folder, archive } = source(t);
  const { platform } = process;
  t.after(() => Object.defineProperty(process, 'platform', { value: platform }));
  Object.defineProperty(process, 'platform', { value: 'win32' });
  await packFolder(folder, 'Dockerfile', archive);
  assert.match(execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' }), /^-rwxr-xr-x .* Dockerfile\n$/);
});

/** A folder with a Dockerfile, and what is in its archive. */
function source(t: TestContext): { folder: string; archive: string; list(): Promise<string[]> } {
  const work = mkdtempSync(join(tmpdir(), 'slipway-pack-'));
  t.after(() => rmSync(work, { recursive: true }));
  const folder = join(work, 'source');
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  const archive = join(work, 'source.tar');
  const list = async () => {
    await packFolder(folder, 'Dockerfile', archive);
    const listed = execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' }).trim().split('\n');
    return listed.map((line) => line.replace(/^(.)\S+ \S+ +(\d+) \S+ \S+ (.*)$/, '$1 $2 $3')).toSorted();
  };
  return { folder, archive, list };
}
