import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listSourceFiles } from './list-source-files.ts';
import { packFolder } from './testing/pack-folder.ts';

test('packs empty files and links among others, and keeps backslashes in names', async (t) => {
  const { folder, list } = source(t);
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'empty'), '');
  writeFileSync(join(folder, 'a\\b'), 'text\n');
  symlinkSync('below/empty', join(folder, 'link'));
  assert.deepEqual(await list(), [
    '- 0 below/empty',
    '- 13 Dockerfile',
    '- 5 a\\\\b',
    'd 0 below',
    'l 0 link -> below/empty',
  ]);
});

test('packs what Git keeps and what it ignores, empty folders, and a file with two names once', async (t) => {
  const { folder, list } = source(t);
  for (const name of ['.git', 'dist', 'empty']) mkdirSync(join(folder, name), { mode: 0o750 });
  writeFileSync(join(folder, '.gitignore'), 'dist\n');
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, 'dist', 'app.js'), 'app\n');
  linkSync(join(folder, 'dist', 'app.js'), join(folder, 'dist', 'same.js'));
  assert.deepEqual(await list(), [
    '- 13 Dockerfile',
    '- 21 .git/HEAD',
    '- 4 dist/app.js',
    '- 5 .gitignore',
    'd 0 .git',
    'd 0 dist',
    'd 0 empty',
    'h 0 dist/same.js link to dist/app.js',
  ]);
});

test('leaves out sockets, pipes and devices, and says which', async (t) => {
  const { folder, archive, list } = source(t);
  const server = createServer().listen(join(folder, 'socket'));
  t.after(() => server.close());
  await once(server, 'listening');
  assert.deepEqual(await list(), ['- 13 Dockerfile']);
  assert.deepEqual((await packFolder(folder, 'Dockerfile', archive)).special, ['socket']);
});

test('keeps a file’s mode and time, and refuses a name that is not UTF-8', async (t) => {
  const { folder, archive, list } = source(t);
  const file = join(folder, 'old');
  writeFileSync(file, '');
  chmodSync(file, 0);
  for (const seconds of [-5, 5_000_000_000]) {
    const time = new Date(seconds * 1000);
    utimesSync(file, time, time);
    await packFolder(folder, 'Dockerfile', archive);
    const listed = execFileSync('tar', ['-tvf', archive, '--utc', '--full-time', 'old'], { encoding: 'utf8' });
    assert.match(listed, /^---------- /);
    assert.ok(listed.includes(time.toISOString().slice(0, 19).replace('T', ' ')), listed);
  }
  const foreign = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]);
  writeFileSync(foreign, '');
  await assert.rejects(list(), /the name "caf.*" is not UTF-8; rename the file, or exclude it/);
  writeFileSync(join(folder, '.dockerignore'), 'caf*');
  await list();
  symlinkSync(Buffer.from([0xe9]), join(folder, 'link'));
  await assert.rejects(list(), /the link .*link leads to a name that is not UTF-8/);
});

const IGNORE_CASES: { rules: Record<string, string>; packed: string }[] = [
  { rules: { '.dockerignore': '.git\na' }, packed: 'b/ b/c b/d.go' },
  { rules: { '.dockerignore': '**\n!**/*.go' }, packed: 'a/ a/e/ a/e/f.go b/ b/d.go' },
  { rules: { '.dockerignore': '*\n!b/c' }, packed: 'b/ b/c' },
  { rules: { '.dockerignore': '\uFEFFa\r\n/b/c\r\n' }, packed: '.git/ .git/HEAD b/ b/d.go' },
  { rules: { '.dockerignore': '*', 'Dockerfile.dockerignore': 'a\nb' }, packed: '.git/ .git/HEAD' },
  { rules: { '.dockerignore': '*/e' }, packed: '.git/ .git/HEAD a/ b/ b/c b/d.go' },
  { rules: { '.dockerignore': 'a\n!a/e/f.go\nb\n.git' }, packed: 'a/ a/e/ a/e/f.go' },
];

for (const { rules, packed } of IGNORE_CASES)
  test(`packs what ${JSON.stringify(rules)} leaves`, async (t) => {
    const { folder } = source(t);
    for (const name of ['.git', 'a', 'a/e', 'b']) mkdirSync(join(folder, name));
    for (const name of ['.git/HEAD', 'a/e/f.go', 'b/c', 'b/d.go']) writeFileSync(join(folder, name), '');
    for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, name), text);
    const { paths } = await listSourceFiles(folder, 'Dockerfile');
    const named = paths.filter((path) => !/^(.*\.)?dockerignore$|^Dockerfile/.test(path));
    const shown = named.map((path) => (statSync(join(folder, path)).isDirectory() ? `${path}/` : path));
    assert.equal(shown.join(' '), packed);
  });

test('packs every file of a folder on Windows as executable, since Windows does not say which are', async (t) => {
  const { folder, archive } = source(t);
  const { platform } = process;
  t.after(() => Object.defineProperty(process, 'platform', { value: platform }));
  Object.defineProperty(process, 'platform', { value: 'win32' });
  await packFolder(folder, 'Dockerfile', archive);
  assert.match(execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' }), /^-rwxr-xr-x .* Dockerfile\n$/);
});

/** A folder with a Dockerfile, and the content of its archive. */
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
