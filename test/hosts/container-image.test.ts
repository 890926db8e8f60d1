import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import PopCore from '@alicloud/pop-core';
import {
  atEnd,
  cleanEnvironment,
  LAUNCHER,
  ROOT,
  type Scope,
  slipway,
  startServer,
  summaryValue,
  textOf,
} from '../support/slipway.ts';

const run = promisify(execFile);
const PAIR = { accessKeyId: 'test-key', accessKeySecret: 'test-secret' };
// Some machines do not let even root raise these.
const LIMITS = ['--ulimit', 'nofile=16384:16384', '--ulimit', 'nproc=16384:16384'];
const PROJECT = `slipway-test-${process.pid}`;
const BUILDER = '/var/lib/slipway/builder';
const UNPRIVILEGED = ['--read-only', '--cap-drop', 'all', '--security-opt', 'no-new-privileges'];

const skip =
  process.getuid?.() !== 0
    ? 'needs root, for podman and builds'
    : spawnSync('sh', ['-c', 'command -v podman']).status !== 0 && 'needs podman';

// Not on a tmpfs: images are large.
const work = mkdtempSync('/var/tmp/slipway-container-');
const podman = [
  'podman',
  '--root',
  join(work, 'store'),
  '--runroot',
  join(work, 'run'),
  '--cgroup-manager',
  'cgroupfs',
  // Which Slipway needs anyway. crun, which podman prefers, refuses some arrangements of control groups.
  '--runtime',
  'runc',
];
after(async () => {
  if (!skip) await promisify(execFile)('podman', [...podman.slice(1), 'system', 'reset', '--force']).catch(console.log);
  rmSync(work, { recursive: true, force: true });
});

test('Slipway builds images of itself without a network, and they run in podman', { skip }, async (t) => {
  const images = await buildImages(t);

  await t.test('the stand-in runs without any privilege, network or writable file, as a plain user', async () => {
    const { stdout } = await inPodman([...UNPRIVILEGED, '--network', 'none', '--entrypoint', 'id', images.standIn]);
    assert.match(stdout, /^uid=8720\(slipway\)/);
  });

  await t.test('the stand-in answers the vendor’s client, and gives back the image that was pushed', async (t) => {
    const { endpoint } = await startStandIn(t, images.standIn);
    const client = new PopCore({ endpoint, apiVersion: '2018-12-01', ...PAIR });
    const { Instances } = await client.request<{ Instances: { InstanceId: string }[] }>('ListInstance', {});
    const InstanceId = Instances[0]?.InstanceId ?? '';
    const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'an app' };
    await client.request('CreateNamespace', { InstanceId, NamespaceName: 'team' });
    const { RepoId } = await client.request<{ RepoId: string }>('CreateRepository', { InstanceId, ...repository });
    const noBuild = { InstanceId, RepoId, BuildRecordId: '6ad7c9f8-3c1b-4f57-9d55-0b5c3a3a0001' };
    await assert.rejects(client.request('ListRepoBuildRecordLog', noBuild), { code: 'BUILD_RECORD_NOT_EXIST' });

    interface Login {
      TempUsername: string;
      AuthorizationToken: string;
    }
    const login = await client.request<Login>('GetAuthorizationToken', { InstanceId });
    const creds = `${login.TempUsername}:${login.AuthorizationToken}`;
    const image = `docker://${new URL(endpoint).host}/team/app:v1`;
    await run('skopeo', [
      'copy',
      '--dest-tls-verify=false',
      `--dest-creds=${creds}`,
      `oci-archive:${images.small}`,
      image,
    ]);
    const inspected = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', `--creds=${creds}`, image]);
    assert.match(inspected.stdout, /"layers"/);
    const console = await fetch(`${endpoint}/console/`);
    assert.match(await console.text(), /<title>Slipway/);
  });

  await t.test('podman-compose starts it from deploy/stand-in.yaml, and it becomes healthy', async (t) => {
    const composed = await compose(t, { name: 'stand-in', file: 'deploy/stand-in.yaml', image: images.standIn });
    const isHealthy = () =>
      spawnSync('podman', [...podman.slice(1), 'healthcheck', 'run', composed.container]).status === 0;
    while (!isHealthy()) await sleep(500);
    assert.equal((await fetch(`${composed.endpoint}/readyz`)).status, 200);
  });

  await t.test(
    'podman-compose starts everything from deploy/compose.yaml, and a build inside it succeeds',
    async (t) => {
      const composed = await compose(t, { name: 'slipway', file: 'deploy/compose.yaml', image: images.whole });
      const isReady = async () => (await fetch(`${composed.endpoint}/readyz`).catch(() => undefined))?.status === 200;
      while (!(await isReady())) await sleep(500);
      const inside = ['exec', composed.container, 'slipway', 'build', '/opt/slipway/current/examples/hello'];
      const built = spawnSync('podman', [...podman.slice(1), ...inside], { encoding: 'utf8' });
      assert.equal(built.status, 0, built.stdout + built.stderr);
      assert.equal(summaryValue(built.stdout, 'Status'), 'SUCCESS');
      const image = summaryValue(built.stdout, 'Image') ?? '';
      assert.match(image, /^localhost:8720\//, 'the name is that of SLIPWAY_PUBLIC_URL');
    },
  );

  await t.test(
    'with --privileged, a server in a container builds, and passes the tests of ListRepoBuildRecordLog',
    async (t) => {
      const launcher = join(work, 'slipway-in-podman');
      const command = [
        ...podman,
        'run',
        '--rm',
        ...LIMITS,
        '--privileged',
        '--network',
        'host',
        '--volume',
        '/dev:/dev',
      ];
      const shared = ['/tmp:/tmp', `${BUILDER}:${BUILDER}`].map((place) => `--volume=${place}`);
      writeFileSync(launcher, `#!/bin/sh\nexec ${[...command, ...shared, images.whole].join(' ')} "$@"\n`);
      chmodSync(launcher, 0o755);
      const tests = ['--test', 'test/reading/log-contract.test.ts'];
      const env = { ...cleanEnvironment(), SLIPWAY_TEST_LAUNCHER: launcher };
      const child = spawn(process.execPath, tests, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const printed = textOf(child);
      const [code] = await once(child, 'close');
      t.diagnostic(/^ℹ pass .*$/m.exec(printed.stdout)?.[0] ?? '');
      assert.equal(code, 0, printed.stdout.slice(-6000) + printed.stderr.slice(-2000));
    },
  );
});

/** Builds them on a server whose builds have no network, from a base image made of Debian's packages. */
async function buildImages(t: Scope) {
  const base = join(work, 'debian.tar');
  await run(LAUNCHER, ['builder', 'base', base], { env: cleanEnvironment() });
  const server = await startServer(t, { dataFolder: join(work, 'data'), flags: ['--build-network', 'none'] });
  const env = { SLIPWAY_DATA: server.dataFolder };
  const well = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await slipway(args, { env });
    assert.equal(code, 0, `${args.join(' ')}: ${stdout.slice(-4000)}${stderr.slice(-2000)}`);
  };
  await well(['image', 'import', base, 'debian:trixie']);
  const build = async (name: string, ...args: string[]) => {
    const file = join(work, `${name}.tar`);
    await well(['build', ...args, '--output', `type=oci,dest=${file}`]);
    return file;
  };
  const small = await build('hello', 'examples/hello');
  const standIn = await build('stand-in', '.', '--target', 'stand-in', '--tag', 'slipway/stand-in:test');
  const whole = await build('whole', '.', '--tag', 'slipway/slipway:test');
  await server.stop();
  const load = async (file: string) => {
    const { stdout } = await run('podman', [...podman.slice(1), 'pull', '--quiet', `oci-archive:${file}`]);
    return stdout.trim();
  };
  return { small, standIn: await load(standIn), whole: await load(whole) };
}

/** Starts a compose file with its image and a free port; it ends with the test. The launcher installs podman-compose for the tests of hosts. */
async function compose(t: Scope, { name, file, image }: { name: string; file: string; image: string }) {
  const own = podman.slice(1);
  await run('podman', [...own, 'tag', image, `localhost/slipway/${name}:0.1.0`]);
  const copy = join(work, `${name}.yaml`);
  // Another program may use the port of the file, and the builder of this machine needs no network.
  const text = readFileSync(join(ROOT, file), 'utf8')
    .replace(/"?(?:127\.0\.0\.1:)?8720:8720"?/, '"127.0.0.1::8720"')
    .replace('      - slipway:/var/lib/slipway\n', (line) => `${line}      - ${BUILDER}:${BUILDER}\n`);
  writeFileSync(copy, text);
  const flags = [`--podman-args=${own.join(' ')}`, `--podman-run-args=${LIMITS.join(' ')}`, '-p', PROJECT];
  const command = (...args: string[]) => run('podman-compose', [...flags, '-f', copy, ...args], { cwd: work });
  atEnd(t, async () => {
    await command('down', '--volumes');
    await run('podman', [...own, 'network', 'rm', `${PROJECT}_default`]);
  });
  await command('up', '-d');
  const container = `${PROJECT}_${name}_1`;
  const { stdout } = await run('podman', [...own, 'port', container, '8720']);
  return { container, endpoint: `http://${stdout.trim()}` };
}

function inPodman(args: readonly string[]) {
  return run('podman', [...podman.slice(1), 'run', '--rm', ...LIMITS, ...args]);
}

/** Starts it on a free port of this machine's loopback; it ends with the test. */
async function startStandIn(t: Scope, image: string): Promise<{ endpoint: string }> {
  const keys = ['ID', 'SECRET'].map((name, at) => `SLIPWAY_ROOT_ACCESS_KEY_${name}=${Object.values(PAIR)[at]}`);
  const settings = keys.flatMap((setting) => ['--env', setting]);
  const command = ['serve', '--no-builds', '--data', 'memory', '--listen', '127.0.0.1:0'];
  const args = ['run', '--rm', ...LIMITS, ...UNPRIVILEGED, '--network', 'host', ...settings, image, ...command];
  const child = spawn('podman', [...podman.slice(1), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = textOf(child);
  const ended = once(child, 'close');
  atEnd(t, async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const told = /listening on (\S+)\n/;
  while (!told.test(printed.stdout))
    await Promise.race([once(child.stdout, 'data'), ended.then(() => assert.fail(printed.stderr))]);
  return { endpoint: told.exec(printed.stdout)?.[1] ?? '' };
}
