import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { installSteps } from '../../cli/src/install/install-steps.ts';
import { serviceUnit } from '../../cli/src/install/service-unit.ts';
import { uninstallSteps } from '../../cli/src/install/uninstall-steps.ts';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const long = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';
const hasVerify = spawnSync('systemd-analyze', ['--version']).status === 0;
const UNITS = '/usr/lib/systemd/system';

test('the service is one that systemd accepts without a word', {
  skip: (!hasVerify || !existsSync(UNITS)) && 'needs systemd-analyze, from Debian’s package systemd',
}, (t) => {
  const root = temporaryFolder(t);
  install(root, checkout(t, '1.0.0'));
  // The units that ours comes after.
  mkdirSync(join(root, 'usr/lib/systemd'), { recursive: true });
  cpSync(UNITS, join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
  symlinkSync('usr/lib', join(root, 'lib'));
  const verify = () =>
    spawnSync('systemd-analyze', ['verify', `--root=${root}`, 'slipway.service'], { encoding: 'utf8' });
  const { status, stderr } = verify();
  assert.deepEqual([status, stderr], [0, '']);
  const unit = join(root, 'etc/systemd/system/slipway.service');
  writeFileSync(unit, readFileSync(unit, 'utf8').replace('KillMode=mixed', 'KillMode=mixd'));
  assert.match(verify().stderr, /Failed to parse kill mode/, 'the test notices a mistake');
});

test('installing again keeps the version that ran, its settings and data, and removes the one before', (t) => {
  const root = temporaryFolder(t);
  const versions = join(root, 'opt/slipway');
  const current = () => readlinkSync(join(versions, 'current'));
  install(root, checkout(t, '1.0.0'));
  assert.equal(current(), '1.0.0');
  assert.equal(readlinkSync(join(root, 'usr/local/bin/slipway')), '/opt/slipway/current/slipway');
  const settings = join(root, 'etc/slipway/slipway.json');
  assert.equal(JSON.parse(readFileSync(settings, 'utf8')).data, '/var/lib/slipway/data');
  const unit = () => readFileSync(join(root, 'etc/systemd/system/slipway.service'), 'utf8');
  assert.match(unit(), /^TimeoutStopSec=60$/m);
  writeFileSync(settings, '{"data":"/srv/slipway","drain-seconds":600}');
  const changed = checkout(t, '1.0.0');
  writeFileSync(join(changed, 'slipway'), '#!/bin/sh\necho changed\n', { mode: 0o755 });
  install(root, changed);
  assert.equal(current(), '1.0.0-2', 'a version that may run is never changed');
  assert.match(unit(), /^TimeoutStopSec=630$/m, 'systemd gives builds as long as the server does');
  assert.match(readFileSync(join(versions, 'current/slipway'), 'utf8'), /changed/);
  install(root, checkout(t, '1.1.0'));
  assert.deepEqual([current(), readdirSync(versions).sort()], ['1.1.0', ['1.0.0-2', '1.1.0', 'current']]);
  assert.equal(readFileSync(settings, 'utf8'), '{"data":"/srv/slipway","drain-seconds":600}');
});

test('an installation that was interrupted leaves the current version alone, and the next one removes its rest', (t) => {
  const root = temporaryFolder(t);
  install(root, checkout(t, '1.0.0'));
  const [copy] = installSteps({ root, checkout: checkout(t, '1.1.0') });
  copy?.act();
  mkdirSync(join(root, 'opt/slipway/1.2.0.partial'));
  assert.equal(readlinkSync(join(root, 'opt/slipway/current')), '1.0.0');
  install(root, checkout(t, '1.2.0'));
  assert.deepEqual(readdirSync(join(root, 'opt/slipway')).sort(), ['1.0.0', '1.2.0', 'current']);
});

test('packages that only development needs are not installed, nor are maps and types of the others', (t) => {
  const root = temporaryFolder(t);
  install(root, checkout(t, '1.0.0'));
  const modules = join(root, 'opt/slipway/current/node_modules');
  assert.deepEqual(readdirSync(modules, { recursive: true }).sort(), ['used', 'used/index.js']);
});

test('an installation bundles its sources again, whatever bundle lies in the checkout', (t) => {
  const root = temporaryFolder(t);
  const from = checkout(t, '1.0.0');
  writeWhole(join(from, 'server/dist/main.js'), 'stale');
  writeWhole(join(from, 'node_modules/rolldown/index.js'), '');
  const bundler = `import { writeFileSync } from 'node:fs';\nwriteFileSync(\`\${process.argv[2]}/server/dist/main.js\`, 'new');\n`;
  writeWhole(join(from, 'launcher/bundle.ts'), bundler);
  install(root, from);
  const installed = join(root, 'opt/slipway/current');
  assert.equal(readFileSync(join(installed, 'server/dist/main.js'), 'utf8'), 'new');
  // An installed copy has no bundler, and gives on what it has.
  const copied = temporaryFolder(t);
  install(copied, realpathSync(installed));
  assert.equal(readFileSync(join(copied, 'opt/slipway/current/server/dist/main.js'), 'utf8'), 'new');
  // Without a bundle and without a bundler, the copy runs what its sources say.
  const plain = checkout(t, '1.1.0');
  writeWhole(join(plain, 'launcher/bundle.ts'), 'process.exitCode = 1;');
  const unbundled = temporaryFolder(t);
  install(unbundled, plain);
  assert.equal(existsSync(join(unbundled, 'opt/slipway/current/server/dist')), false);
});

test('a checkout without one of its packages is not installed', (t) => {
  const root = temporaryFolder(t);
  install(root, checkout(t, '1.0.0'));
  const incomplete = checkout(t, '1.1.0');
  rmSync(join(incomplete, 'node_modules/used'), { recursive: true });
  assert.throws(() => install(root, incomplete), /node_modules\/used is missing in .*; run npm ci there/);
  assert.equal(readlinkSync(join(root, 'opt/slipway/current')), '1.0.0');
});

test('uninstall keeps settings and data; with --purge it leaves nothing', (t) => {
  for (const [purge, left] of [
    [false, ['etc/slipway/slipway.json', 'var/lib/slipway/data']],
    [true, []],
  ] as const) {
    const root = temporaryFolder(t);
    install(root, checkout(t, '1.0.0'));
    mkdirSync(join(root, 'var/lib/slipway/data'));
    for (const { act } of uninstallSteps({ root, purge })) act();
    const files = execFileSync('find', [root, '!', '-type', 'd', '-o', '-name', 'data'], { encoding: 'utf8' });
    assert.deepEqual(
      files
        .split('\n')
        .filter(Boolean)
        .map((path) => path.slice(root.length + 1))
        .sort(),
      left,
    );
  }
});

test('slipway install names a --root that is no folder', async () => {
  const { code, stderr } = await slipway(['install', '--root', '/etc/hostname', '--dry-run']);
  assert.deepEqual([code, /^slipway: --root \/etc\/hostname is not a folder/.test(stderr)], [2, true], stderr);
});

test('slipway install --dry-run prints the steps and changes nothing', async (t) => {
  const root = temporaryFolder(t);
  const { code, stdout } = await slipway(['install', '--dry-run', '--root', root]);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^would copy \\S+ to ${root}/opt/slipway/\\d`));
  assert.match(stdout, /\nwould write \S+\/etc\/systemd\/system\/slipway\.service\n$/);
  assert.deepEqual(readdirSync(root), []);
});

test('what is installed runs a server and builds an image with no more rights than its service has', {
  skip: long || (process.getuid?.() !== 0 && 'needs root'),
}, async (t) => {
  const root = temporaryFolder(t);
  const installed = await slipway(['install', '--root', root]);
  assert.equal(installed.code, 0, installed.stderr);
  const removed =
    /^CapabilityBoundingSet=~(.*)$/m.exec(serviceUnit({ code: '', config: '', drainSeconds: 30 }))?.[1] ?? '';
  const bounds = removed.split(' ').map((name) => name.replace('CAP_', '-').toLowerCase());
  assert.ok(bounds.length > 5);
  const launcher = join(root, 'opt/slipway/current/slipway');
  assert.ok(!existsSync(join(root, 'opt/slipway/current/node_modules/typescript')));
  const prefix = ['setpriv', `--bounding-set=${bounds.join(',')}`];
  const server = await startServer(t, { launcher, prefix });
  const ready = await fetch(`${server.root.Endpoint}/readyz`);
  assert.equal(ready.status, 200, await ready.text());
  assert.equal((await fetch(`${server.root.Endpoint}/console/`)).status, 200, 'the console is installed too');
  const command = readFileSync(`/proc/${server.child.pid}/cmdline`, 'utf8');
  assert.match(command, /server\/dist\/main\.js/, 'it runs the few files that were made of its sources');
  const built = await slipway(['build', 'examples/hello'], { launcher, env: { SLIPWAY_DATA: server.dataFolder } });
  assert.equal(built.code, 0, built.stdout + built.stderr);
});

function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function install(root: string, from: string): void {
  for (const { act } of installSteps({ root, checkout: from })) act();
}

/** A small checkout of some version. */
function checkout(t: TestContext, version: string): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
  writeFileSync(join(folder, 'slipway'), '#!/bin/sh\n', { mode: 0o755 });
  mkdirSync(join(folder, 'server/src'), { recursive: true });
  writeWhole(join(folder, 'launcher/bundle.ts'), '');
  mkdirSync(join(folder, 'data'));
  const packages = {
    server: { dependencies: { used: '1' } },
    'node_modules/used': {},
    'node_modules/tester': { dev: true },
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  for (const name of ['used', 'tester', '.cache']) writeWhole(join(folder, 'node_modules', name, 'index.js'), '');
  for (const unused of ['index.js.map', 'index.d.ts']) writeWhole(join(folder, 'node_modules/used', unused), '');
  return folder;
}
