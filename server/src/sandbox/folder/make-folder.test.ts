import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from './make-folder.ts';

test('creates a folder and its parents, and accepts existing ones', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-folder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (let times = 0; times < 2; times++) makeFolder(join(folder, 'a/b/c'), 0o700);
  assert.equal(statSync(join(folder, 'a/b/c')).mode & 0o777, 0o700);
});

test('fails in a removed working folder, instead of looping forever', () => {
  const script = `
    import { mkdtempSync, rmdirSync } from 'node:fs';
    import { makeFolder } from ${JSON.stringify(new URL('./make-folder.ts', import.meta.url).href)};
    const folder = mkdtempSync(${JSON.stringify(join(tmpdir(), 'slipway-gone-'))});
    process.chdir(folder);
    rmdirSync(folder);
    makeFolder('a/b');`;
  // A killed process has no status.
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(ended.status, 1, ended.stderr);
  assert.match(ended.stderr, /ENOENT/);
});

test('the helper, whose working folder others may remove, makes folders only with it', () => {
  // These work with absolute paths, before there is a helper.
  const others = [
    'builder/make-base-image.ts',
    'builder/make-builder-root.ts',
    'builder/debian-packages.ts',
    'folder/make-folder.ts',
  ];
  const sandbox = join(import.meta.dirname, '..');
  const sources = globSync('**/*.ts', { cwd: sandbox }).filter(
    (name) => !/test\.ts$|^testing\//.test(name) && !others.includes(name),
  );
  assert.ok(sources.length > 40, `${sources.length} files were found`);
  const found = sources.filter((name) =>
    /mkdir(?:Sync)?\([^\n]*recursive/.test(readFileSync(join(sandbox, name), 'utf8')),
  );
  assert.deepEqual(found, []);
});
