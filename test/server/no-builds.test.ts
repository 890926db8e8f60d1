import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import PopCore from '@alicloud/pop-core';
import { createClient } from '../../client/src/client.ts';
import { readBusyboxVersion, writeBusyboxImage } from '../../server/src/registry/images/busybox-image.ts';
import { SHOWN_LAUNCHER, shown } from '../support/other-user.ts';
import {
  atEnd,
  cleanEnvironment,
  native,
  pairOf,
  type RootFile,
  type Scope,
  slipway,
  temporaryFolder,
  textOf,
} from '../support/slipway.ts';

// Without any right, also not through sudo: no_new_privs. A server in a container without privileges has no more.
const PLAIN = ['setpriv', '--no-new-privs'];
const DROPPED = ['--bounding-set=-all', '--inh-caps=-all', '--reuid=65534', '--regid=65534', '--clear-groups'];
const NOBODY = process.getuid?.() === 0 ? [...PLAIN, ...DROPPED] : PLAIN;
const run = promisify(execFile);

// What the first server compiled, the others find.
const file = { after };
const CACHE = temporaryFolder(file);
chmodSync(CACHE, 0o777);

const server = await startInMemory(file);

test('serve --no-builds --data memory runs as a plain user without sudo, and answers the vendor’s client', async () => {
  const { root } = server;
  const client = new PopCore({
    endpoint: root.Endpoint,
    apiVersion: '2018-12-01',
    ...pairOf(root),
  });
  const { Instances } = await client.request<{ Instances: { InstanceId: string }[] }>('ListInstance', {});
  assert.deepEqual(
    Instances.map(({ InstanceId }) => InstanceId),
    [root.InstanceId],
  );
  const { InstanceId } = root;
  await client.request('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'an app' };
  const { RepoId } = await client.request<{ RepoId: string }>('CreateRepository', { InstanceId, ...repository });
  assert.match(RepoId, /^crr-/);
  assert.equal((await fetch(`${root.Endpoint}/readyz`)).status, 200, 'it is ready for all that it is there for');
  const uid = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
  assert.notEqual(uid, '0');
});

test('its registry takes a push of skopeo and gives the same image back, and the API lists the tag', async (t) => {
  const { client, root } = server;
  const { InstanceId } = root;
  const { TempUsername, AuthorizationToken } = await client.call('GetAuthorizationToken', { InstanceId });
  const folder = temporaryFolder(t);
  await writeBusyboxImage(join(folder, 'image'), await readBusyboxVersion());
  const image = `docker://${new URL(root.Endpoint).host}/images/busybox:v1`;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'images', AutoCreateRepo: true });
  const login = `${TempUsername}:${AuthorizationToken}`;
  await run('skopeo', ['copy', '--dest-tls-verify=false', `--dest-creds=${login}`, `dir:${folder}/image`, image]);
  await run('skopeo', ['copy', '--src-tls-verify=false', `--src-creds=${login}`, image, `dir:${folder}/pulled`]);
  const [pushed, pulled] = ['image', 'pulled'].map((name) => readFileSync(join(folder, name, 'manifest.json'), 'utf8'));
  assert.equal(pulled, pushed);
  const { RepoId } = await client.call('GetRepository', {
    InstanceId,
    RepoNamespaceName: 'images',
    RepoName: 'busybox',
  });
  const { Images } = await client.call('ListRepoTag', { InstanceId, RepoId: RepoId ?? '' });
  assert.deepEqual(
    Images?.map(({ Tag }) => Tag),
    ['v1'],
  );
});

test('it refuses builds with the reason: of the native API, and of slipway build', async (t) => {
  const { client, root } = server;
  await assert.rejects(
    native(client, '/api/v1/builds', { Image: 'a/b:v1', Source: { GitUrl: 'https://h.example/a.git' } }),
    {
      message: /^403 .*"BUILDS_DISABLED".*--no-builds/,
    },
  );
  const folder = temporaryFolder(t);
  const env = {
    SLIPWAY_ENDPOINT: root.Endpoint,
    SLIPWAY_ACCESS_KEY_ID: root.AccessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: root.AccessKeySecret,
  };
  const { code, stderr } = await slipway(['build', folder, '--tag', 'a/b:v1'], { env });
  assert.equal(code, 3, stderr);
  assert.match(stderr, /BUILDS_DISABLED: This server was started with --no-builds: it accepts no builds/);
});

test('it leaves nothing behind: neither when it is stopped nor when it is killed', async (t) => {
  const leave = async (signal: NodeJS.Signals) => {
    const other = await startInMemory(t);
    assert.ok(existsSync(join(other.folder, 'db')));
    process.kill(other.pid, signal);
    await other.ended;
    // A killed server has a process that removes the folder a moment later.
    while (existsSync(other.folder)) await sleep(50);
  };
  await Promise.all([leave('SIGTERM'), leave('SIGKILL')]);
});

/** Starts a server with data in memory as a plain user without rights. */
async function startInMemory(scope: Scope) {
  const serve = ['serve', '--no-builds', '--data', 'memory', '--listen', '127.0.0.1:0'];
  const [program = '', ...args] = shown([...NOBODY, SHOWN_LAUNCHER, ...serve]);
  const child = spawn(program, args, {
    env: cleanEnvironment({ XDG_CACHE_HOME: CACHE }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = textOf(child);
  const ended = once(child, 'close');
  atEnd(scope, async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const told = /listening on (\S+)\nits data, with the key pair in root\.json, is in (\S+) until it ends\n/;
  while (!told.test(printed.stdout))
    await Promise.race([once(child.stdout, 'data'), ended.then(() => assert.fail(printed.stderr))]);
  const folder = told.exec(printed.stdout)?.[2] ?? '';
  const root = JSON.parse(readFileSync(join(folder, 'root.json'), 'utf8')) as RootFile;
  const client = createClient({ endpoint: root.Endpoint, ...pairOf(root) });
  return { folder, root, client, printed, ended, pid: child.pid ?? 0 };
}
