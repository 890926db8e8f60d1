import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atEnd, type Ended, ROOT, temporaryFolder, textOf } from '../support/slipway.ts';

// The programs of a small system, without what Slipway needs in addition.
const BASICS = 'sh cat cut sort tr awk grep find id uname dirname readlink basename flock mount env date nice'.split(
  ' ',
);
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const INSTALLERS = ['apt-get', 'npm', 'sudo', 'dnf', 'pacman'];

test('asking for help or mistyping an option installs nothing on a machine that is not set up', (t) => {
  const machine = freshMachine(t, INSTALLERS);
  for (const [args, code, words] of [
    [['test', '--help'], 0, /^Usage: slipway test \[--long \| --stores \| --hosts \| --clients\]/],
    [['test', 'server', '-h'], 0, /^Usage: slipway test/],
    [['--help'], 0, /not set up on this machine yet/],
    [['build', '--help'], 0, /not set up on this machine yet/],
    [[], 0, /not set up on this machine yet/],
    [['test', '--hsots'], 2, /unknown option --hsots; see slipway test --help/],
  ] as const) {
    const ended = machine.run(args);
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stdout + ended.stderr, words);
    assert.ok(!existsSync(machine.canary), `${args.join(' ')} started an installer`);
  }
  // As a plain user, who cannot change the machine that runs the test.
  machine.run(['version'], undefined, NOBODY);
  assert.ok(existsSync(machine.canary), 'the test notices an installer that starts');
});

test('on a system other than Debian, the message names its packages, and programs without a known package', {
  skip: process.getuid?.() === 0 ? false : 'needs root to put another /etc/os-release in place',
}, (t) => {
  const machine = freshMachine(t, []);
  const fedora = machine.run(['version'], 'ID=fedora');
  assert.equal(fedora.code, 4);
  assert.match(fedora.stderr, /sudo dnf install .*\bopenssh-clients\b.*\bskopeo\b/);
  assert.match(fedora.stderr, /we know no package of this system that has them: docker-registry/);
  assert.doesNotMatch(fedora.stderr, /xz-utils|busybox-static|openssh-client\b(?!s)/);
  const rocky = machine.run(['version'], 'ID="rocky"\nID_LIKE="rhel centos fedora"');
  assert.match(rocky.stderr, /sudo dnf install/);
  const arch = machine.run(['version'], 'ID=arch');
  assert.match(arch.stderr, /sudo pacman -S .*\bopenssh\b/);
  assert.doesNotMatch(arch.stderr, /openssh-client|busybox-static/);
  const other = machine.run(['version'], 'ID=nixos');
  assert.equal(other.code, 4);
  assert.match(other.stderr, /these programs are missing: .*docker-registry .*\brg\b/);
});

test('without root or a terminal, one sentence says what is missing and how to get it', (t) => {
  const machine = freshMachine(t, ['apt-get']);
  const ended = machine.run(['version'], undefined, NOBODY);
  assert.equal(ended.code, 4);
  assert.match(
    ended.stderr,
    /^slipway: these packages are missing: .*skopeo.* run this as root, or at a terminal where .*\n$/,
  );
  assert.ok(!existsSync(machine.canary));
});

test('while another program holds a lock of apt, the launcher says which, waits, and then goes on', {
  skip: process.getuid?.() !== 0 ? 'needs root' : pathOf('apt-get') === '' && 'needs apt-get',
}, async (t) => {
  const folder = temporaryFolder(t);
  const config = {
    lists: 'State::lists',
    status: 'State::status',
    archives: 'Cache::archives',
    none: 'Etc::sourceparts',
  };
  const lines = Object.entries({ ...config, sources: 'Etc::sourcelist' }).map(
    ([path, name]) => `Dir::${name} "${join(folder, path)}";\n`,
  );
  for (const path of ['lists/partial', 'archives/partial']) mkdirSync(join(folder, path), { recursive: true });
  for (const name of ['status', 'sources']) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'apt.conf'), lines.join(''));
  const locks = ['lists/lock', 'lock-frontend'].map((path) => join(folder, path));
  const holders = await Promise.all(locks.map((lock) => holdLock(t, lock)));

  // The launcher forbids packages to start services by a file below /usr/sbin, which is not this machine's here.
  const machine = freshMachine(t, [], ['apt-get', 'apt-cache', 'sed', 'mktemp', 'rm', 'mv', 'chmod', 'sleep']);
  const aside = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs aside /usr/sbin && exec "$@"', 'sh'];
  const [program = '', ...args] = [...aside, ...machine.command(['version'])];
  const env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf') };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = textOf(child);
  const ended = once(child, 'close');
  const ends = ended.then(() => assert.fail(printed.stderr));
  ends.catch(() => undefined);
  for (const [index, lock] of locks.entries()) {
    const told = `slipway: waiting until another program releases apt's lock ${lock}. It is held by process ${holders[index]?.pid}`;
    while (!printed.stderr.includes(told)) await Promise.race([ends, once(child.stderr, 'data')]);
    holders[index]?.kill();
  }
  assert.equal((await ended)[0], 4);
  assert.equal(printed.stderr.split('waiting').length, 1 + locks.length, printed.stderr);
  assert.match(printed.stderr, /E: Unable to locate package runc/);
});

test('a program that only some tests of clients use is named if it cannot be installed, and the others run', (t) => {
  const machine = freshMachine(t, ['apt-get', 'apt-cache']);
  const script = [
    `here=${ROOT}`,
    'say() { echo "slipway: $*" >&2; }',
    'stop() { say "$*"; exit 4; }',
    '. "$here/launcher/packages.sh"',
    'optional=$client_programs',
    'set -eu',
    'install_optional',
    'echo went on',
  ].join('\n');
  const [env = '', path = ''] = machine.command([]);
  const { stdout, stderr } = spawnSync(env, [path, 'sh', '-c', script], { encoding: 'utf8' });
  assert.equal(stdout, 'went on\n', stderr);
  for (const program of ['podman', 'python3', 'pip3'])
    assert.ok(stderr.includes(`slipway: ${program} is missing: the tests that use it are skipped\n`), stderr);
});

/** apt's locks are those of fcntl, which Node.js does not have. */
async function holdLock(t: TestContext, path: string) {
  const hold =
    'import fcntl, sys\nfile = open(sys.argv[1], "w")\nfcntl.lockf(file, fcntl.LOCK_EX)\nprint("held", flush=True)\nsys.stdin.read()';
  const child = spawn('python3', ['-c', hold, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(t, () => child.kill());
  await once(child.stdout, 'data');
  return child;
}

/** Only the launcher, and a PATH on which `installers` only leave a mark. */
function freshMachine(t: TestContext, installers: readonly string[], others: readonly string[] = []) {
  const folder = temporaryFolder(t);
  const [checkout, bin, canary] = [join(folder, 'slipway'), join(folder, 'bin'), join(folder, 'canary')];
  mkdirSync(checkout);
  mkdirSync(bin);
  chmodSync(folder, 0o777);
  for (const part of ['slipway', 'launcher', 'package-lock.json'])
    cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
  for (const program of [...BASICS, ...others]) symlinkSync(pathOf(program), join(bin, program));
  for (const name of installers)
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$0" >>${canary}\nexit 1\n`, { mode: 0o755 });
  const command = (args: readonly string[]) => ['env', `PATH=${bin}`, join(checkout, 'slipway'), ...args];
  const run = (args: readonly string[], osRelease?: string, prefix: readonly string[] = []): Ended => {
    writeFileSync(join(folder, 'os-release'), `${osRelease ?? 'ID=debian'}\n`);
    const within =
      osRelease === undefined
        ? []
        : ['unshare', '--mount', 'sh', '-c', `mount --bind ${folder}/os-release /etc/os-release && exec "$@"`, 'sh'];
    const [program = '', ...rest] = [...within, ...(process.getuid?.() === 0 ? prefix : []), ...command(args)];
    const { status, stdout, stderr } = spawnSync(program, rest, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: status, stdout, stderr };
  };
  return { canary, command, run };
}

function pathOf(program: string): string {
  return spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}
