import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LAUNCHER, ROOT, slipway, temporaryFolder } from '../support/slipway.ts';

const BUNDLER = join(ROOT, 'launcher/bundle.ts');

test('a checkout runs its bundle as long as all sources are those it was made from', async (t) => {
  const clone = smallCheckout(t);
  const source = join(clone, 'cli/src/main.ts');
  const says = async (env = {}) => (await slipway(['version'], { launcher: join(clone, 'slipway'), env })).stdout;
  const bundle = async () => {
    const { code, stderr } = await slipway(['test', 'no-such-folder'], { launcher: join(clone, 'slipway') });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /no test file under no-such-folder/);
    // So that what runs can be told apart.
    writeFileSync(join(clone, 'cli/dist/main.js'), "console.log('bundle')");
  };
  assert.equal(await says(), 'first\n');
  await bundle();
  assert.equal(await says(), 'bundle\n');
  assert.equal(await says({ SLIPWAY_FROM_SOURCES: 'true' }), 'first\n');

  // As long, and with the times it had.
  const { atime, mtime } = statSync(source);
  writeFileSync(source, "console.log('third')");
  utimesSync(source, atime, mtime);
  assert.equal(await says(), 'third\n');
  await bundle();
  assert.equal(await says(), 'bundle\n');
  writeFileSync(join(clone, 'server/src/another.ts'), '');
  assert.equal(await says(), 'third\n');
  await bundle();
  writeFileSync(join(clone, 'server/src/another.test.ts'), '');
  assert.equal(await says(), 'bundle\n');
});

test('sources that cannot be bundled run as they are, and the bundle of others does not', async (t) => {
  const clone = smallCheckout(t);
  const launcher = join(clone, 'slipway');
  await slipway(['test', 'no-such-folder'], { launcher });
  writeFileSync(join(clone, 'server/src/main.ts'), 'this is not TypeScript');
  const { code, stderr } = await slipway(['test', 'no-such-folder'], { launcher });
  assert.equal(code, 2);
  assert.match(stderr, /could not be bundled: its programs run from their sources/);
  writeFileSync(join(clone, 'cli/dist/main.js'), "console.log('bundle')");
  assert.equal((await slipway(['version'], { launcher })).stdout, 'first\n');
});

test('the bundler needs a folder, and keeps the names by which confined tasks are found', (t) => {
  const without = spawnSync(process.execPath, [BUNDLER], { encoding: 'utf8', cwd: temporaryFolder(t) });
  assert.deepEqual([without.status, without.stderr], [2, 'Usage: node launcher/bundle.ts FOLDER\n']);
  const copy = temporaryFolder(t);
  for (const name of ['a', 'b'])
    writeWhole(join(copy, `server/src/${name}.ts`), 'export function task() { return import.meta.url; }');
  const main =
    "import { task as a } from './a.ts';\nimport { task as b } from './b.ts';\nconsole.log(a() !== b(), a.name, b.name);\n";
  writeWhole(join(copy, 'server/src/main.ts'), main);
  writeWhole(join(copy, 'cli/src/main.ts'), '');
  execFileSync(process.execPath, [BUNDLER, copy]);
  const printed = execFileSync(process.execPath, [join(copy, 'server/dist/main.js')], { encoding: 'utf8' });
  assert.equal(printed, 'true task task\n');
  assert.deepEqual(readdirSync(join(copy, 'server/dist')), ['main.js']);
});

/** A checkout with programs of one line. */
function smallCheckout(t: TestContext): string {
  const clone = temporaryFolder(t);
  for (const name of readdirSync(ROOT))
    if (!['slipway', 'cli', 'server', 'package-lock.json'].includes(name))
      symlinkSync(join(ROOT, name), join(clone, name));
  copyFileSync(LAUNCHER, join(clone, 'slipway'));
  // The launcher compares its time with that of the packages.
  cpSync(join(ROOT, 'package-lock.json'), join(clone, 'package-lock.json'), { preserveTimestamps: true });
  for (const program of ['cli', 'server']) writeWhole(join(clone, program, 'src/main.ts'), "console.log('first')");
  return clone;
}

function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
