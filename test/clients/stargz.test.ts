import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callNative } from '../../client/src/call-native.ts';
import { goDriver, hasProgram } from './pinned.ts';
import { makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

const { host, pairs, client, root } = await startRegistry({ after });
const [pair] = pairs;
const login = `${pair?.user}:${pair?.password}`;

/** Pushes an image to a repository whose images are accelerated, and waits for the end of its conversion. */
async function accelerate(home: ReturnType<typeof makeHome>): Promise<string[]> {
  const { InstanceId } = root;
  const names = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const { RepoId: ScopeId = '' } = await client.call('CreateRepository', {
    ...names,
    RepoType: 'PRIVATE',
    Summary: 's',
  });
  const Parameters = { PriorityFile: Buffer.from('/bin/sh\n').toString('base64') };
  const scope = { ScopeId, ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' } as const;
  await client.call('CreateArtifactBuildRule', { InstanceId, ...scope, Parameters });
  const plain = ['--src-tls-verify=false', '--dest-tls-verify=false', '--src-creds', login, '--dest-creds', login];
  await home.run('skopeo', [
    'copy',
    ...plain,
    `docker://${host}/library/busybox:latest`,
    `docker://${host}/team/app:v1`,
  ]);
  for (;;) {
    const { Tasks } = await callNative(client, 'getAcceleration', { namespace: 'team', name: 'app' });
    const [task] = Tasks;
    if (task?.TaskStatus === 'SUCCESS' || task?.TaskStatus === 'FAILED') {
      const page = { InstanceId, BuildTaskId: task.BuildTaskId, Page: 1, PageSize: 100 };
      const { BuildTaskLogs = [] } = await client.call('ListArtifactBuildTaskLog', page);
      const log = BuildTaskLogs.map(({ Message = '' }) => Message);
      assert.equal(task.TaskStatus, 'SUCCESS', log.join('\n'));
      return log;
    }
    await sleep(200);
  }
}

test('a reader of eStargz verifies every chunk of an accelerated image, and podman sees the files of the original', async (t) => {
  const reader = await goDriver(t, 'stargz', join(import.meta.dirname, 'stargz'));
  if (reader === undefined) return;
  const home = makeHome(t);
  await accelerate(home);
  await home.run('skopeo', [
    'copy',
    '--src-tls-verify=false',
    '--src-creds',
    login,
    `docker://${host}/team/app:v1_accelerated`,
    'dir:image',
  ]);
  const { layers } = JSON.parse(readFileSync(join(home.folder, 'image', 'manifest.json'), 'utf8'));
  assert.ok(layers.length > 0);
  for (const { digest, annotations } of layers) {
    const toc = annotations['containerd.io/snapshot/stargz/toc.digest'];
    const layer = join('image', digest.replace('sha256:', ''));
    assert.match(await home.run(reader, [layer, toc]), /^reg bin\/[\s\S]*verified\n$/m);
    const other = await home.end(reader, [layer, `sha256:${'0'.repeat(64)}`]);
    assert.notEqual(other.code, 0);
  }
  if (!hasProgram(t, 'podman')) return;
  const podman = [
    '--root',
    join(home.folder, 'store'),
    '--runroot',
    join(home.folder, 'run'),
    '--storage-driver',
    'vfs',
  ];
  const as = ['--tls-verify=false', '--username', pair?.user ?? '', '--password-stdin', host];
  await home.run('podman', ['login', ...as], { input: pair?.password ?? '' });
  const folders = [];
  for (const tag of ['v1', 'v1_accelerated']) {
    const image = `${host}/team/app:${tag}`;
    await home.run('podman', [...podman, 'pull', '--quiet', '--tls-verify=false', image]);
    folders.push((await home.run('podman', [...podman, 'image', 'mount', image])).trim());
  }
  const own = ['stargz.index.json', '.prefetch.landmark', '.no.prefetch.landmark'];
  await home.run('diff', ['-r', '--no-dereference', ...own.map((name) => `--exclude=${name}`), ...folders]);
});
