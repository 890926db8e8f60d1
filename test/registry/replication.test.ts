import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const run = promisify(execFile);
const INSECURE = ['--src-tls-verify=false', '--dest-tls-verify=false'];

/** Copies an image with skopeo, as the account owner. */
async function copy(from: TestServer, source: string, to: TestServer, target: string): Promise<void> {
  const creds = ({ root }: TestServer) => `${root.AccessKeyId}:${root.AccessKeySecret}`;
  const image = ({ root }: TestServer, name: string) => `docker://${new URL(root.Endpoint).host}/${name}`;
  const logins = ['--src-creds', creds(from), '--dest-creds', creds(to)];
  await run('skopeo', ['copy', ...INSECURE, ...logins, image(from, source), image(to, target)]);
}

async function digestOf({ client, root }: TestServer, tag: string): Promise<string | undefined> {
  const named = { InstanceId: root.InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const { RepoId = '' } = await client.call('GetRepository', named);
  const { Images = [] } = await client.call('ListRepoTag', { InstanceId: root.InstanceId, RepoId });
  return Images.find(({ Tag }) => Tag === tag)?.Digest;
}

async function task({ client, root }: TestServer, tag: string) {
  for (;;) {
    const { SyncTasks = [] } = await client.call('ListRepoSyncTask', { InstanceId: root.InstanceId, Tag: tag });
    const [newest] = SyncTasks;
    if (newest?.TaskStatus === 'SUCCESS' || newest?.TaskStatus === 'ERROR') return newest;
    await sleep(100);
  }
}

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts three servers: runs with SLIPWAY_TEST_LONG=1';

test('what is pushed to one server is copied to another by a rule, also when the server is killed while it copies', {
  skip: SKIP,
}, async (t) => {
  const target = await startServer(t);
  const { AccountId: accountId, AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = target.root;
  const { InstanceId: instanceId, RegionId: regionId, Endpoint: registry } = target.root;
  const file = join(temporaryFolder(t), 'targets.json');
  const peer = { instanceId, regionId, accountId, registry, api: registry, accessKeyId, accessKeySecret };
  writeFileSync(file, JSON.stringify([peer]), { mode: 0o600 });
  const flags = ['--sync-targets-file', file];
  let source = await startServer(t, { flags });
  const { InstanceId } = source.root;
  for (const server of [source, target])
    await server.client.call('CreateNamespace', {
      InstanceId: server.root.InstanceId,
      NamespaceName: 'team',
      AutoCreateRepo: true,
    });
  await source.client.call('CreateRepoSyncRule', {
    InstanceId,
    NamespaceName: 'team',
    SyncRuleName: 'all',
    SyncScope: 'NAMESPACE',
    TagFilter: 'v.*',
    TargetInstanceId: instanceId,
    TargetRegionId: regionId,
    TargetNamespaceName: 'team',
  });
  await copy(source, 'library/busybox:latest', source, 'team/app:v1');
  const first = await task(source, 'v1');
  assert.equal(first.TaskStatus, 'SUCCESS', first.TaskIssue);
  const digest = await digestOf(source, 'v1');
  assert.equal(await digestOf(target, 'v1'), digest);

  await copy(source, 'library/busybox:latest', source, 'team/app:v2');
  await source.kill();
  source = await startServer(t, { flags, dataFolder: source.dataFolder });
  assert.equal((await task(source, 'v2')).TaskStatus, 'SUCCESS');
  assert.equal(await digestOf(target, 'v2'), digest);
  const { SyncTasks = [] } = await source.client.call('ListRepoSyncTask', { InstanceId, Tag: 'v2' });
  assert.equal(SyncTasks.length, 1);
});
