import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { LAUNCHER } from '../support/slipway.ts';
import { goProgram, hasProgram } from './pinned.ts';
import { type Home, makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

const IMAGE = 'library/busybox:latest';
const { host, pairs, dataFolder } = await startRegistry({ after });

/** How a program logs in with a password on its standard input, and what it does afterwards. */
interface Client {
  login: readonly string[];
  use(home: Home): Promise<unknown>;
}

/**
 * Logs in with each pair, uses the registry, is refused with a wrong password, and uses the login that `slipway login`
 * stored.
 */
async function tryLogins(t: TestContext, program: string, { login, use }: Client): Promise<void> {
  const as = (user: string) => [...login, '--username', user, '--password-stdin', host];
  for (const { kind, user, password } of pairs) {
    await t.test(kind, async (t) => {
      const home = makeHome(t);
      await home.run(program, as(user), { input: password });
      await use(home);
    });
  }
  await t.test('slipway login', async (t) => {
    const home = makeHome(t);
    await home.run(LAUNCHER, ['login'], { env: { SLIPWAY_DATA: dataFolder } });
    await use(home);
  });
  await t.test('refuses a wrong password', async (t) => {
    const home = makeHome(t);
    // crane stores a login without trying it.
    await assert.rejects(async () => {
      await home.run(program, as(pairs[1]?.user ?? ''), { input: 'wrong' });
      await use(home);
    }, /ended with [1-9]/);
  });
}

test('skopeo logs in and pulls', async (t) => {
  await tryLogins(t, 'skopeo', {
    login: ['login', '--tls-verify=false'],
    use: (home) => home.run('skopeo', ['copy', '--src-tls-verify=false', `docker://${host}/${IMAGE}`, 'dir:image']),
  });
});

test('podman logs in, pulls, and pushes under another name', async (t) => {
  if (!hasProgram(t, 'podman')) return;
  await tryLogins(t, 'podman', {
    login: ['login', '--tls-verify=false'],
    async use(home) {
      const podman = [
        '--root',
        join(home.folder, 'store'),
        '--runroot',
        join(home.folder, 'run'),
        '--storage-driver',
        'vfs',
      ];
      await home.run('podman', [...podman, 'pull', '--quiet', '--tls-verify=false', `${host}/${IMAGE}`]);
      await home.run('podman', [
        ...podman,
        'push',
        '--quiet',
        '--tls-verify=false',
        `${host}/${IMAGE}`,
        `${host}/team/podman:1`,
      ]);
    },
  });
});

test('docker logs in and reads a manifest', async (t) => {
  if (!hasProgram(t, 'docker')) return;
  await tryLogins(t, 'docker', {
    login: ['login'],
    // Pulls need its daemon, so this asks the registry with the same login.
    use: (home) => home.run('docker', ['manifest', 'inspect', '--insecure', `${host}/${IMAGE}`]),
  });
});

test('crane logs in, copies an image and lists its tags', async (t) => {
  const crane = await goProgram(t, 'crane');
  if (crane === undefined) return;
  await tryLogins(t, crane, {
    login: ['auth', 'login'],
    async use(home) {
      await home.run(crane, ['copy', '--insecure', `${host}/${IMAGE}`, `${host}/team/crane:v1`]);
      const digests = await Promise.all(
        [IMAGE, 'team/crane:v1'].map((image) => home.run(crane, ['digest', '--insecure', `${host}/${image}`])),
      );
      assert.equal(digests[0], digests[1]);
      assert.equal(await home.run(crane, ['ls', '--insecure', `${host}/team/crane`]), 'v1\n');
    },
  });
});

test('oras logs in, and pulls the artifact that it pushed', async (t) => {
  const oras = await goProgram(t, 'oras');
  if (oras === undefined) return;
  await tryLogins(t, oras, {
    login: ['login', '--plain-http'],
    async use(home) {
      writeFileSync(join(home.folder, 'notes.txt'), 'what changed');
      await home.run(oras, ['push', '--plain-http', `${host}/team/notes:v1`, 'notes.txt']);
      await home.run(oras, ['pull', '--plain-http', '-o', 'pulled', `${host}/team/notes:v1`]);
      assert.equal(readFileSync(join(home.folder, 'pulled', 'notes.txt'), 'utf8'), 'what changed');
    },
  });
});

test('helm logs in, and pulls the chart that it pushed', async (t) => {
  const helm = await goProgram(t, 'helm');
  if (helm === undefined) return;
  await tryLogins(t, helm, {
    login: ['registry', 'login', '--plain-http'],
    async use(home) {
      await home.run(helm, ['create', 'web']);
      await home.run(helm, ['package', 'web']);
      await home.run(helm, ['push', '--plain-http', 'web-0.1.0.tgz', `oci://${host}/team`]);
      mkdirSync(join(home.folder, 'pulled'));
      await home.run(helm, ['pull', '--plain-http', `oci://${host}/team/web`, '--version', '0.1.0', '-d', 'pulled']);
      assert.deepEqual(
        readFileSync(join(home.folder, 'pulled', 'web-0.1.0.tgz')),
        readFileSync(join(home.folder, 'web-0.1.0.tgz')),
      );
    },
  });
});
