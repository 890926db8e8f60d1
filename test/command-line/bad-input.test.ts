import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { FAILURES, FAULT_SENTENCES } from '../../server/src/build/failure/failure-kind.ts';
import { SHOWN_LAUNCHER, shown } from '../support/other-user.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { folderOf } from '../support/queue-build.ts';
import {
  atEnd,
  cleanEnvironment,
  type Ended,
  firstUuid,
  LAUNCHER,
  printedLines,
  ROOT,
  slipway,
  startServer,
  summaryValue,
  temporaryFolder,
} from '../support/slipway.ts';
import { failingBuilds } from './failing-builds.ts';

/** The last message of a failing command, on standard error. */
function sentence({ stderr }: Ended): string {
  return (
    stderr
      .split('\n')
      .filter((line) => line.startsWith('slipway: '))
      .at(-1) ?? stderr
  );
}

// Shared by the tests up to the one that stops it.
const server = await startServer({ after }, { flags: ['--allow-addresses', '127.0.0.1'] });

test('a build that fails says why in one sentence: in its log, its card and every client, with the line that says so and what to do', async (t) => {
  const git = await startGitHost(t);
  git.addRepository('team/hello', join(ROOT, 'examples', 'hello'));
  const cases = failingBuilds(t, git.url, new URL(server.root.Endpoint).host);
  for (const [title, kind, source, flags, reason] of cases) {
    const ended = await slipway(['build', source, ...flags, '--tag', 'local/bad:latest', '--data', server.dataFolder]);
    assert.equal(ended.code, FAILURES[kind].fault === 'outside' ? 4 : 1, `${title}: ${ended.stdout}${ended.stderr}`);
    assert.match(summaryValue(ended.stdout, 'Reason') ?? '', reason, title);
    const [last, closing] = printedLines(ended.stdout).slice(-2);
    assert.match(last?.Message ?? '', reason, title);
    assert.match(closing?.Message ?? '', /stage failed after/, title);
    const id = firstUuid(ended.stdout);
    const card = await callNative(server.client, 'getCard', { id });
    assert.equal(card.Failure?.Kind, kind, title);
    assert.deepEqual([card.ErrorLine?.LineNumber, card.IsGuess], [last?.LineNumber, false], title);
    const [fix] = card.Fixes;
    assert.equal(summaryValue(ended.stdout, 'What to do'), fix?.Text, title);
    if (kind !== 'base-missing' && kind !== 'source-ref-missing') continue;
    const why = await slipway(['why', id, '--data', server.dataFolder]);
    assert.match(why.stdout, new RegExp(`^Fault +${FAULT_SENTENCES[FAILURES[kind].fault]}$`, 'm'));
    assert.match(why.stdout, /^The line that tells the cause:\n +\d+ .*(was not found|there is no branch)/m);
    if (kind === 'base-missing')
      assert.match(why.stdout, /^Dockerfile, line 2:\n +2 {2}FROM 127\.0\.0\.1:\d+\/team\/nothing:2$/m);
    else
      assert.match(
        why.stdout,
        /^What to do:\n {2}Compare .*\n {6}git ls-remote http:\/\/127\.0\.0\.1:\d+\/team\/hello\.git$/m,
      );
  }
  const good = await slipway(['build', `${git.url}/team/hello.git#v1`, '--data', server.dataFolder]);
  assert.equal(good.code, 0, good.stdout);
});

test('a wrong command line or setting: exit 2 and one line with the mistake, the fix, and where to read more', async (t) => {
  const dataFolder = join(temporaryFolder(t), 'data');
  const cases: [args: string[], says: RegExp][] = [
    [['lgos'], /^slipway: unknown command 'lgos' \(Did you mean logs\?\); see slipway --help$/m],
    [['logs', '--form', '3'], /^slipway: unknown option '--form' \(Did you mean --from\?\); see slipway logs --help$/m],
    [
      ['ram', 'user', 'create'],
      /argument 'name'; it is slipway ram user create \[options\] <name>; see slipway ram user/,
    ],
    [['ram', 'user', 'list', 'x'], /too many arguments for 'list'.*; it is slipway ram user list \[options\]; see/],
    [['build'], /missing required argument 'source'/],
    [['build', '/nonexistent/folder'], /\/nonexistent\/folder does not exist; name a folder, or a Git repository/],
    [['build', 'package.json'], /package\.json is not a folder/],
    [['builds', '--failing', '--status', 'FAILED'], /--failing can be combined only with --repository and --limit/],
    [['logs', 'no-uuid'], /"no-uuid" is not a build: .*slipway builds lists them; see slipway logs --help/],
    [['login', '--heper'], /unknown option '--heper' \(Did you mean --helper\?\); see slipway login --help/],
    [['call', 'GetInstance', 'InstanceId'], /"InstanceId" is not of the form NAME=VALUE/],
    [['call', 'ListInstance', '--endpoint', 'somewhere'], /"somewhere" is not of the form http:\/\/HOST:PORT/],
    [
      ['source', 'set', 'GITLAB', '--base-url', 'ssh://git@git.example:2222', '--ssh-key', 'key'],
      /--ssh-key needs --known-hosts: run "ssh-keyscan -p 2222 git\.example >known_hosts"/,
    ],
    [['serve', '--listen', 'nowhere'], /--listen is "nowhere"; it must be HOST:PORT/],
    [['serve', '--lisen', '127.0.0.1:0'], /--lisen/],
    [['serve', '--user', 'nobody-of-this-name'], /the user "nobody-of-this-name" does not exist/],
    [['serve', '--allow-addresses', 'intranet'], /"intranet" is not an address range/],
  ];
  for (const [args, says] of cases) {
    // The last flag wins, so the command sees only the wrong address, never another server on the usual port.
    const [name = '', ...flags] = args;
    const serves = ['serve', '--data', dataFolder, '--listen', '127.0.0.1:0', ...flags];
    const ended = await slipway(name === 'serve' ? serves : args);
    assert.equal(ended.code, 2, `${args.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stderr, says, args.join(' '));
    assert.match(ended.stderr, /^slipway: [^\n]+; see slipway( [a-z-]+)* --help\n$/, args.join(' '));
  }
});

test('a refusal by the server: exit 3, its code and RequestId', async () => {
  const cases: [args: string[], says: RegExp, env?: Record<string, string>][] = [
    [['call', 'GetInstance', 'InstanceId=cri-nothing'], /^slipway: INSTANCE_NOT_EXIST: .*\(RequestId [0-9A-F-]{36}\)$/],
    [['call', 'NoSuchAction'], /^slipway: InvalidAction\.NotFound: /],
    [['logs', '00000000-0000-4000-8000-000000000000'], /^slipway: BUILD_RECORD_NOT_EXIST: /],
    [['build', 'ssh://git@git.example/team/app.git'], /^slipway: InvalidParameter: .*needs a key.* source set TYPE/],
    [['build', 'git@git.example:team/app.git'], /^slipway: InvalidParameter: .*needs a key.* source set TYPE/],
    [
      ['call', 'ListInstance'],
      /^slipway: SignatureDoesNotMatch: /,
      { SLIPWAY_ACCESS_KEY_ID: server.root.AccessKeyId, SLIPWAY_ACCESS_KEY_SECRET: 'wrong' },
    ],
    [
      ['call', 'ListInstance'],
      /^slipway: InvalidAccessKeyId\.NotFound: /,
      { SLIPWAY_ACCESS_KEY_ID: 'LTAInobody', SLIPWAY_ACCESS_KEY_SECRET: 'x' },
    ],
  ];
  for (const [args, says, env] of cases) {
    const ended = await slipway([...args, '--data', server.dataFolder], env ? { env } : {});
    assert.equal(ended.code, 3, `${args.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stderr.split('\n')[0] ?? '', says, args.join(' '));
  }
});

test('a busy port: exit 4, and the flag that chooses another', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()));
  atEnd(t, () => taken.close());
  const { port } = taken.address() as { port: number };
  const ended = await slipway(['serve', '--data', join(temporaryFolder(t), 'data'), '--listen', `127.0.0.1:${port}`]);
  assert.equal(ended.code, 4);
  assert.equal(sentence(ended), `slipway: the address 127.0.0.1:${port} is taken; choose another one with --listen`);
});

test('a data folder that is in use, from a newer version, or damaged: exit 4 and the fix', async () => {
  const second = await slipway(['serve', '--data', server.dataFolder, '--listen', '127.0.0.1:0']);
  assert.equal(second.code, 4);
  assert.match(sentence(second), /another server uses the data folder .*; stop it, or choose another one with --data/);
  await server.stop();

  const db = new DatabaseSync(join(server.dataFolder, 'db', 'slipway.sqlite'));
  db.exec("insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030')");
  db.close();
  const newer = await slipway(['build', 'examples/hello', '--data', server.dataFolder]);
  assert.equal(newer.code, 4, newer.stderr);
  assert.match(
    sentence(newer),
    /written by a newer version of Slipway \(it has the migrations 9999-from-the-future\); run that version/,
  );

  rmSync(join(server.dataFolder, 'db'), { recursive: true });
  writeFileSync(join(server.dataFolder, 'root.json'), '{"AccountId":');
  const damaged = await slipway(['serve', '--data', server.dataFolder, '--listen', '127.0.0.1:0']);
  assert.equal(damaged.code, 4);
  assert.match(sentence(damaged), /root\.json is damaged .*; restore it from a backup/);
});

test('a missing package that the user may not install: exit 4, and what to install', (t) => {
  if (skipUnlessRoot(t)) return;
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', 'PATH=/usr/bin:/bin'];
  const command = shown([...nobody, SHOWN_LAUNCHER, 'version']);
  const ended = inMountNamespace(t, 'mount --bind /dev/null /usr/bin/skopeo', command);
  assert.equal(ended.code, 4, ended.stderr);
  assert.match(sentence(ended), /skopeo.*(run this once as root|sudo)/s);
});

test('a machine with user namespaces turned off refuses to build: exit 4, and the fix', (t) => {
  if (skipUnlessRoot(t)) return;
  // A file mounted over the kernel's value fakes it: turning it off for real would stop every other sandbox on this
  // machine.
  const zero = join(temporaryFolder(t), 'zero');
  writeFileSync(zero, '0\n');
  const dataFolder = join(temporaryFolder(t), 'data');
  const hide = `mount --bind ${zero} /proc/sys/user/max_user_namespaces`;
  const ended = inMountNamespace(t, hide, [LAUNCHER, 'build', 'examples/hello', '--data', dataFolder]);
  assert.equal(ended.code, 4, ended.stdout + ended.stderr);
  assert.match(
    summaryValue(ended.stdout, 'Reason') ?? '',
    /user namespaces are turned off; sysctl -w user\.max_user_namespaces=/,
  );
  const doctor = inMountNamespace(t, hide, [LAUNCHER, 'doctor', '--data', dataFolder]);
  assert.equal(doctor.code, 4);
  assert.match(doctor.stdout, /user namespaces are turned off/);
});

test('an image that the registry cannot store: exit 4, and what failed', {
  skip:
    process.env.SLIPWAY_TEST_LONG !== '1'
      ? 'set SLIPWAY_TEST_LONG=1 to run it'
      : process.getuid?.() !== 0 && 'only a server started by root has a folder it cannot write',
}, async (t) => {
  // It is tried again for ten minutes; by the server's measure, time passes forty times as fast.
  const fast = encodeURIComponent('const now = performance.now.bind(performance); performance.now = () => 40 * now()');
  const { dataFolder } = await startServer(t, { env: { NODE_OPTIONS: `--import data:text/javascript,${fast}` } });
  chmodSync(join(dataFolder, 'registry/storage/docker/registry/v2/repositories'), 0o555);
  const folder = folderOf(t, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
  const ended = await slipway(['build', folder, '--data', dataFolder]);
  assert.equal(ended.code, 4, ended.stdout);
  assert.match(
    summaryValue(ended.stdout, 'Reason') ?? '',
    /^the image could not be pushed: push local\/.*: the registry failed \(HTTP 503\): its storage may be full, not writable or away/,
  );
  assert.match(printedLines(ended.stdout).at(-1)?.Message ?? '', /^push stage failed after/);
});

test('a full disk: exit 4 and the reason; acknowledged lines stay, and the next build works once there is space', async (t) => {
  if (skipUnlessRoot(t)) return;
  const disk = join(temporaryFolder(t), 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2g', 'slipway-test', disk]);
  atEnd(t, () => execFileSync('umount', ['--lazy', disk]));
  const server = await startServer(t, { dataFolder: join(disk, 'data') });
  const first = await slipway(['build', 'examples/hello', '--data', server.dataFolder]);
  assert.equal(first.code, 0, first.stdout);
  spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=64k'], { stdio: 'ignore' });
  const full = await slipway(['build', 'examples/hello', '--data', server.dataFolder]);
  assert.equal(full.code, 4, full.stdout + full.stderr);
  assert.match(full.stdout + full.stderr, /no space|disk is full|ENOSPC/i);
  execFileSync('rm', [join(disk, 'filler')]);
  const after = await slipway(['build', 'examples/hello', '--data', server.dataFolder]);
  assert.equal(after.code, 0, after.stdout + after.stderr);
});

function skipUnlessRoot(t: TestContext): boolean {
  if (process.getuid?.() === 0) return false;
  t.skip('needs root to mount');
  return true;
}

/** Runs a command in its own mount namespace, after running `prepare` there. */
function inMountNamespace(_t: TestContext, prepare: string, command: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', `${prepare} && exec "$@"`, 'sh', ...command],
    {
      cwd: ROOT,
      env: cleanEnvironment(),
      encoding: 'utf8',
    },
  );
  return { code: status, stdout, stderr };
}
