import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atEnd, slipway, startServer, summaryValue, temporaryFolder } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'runs in the longer tier'
    : process.getuid?.() !== 0 && 'needs root to set mounts and owners';

test('builds work in a data folder of any mode, name and file system, with any umask of the user who starts the server', {
  skip,
}, async (t) => {
  const base = temporaryFolder(t);
  chmodSync(base, 0o755);
  const given = (name: string, mode: number, uid = 0) => {
    const path = join(base, name);
    mkdirSync(path);
    chmodSync(path, mode);
    chownSync(path, uid, uid);
    return path;
  };
  const deep = join(base, 'd'.repeat(100), 'e'.repeat(100), 'f'.repeat(100));
  const cases: [path: string, umask: string][] = [
    [given('closed', 0o700), '077'],
    [given('theirs', 0o750, 4711), '027'],
    [join(base, 'new', 'with space', "quote's"), '077'],
    [join(base, 'two\nlines,and:more'), '022'],
    [deep, '022'],
    [mount(t, join(base, 'memory'), ['-t', 'tmpfs', '-o', 'size=6g,mode=0700']), '077'],
    [overlay(t, join(base, 'overlay')), '027'],
  ];
  for (const [path, umask] of cases) {
    const server = await startServer(t, { dataFolder: path, prefix: ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'] });
    const built = await slipway(['build', 'examples/hello', '--data', path]);
    assert.equal(built.code, 0, `${path}: ${built.stderr}${built.stdout}`);
    assert.equal(summaryValue(built.stdout, 'Status'), 'SUCCESS', path);
    assert.equal(await server.stop(), 0, server.stderr());
  }
});

test('if a data folder cannot be used, the server says so in one sentence with the fix', { skip }, async (t) => {
  const base = temporaryFolder(t);
  chmodSync(base, 0o755);
  const used = join(base, 'used');
  const server = await startServer(t, { dataFolder: used });
  await server.stop();
  const copy = (name: string, change: (path: string) => void) => {
    const path = join(base, name);
    execFileSync('cp', ['-a', used, path]);
    change(path);
    return path;
  };
  writeFileSync(join(base, 'file'), '');
  const cases: [data: string, says: RegExp][] = [
    ['/proc/data', /^slipway: \/proc\/data cannot be used/],
    [join(base, 'file'), /file is not a folder; move it away/],
    [join(base, 'n'.repeat(300)), /ENAMETOOLONG/],
    [readOnly(t, join(base, 'fresh-ro')), /read-only/],
    [
      readOnly(
        t,
        copy('used-ro', () => undefined),
      ),
      /read-only|cannot be locked/,
    ],
    [mount(t, join(base, 'tiny'), ['-t', 'tmpfs', '-o', 'size=64k']), /no space left|full/],
    [copy('no-database', (path) => writeFileSync(join(path, 'db', 'slipway.sqlite'), 'x'.repeat(8192))), /damaged/],
    [copy('torn-database', (path) => tear(join(path, 'db', 'slipway.sqlite'))), /damaged/],
    [
      copy('foreign-database', (path) => {
        chownSync(join(path, 'db', 'slipway.sqlite'), 4711, 4711);
        chmodSync(join(path, 'db', 'slipway.sqlite'), 0o600);
      }),
      /may not use it; check its owner and mode/,
    ],
    [copy('registry', (path) => replaceByFile(join(path, 'registry'))), /registry is not a folder/],
    [copy('sandbox', (path) => chownSync(join(path, 'sandbox'), 4711, 4711)), /sandbox is not a folder owned by root/],
  ];
  for (const [data, says] of cases) {
    const { code, stderr } = await slipway(['serve', '--data', data, '--listen', '127.0.0.1:0'], {
      // Stops the server if it starts anyway.
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    const own = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    assert.ok(code === 2 || code === 4, `${data}: ${code} ${stderr}`);
    assert.equal(own.length, 1, `${data}: ${stderr}`);
    assert.match(own[0] ?? '', says, data);
  }
});

function mount(t: TestContext, path: string, args: string[]): string {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', [...args, 'slipway-test', path]);
  atEnd(t, () => execFileSync('umount', ['--lazy', path]));
  return path;
}

/** Like the folders of a container. */
function overlay(t: TestContext, path: string): string {
  const memory = mount(t, `${path}.memory`, ['-t', 'tmpfs', '-o', 'size=6g']);
  for (const name of ['lower', 'upper', 'work']) mkdirSync(join(memory, name));
  const layers = `lowerdir=${memory}/lower,upperdir=${memory}/upper,workdir=${memory}/work`;
  return mount(t, path, ['-t', 'overlay', '-o', layers]);
}

function readOnly(t: TestContext, path: string): string {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', ['--bind', path, path]);
  atEnd(t, () => execFileSync('umount', ['--lazy', path]));
  execFileSync('mount', ['-o', 'remount,bind,ro', path]);
  return path;
}

/** Damages every page except the first. */
function tear(file: string): void {
  execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=4096', 'seek=1', 'count=40', 'conv=notrunc', 'status=none']);
}

function replaceByFile(path: string): void {
  execFileSync('rm', ['-rf', path]);
  writeFileSync(path, '');
}
